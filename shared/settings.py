"""Every setting of the suite, read once from the environment. `SETTINGS` is the one table of them; README follows it.

Nothing else reads an environment variable.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

PROJECT_FOLDER = Path(__file__).resolve().parent.parent
REMEMBERED_DATABASE = "database"
Network = IPv4Network | IPv6Network
LOG_LEVELS = ("debug", "info", "warning", "error")


class BadSetting(ValueError):
    """A setting has a value it can't have. The message names the variable."""


class BadAddress(ValueError):
    """What should be an address is none. A password may stand anywhere in it."""


class FaultyFile(ValueError):
    """A file that a setting names can't be used. `faults` has all that is wrong with it, `str(fault)` in a sentence."""

    faults: Sequence[object]


@dataclass(frozen=True)
class ClockChoice:
    """Which clock the suite runs on, as written in GONGSHANG_CLOCK."""

    kind: Literal["real", "scaled", "stepped"]
    factor: float = 1.0
    start_at: datetime | None = None


def _clock(text: str) -> ClockChoice:
    spec, _, start = text.partition("@")
    start_at = _instant(start) if start else None
    if spec == "real" and not start:
        return ClockChoice("real")
    if spec == "stepped":
        return ClockChoice("stepped", start_at=start_at)
    if spec.startswith("scaled:"):
        factor = float(spec.removeprefix("scaled:"))
        if not 0 < factor <= 1_000_000:
            raise ValueError("the factor must be above 0 and at most 1000000")
        return ClockChoice("scaled", factor, start_at)
    raise ValueError("must be real, scaled:FACTOR[@INSTANT] or stepped[@INSTANT]")


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("the instant needs an offset, for example 2026-03-02T09:00:00+08:00")
    return instant


def _database(text: str) -> str:
    if text == "sqlite":
        return text
    if not text.startswith("postgresql+psycopg://"):
        raise BadAddress("must be sqlite or a postgresql+psycopg:// address")
    return _address(text, ("postgresql+psycopg",), "postgresql+psycopg://user:password@host/database", needs_host=False)


def _amqp_uri(text: str) -> str:
    return _address(text, ("amqp", "amqps"), "amqp://user:password@host:5672/vhost")


def _management(text: str) -> str:
    return _address(text, ("http", "https"), "http://user:password@host:15672")


def _address(text: str, schemes: tuple[str, ...], right: str, *, needs_host: bool = True) -> str:
    """Whatever is wrong with an address, a password may be in it: it is never repeated."""
    advice = f"must look like {right}; in user and password, : / ? # [ ] @ are written %3A %2F %3F %23 %5B %5D %40"
    try:
        parts = urlsplit(text)
        has_place = (bool(parts.hostname) or not needs_host) and (parts.port is None or parts.port > 0)
    except ValueError:
        raise BadAddress(advice) from None
    if parts.scheme not in schemes or not has_place or text.count("@") > parts.netloc.count("@") or text.count("@") > 1:
        raise BadAddress(advice)
    return text


def _host_and_port(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or set(host) & set("/@"):
        raise BadAddress("must look like broker.example.org:5672")
    return text


def _web_url(text: str) -> str:
    return _address(text, ("http", "https"), "https://gongshang.example.org").rstrip("/")


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(ip_network(one.strip()) for one in text.split(","))


def _switch(text: str) -> bool:
    if text not in ("on", "off"):
        raise ValueError("must be on or off")
    return text == "on"


def _log_level(text: str) -> str:
    if text.lower() not in LOG_LEVELS:
        raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}")
    return text.lower()


def _number(low: float, high: float, kind: Callable[[str], Any] = int) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            number = kind(text)
        except ValueError:
            raise ValueError("must be a number") from None
        if not low <= number <= high:
            raise ValueError(f"must be between {low} and {high}")
        return number

    return read


def _days(text: str) -> timedelta:
    return timedelta(days=_number(1, 3660)(text))


def _path(text: str) -> Path:
    return Path(text).expanduser().resolve()


class Setting(NamedTuple):
    """One row of the table: the variable, the field it fills, what it is when not given, and what it means."""

    variable: str
    field: str
    default: str
    meaning: str
    read: Callable[[str], Any]


