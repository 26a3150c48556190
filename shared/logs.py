"""Logs as JSON lines on stderr, one event each, with what is being handled bound to them and secrets taken out.

`get_logger()` anywhere; `configure(service)` once per process, after monkey patching; `with bound(event_id=…)` around
the handling of one event or call. Bound values belong to the green thread that bound them.
"""

import logging
import re
import sys
import threading
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any, cast

import structlog

from shared.telling import traced

LIBRARIES = ("nameko", "kombu", "amqp", "sqlalchemy", "alembic", "eventlet", "werkzeug")
HIDDEN = "***"
_SECRET_KEY = re.compile(
    r"(?:^|_)(token|password|secret|authorization|cookie|private_key|phone|contact|caller_name|id_card)s?$"
)
_SECRET_TEXT = (
    (re.compile(r"(://[^/\s:@]*:)[^/\s@]+@"), r"\1***@"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), HIDDEN),
    (re.compile(r"(?<![\w-])(1[3-9]\d)\d{4}(\d{4})(?![\w-])"), r"\1****\2"),
)


class _Bindings:
    """What is bound in each green thread. The store is made late: monkey patching must come first."""

    store = threading.local()

    @classmethod
    def current(cls) -> dict[str, Any]:
        return getattr(cls.store, "values", {})


def get_logger(name: str | None = None) -> structlog.stdlib.BoundLogger:
    return cast(structlog.stdlib.BoundLogger, structlog.get_logger(name))


@contextmanager
def bound(**values: Any) -> Iterator[None]:
    """Adds values (correlation_id, traceparent, event_id …) to every line logged inside; None adds nothing."""
    before = _Bindings.current()
    _Bindings.store.values = before | {key: value for key, value in values.items() if value is not None}
    try:
        yield
    finally:
        _Bindings.store.values = before


def configure(service: str, level: str = "info") -> None:
    """Routes everything, the libraries' own logs too, through one formatter. The second call replaces the first."""
    _Bindings.store = threading.local()
    shared = _processors(service)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [_stream(shared)]
    root.setLevel(level.upper())
    for library in LIBRARIES:
        quiet = logging.getLogger(library)
        quiet.handlers.clear()
        quiet.propagate = True
        quiet.setLevel("DEBUG" if level == "debug" else "WARNING")
    if level == "debug":
        logging.getLogger("sqlalchemy").setLevel("INFO")  # below that it logs every row it reads
    logging.getLogger("nameko.containers").setLevel("ERROR")  # its warnings are refusals, which we log in a line
    logging.captureWarnings(True)


def _stream(shared: list[Any]) -> logging.Handler:
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _trace,
                redact,
                structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=False),
            ],
        )
    )
    return stream


def _processors(service: str) -> list[Any]:
    def add_service(_logger: Any, _method: str, line: dict[str, Any]) -> dict[str, Any]:
        line.setdefault("service", service)
        return line

    return [
        _add_bound,
        add_service,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]


def _add_bound(_logger: Any, _method: str, line: dict[str, Any]) -> dict[str, Any]:
    return {**_Bindings.current(), **line}


def _trace(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Where an error was raised, without what its text quotes."""
    found = line.pop("exc_info", None)
    if isinstance(found, tuple):
        found = found[1]
    error = found if isinstance(found, BaseException) or not found else sys.exc_info()[1]
    return {**line, "exception": traced(error)} if error else line


def redact(_logger: Any, _method: str, line: Mapping[str, Any]) -> dict[str, Any]:
    """Hides values whose key says they are secret or personal, and passwords, tokens and phones inside texts."""
    return {key: HIDDEN if _is_secret(key) and value else _redacted(value) for key, value in line.items()}


def _redacted(value: Any) -> Any:
    if isinstance(value, str):
        for secret, shown in _SECRET_TEXT:
            value = secret.sub(shown, value)
        return value
    if isinstance(value, Mapping):
        return redact(None, "", value)
    if isinstance(value, list | tuple):
        return [_redacted(inner) for inner in value]
    return value


def _is_secret(key: Any) -> bool:
    return isinstance(key, str) and _SECRET_KEY.search(key.lower()) is not None
