"""Calls the suite's RPC from a plain program: with a token, a timeout, and errors that come back as themselves."""

import uuid
from types import TracebackType
from typing import Any, Self

from amqp.exceptions import AMQPError
from nameko.constants import SERIALIZER_CONFIG_KEY
from nameko.exceptions import MethodNotFound, RemoteError, RpcTimeout, UnknownService
from nameko.standalone.rpc import ClusterRpcProxy

from shared.bus.connection import broker_uri
from shared.bus.rpc.entrypoint import register_errors
from shared.errors import GongshangError, NotFound, Unavailable
from shared.settings import settings


class RpcClient:
    """`with RpcClient(token=…) as ask: ask("escalation", "preview", {...})`. One per thread."""

    def __init__(self, token: str, *, uri: str | None = None, timeout_seconds: float | None = None) -> None:
        register_errors()
        config = {"AMQP_URI": uri or broker_uri(), SERIALIZER_CONFIG_KEY: "json"}
        self._seconds = timeout_seconds or settings().rpc_timeout_seconds
        self._cluster = ClusterRpcProxy(config, context_data={"auth_token": token}, timeout=self._seconds)

    def __enter__(self) -> Self:
        try:
            self._proxy = self._cluster.start()
        except (OSError, AMQPError) as fault:
            raise Unavailable(f"the broker can't be reached: {fault}") from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cluster.stop()

    def __call__(self, service: str, method: str, request: dict[str, Any]) -> dict[str, Any]:
        """The reply; raises the suite's own errors, Unavailable when none came in time."""
        return self.begin(service, method, request)()

    def begin(self, service: str, method: str, request: dict[str, Any], *, token: str | None = None) -> Any:
        """Send now, and get the reply by calling what is returned: many calls may be under way.

        With `token` this call and those after it are made by somebody else.
        """
        if token is not None:
            self._cluster._worker_ctx.data["auth_token"] = token
        try:
            pending = getattr(self._proxy[service], method).call_async(request)
        except UnknownService:
            raise Unavailable(f"nobody has ever served {service} on this broker") from None

        def finish() -> dict[str, Any]:
            try:
                reply: dict[str, Any] = pending.result()
            except RpcTimeout:
                raise Unavailable(f"{service}.{method} did not answer within {self._seconds} s") from None
            except MethodNotFound:
                raise NotFound(f"{service} has no method {method}") from None
            except RemoteError as error:
                raise GongshangError(str(error)) from None
            return reply

        return finish


def new_key() -> str:
    """A fresh idempotency key. Keep it when you repeat a call."""
    return str(uuid.uuid4())