SETTINGS = (
    Setting("GONGSHANG_VAR", "var_folder", "var", "folder for everything made at run time", _path),
    Setting("AMQP_URI", "amqp_uri_given", "", "broker to use; empty: the suite's own, once it runs", _amqp_uri),
    Setting(
        "GONGSHANG_BROKER_MANAGEMENT",
        "broker_management",
        "",
        "where its management answers, http://host:15672; with user:password@ if others than in AMQP_URI",
        _management,
    ),
    Setting(
        "GONGSHANG_BROKER_DEFINITIONS",
        "broker_definitions",
        "",
        "file that a broker of its own loads at start; `topology user` keeps it up to date",
        _path,
    ),
    Setting(
        "GONGSHANG_BROKER_ADDRESS",
        "broker_address",
        "",
        "host:port at which neighbours reach the broker; empty: as we do",
        _host_and_port,
    ),
    Setting(
        "GONGSHANG_DATABASE",
        "database",
        "sqlite",
        "sqlite, or a postgresql+psycopg:// address; empty: as `up` ran last",
        _database,
    ),
    Setting("GONGSHANG_CLOCK", "clock", "real", "real, scaled:FACTOR[@INSTANT] or stepped[@INSTANT]", _clock),
    Setting("GONGSHANG_POLICY_FILE", "policy_file", "", "your policy file; empty: the one that ships", _path),
    Setting("GONGSHANG_UNITS_FILE", "units_file", "", "your units file (CSV); empty: Chaoyang", _path),
    Setting("GONGSHANG_CATEGORIES_FILE", "categories_file", "", "your category catalogue; empty: ours", _path),
    Setting("GONGSHANG_DUTIES_FILE", "duties_file", "", "the duty list of a new directory; empty: ours", _path),
    Setting(
        "GONGSHANG_KEYS_FOLDER", "keys_folder", "", "folder of the signing keys; empty: keys in the var folder", _path
    ),
    Setting("GONGSHANG_AUDIENCE", "audience", "gongshang", "whose tokens count: this suite's name in each", str),
    Setting("GONGSHANG_LONGEST_TOKEN", "longest_token", "180", "days that a token may live at most", _days),
    Setting("GONGSHANG_LOG_LEVEL", "log_level", "info", "debug, info, warning or error", _log_level),
    Setting("GONGSHANG_METRICS_PORT", "metrics_port", "0", "port for metrics and health; 0: none", _number(0, 65535)),
    Setting("GONGSHANG_METRICS_ADDRESS", "metrics_address", "127.0.0.1", "address that port listens on", str),
    Setting("GONGSHANG_WEB_ADDRESS", "web_address", "127.0.0.1", "address the web pages listen on", str),
    Setting("GONGSHANG_WEB_PORT", "web_port", "0", "their port; 0: one of their own, remembered", _number(0, 65535)),
    Setting(
        "GONGSHANG_WEB_URL", "web_url", "", "how people reach them, https://host; empty: address and port", _web_url
    ),
    Setting("GONGSHANG_WEB_CERTIFICATE", "web_certificate", "", "certificate chain (PEM), to speak TLS", _path),
    Setting("GONGSHANG_WEB_KEY", "web_key", "", "the certificate's private key (PEM)", _path),
    Setting(
        "GONGSHANG_WEB_PROXY",
        "web_proxy",
        "",
        "addresses or networks of the proxy in front, whose X-Forwarded headers count",
        _networks,
    ),
    Setting("GONGSHANG_WEB_WORKERS", "web_workers", "2", "processes that answer requests", _number(1, 64)),
    Setting("GONGSHANG_INBOX_BATCH_SIZE", "inbox_batch_size", "500", "events in one transaction", _number(1, 5000)),
    Setting("GONGSHANG_INBOX_MEGABYTES", "inbox_megabytes", "64", "MiB of messages in hand at most", _number(1, 4096)),
    Setting(
        "GONGSHANG_RPC_TIMEOUT_SECONDS",
        "rpc_timeout_seconds",
        "10",
        "how long a call waits for its reply",
        _number(0.1, 600, float),
    ),
    Setting(
        "GONGSHANG_OUTBOX", "outbox_enabled", "on", "off loses events on purpose, to prove the fault tests", _switch
    ),
)


@dataclass(frozen=True)
class Settings:
    """All settings, checked. Fields that are None are to be taken from what ships with the suite."""

    var_folder: Path
    amqp_uri_given: str | None
    broker_management: str | None
    broker_definitions: Path | None
    broker_address: str | None
    database: str
    clock: ClockChoice
    policy_file: Path | None
    units_file: Path | None
    categories_file: Path | None
    duties_file: Path | None
    keys_folder: Path
    audience: str
    longest_token: timedelta
    log_level: str
    metrics_port: int
    metrics_address: str
    web_address: str
    web_port: int
    web_url: str | None
    web_certificate: Path | None
    web_key: Path | None
    web_proxy: tuple[Network, ...] | None
    web_workers: int
    inbox_batch_size: int
    inbox_megabytes: int
    rpc_timeout_seconds: float
    outbox_enabled: bool

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        """Raises BadSetting, which names the variable. An empty variable counts as not given."""
        values = {setting.field: _value(setting, environment) for setting in SETTINGS}
        values["var_folder"] = values["var_folder"] or PROJECT_FOLDER / "var"
        values["keys_folder"] = values["keys_folder"] or values["var_folder"] / "keys"
        if not environment.get("GONGSHANG_DATABASE", "").strip():
            values["database"] = remembered_database(values["var_folder"]) or values["database"]
        return cls(**values)

    @property
    def amqp_uri(self) -> str | None:
        """The broker to talk to; None while there is neither a given one nor a running one of the suite's own."""
        own = self.var_folder / "broker" / "uri"
        if self.amqp_uri_given or not own.is_file():
            return self.amqp_uri_given
        return own.read_text(encoding="utf-8").strip() or None


def remembered_database(var_folder: Path) -> str | None:
    """What `up` ran on here the last time: for every command, and the next `up`, unless they are told otherwise."""
    file = var_folder / "supervisor" / REMEMBERED_DATABASE
    return file.read_text(encoding="utf-8").strip() if file.is_file() else None


def _value(setting: Setting, environment: Mapping[str, str]) -> Any:
    given = environment.get(setting.variable, "").strip()
    if setting.field == "var_folder" and not given:
        return None  # relative to the project, not to where the command was typed
    text = given or setting.default
    if not text:
        return None
    try:
        return setting.read(text)
    except BadAddress as fault:
        raise BadSetting(f"{setting.variable}: {fault}") from None
    except ValueError as fault:
        raise BadSetting(f"{setting.variable}={text!r}: {fault}") from None


@cache
def settings() -> Settings:
    """The settings of this process. Tests that change the environment call `settings.cache_clear()`."""
    return Settings.from_env(os.environ)
