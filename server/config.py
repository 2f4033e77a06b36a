"""Settings of a server: defaults, then the environment (PLENO_…), then the command line."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from server.errors import bad_setting

Core = Literal["auto", "native", "python"]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LogFormat = Literal["text", "json"]
LOOPBACK: tuple[Network, ...] = (ipaddress.IPv4Network("127.0.0.0/8"), ipaddress.IPv6Network("::1"))
# Each of these may also stand in a file that PLENO_<NAME>_FILE names, as container secrets do.
SHORTEST_SECRET = 32
SECRET = ("database", "redis", "turn_secret", "seal_key")
LOG_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class Tiles:
    """Map pictures: an address with {z}, {x} and {y}, and whom the map thanks for them."""

    url: str
    credit: str

    @property
    def origin(self) -> str:
        """What a page has to be allowed to load pictures from."""
        return "/".join(self.url.split("/")[:3])


@dataclass(frozen=True, slots=True)
class Settings:
    """What `pleno serve` can be told; each field is also PLENO_<NAME> in the environment.

    port: TCP for HTTP, 0 = any free one. media_port: UDP, None = the same number. media_host: what UDP listens on, "" =
    host too. database: an SQLAlchemy URL, None = SQLite in the data folder. announce: addresses put into media
    candidates, empty = found from host. tls: "", "self-signed" or "CERT,KEY". origins: browser origins allowed besides
    the page's own host. proxies: networks whose X-Forwarded-For is believed. core: which packet loop. slides_mb: what
    the slides of a session may take, in MB of the database. map_tiles: where maps get their pictures, None = maps show
    points alone. redis: redis://host:port/0 for wake-ups between nodes, None
    = nodes poll. node: this node's name, "" = one made at start. internal: the URL other nodes reach this one by, "" =
    none do. turn: URLs of relays for browsers (RFC 7065), turn_secret: what credentials for them are made with.
    seal_key: what secrets of telephones are sealed with, "" = a key of the data folder or database.
    metrics: networks that may read /metrics. retention_days: after which personal data of a session that ended is
    erased, 0 = never by itself. drain_s: how long people get to move when the server is stopped. offline_page: phones
    keep the participant's page and open it without a network. demo: build the demonstration plenary; live: also start
    synthetic halls.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    data: Path = Path("data")
    database: str | None = field(default=None, repr=False)
    media_port: int | None = None
    media_host: str = ""
    announce: tuple[str, ...] = ()
    tls: str = ""
    origins: tuple[str, ...] = ()
    proxies: tuple[Network, ...] = ()
    core: Core = "auto"
    max_clients: int = 6000
    slides_mb: int = 2048
    map_tiles: Tiles | None = None
    redis: str | None = field(default=None, repr=False)
    node: str = ""
    internal: str = ""
    turn: tuple[str, ...] = ()
    turn_secret: str = field(default="", repr=False)
    seal_key: str = field(default="", repr=False)
    metrics: tuple[Network, ...] = LOOPBACK
    retention_days: int = 0
    drain_s: int = 10
    log: str = "info"
    log_format: LogFormat = "text"
    offline_page: bool = True
    demo: bool = False
    live: bool = False


def text(_name: str, value: str) -> str:
    return value.strip()


def port(name: str, value: str) -> int:
    number = int(value) if value.isascii() and value.isdigit() else -1
    if not 0 <= number <= 65535:
        raise bad_setting(name, value, "isi dengan angka 0–65535.", "give a number from 0 to 65535.")
    return number


def count(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and 0 < int(value) <= 1_000_000):
        raise bad_setting(name, value, "isi dengan angka 1–1000000.", "give a number from 1 to 1000000.")
    return int(value)


def number(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and int(value) <= 100_000):
        raise bad_setting(name, value, "isi dengan angka 0–100000.", "give a number from 0 to 100000.")
    return int(value)


def folder(_name: str, value: str) -> Path:
    return Path(value).expanduser()


def scheme(value: str) -> str:
    """What may be shown of an address: the rest may hold a password, or all of it is one that got here by mistake."""
    return value.partition("://")[0] if "://" in value else "…"


def database(name: str, value: str) -> str:
    if not value.startswith(("sqlite:///", "postgresql://", "postgresql+asyncpg://")):
        shown = scheme(value)
        raise bad_setting(
            name,
            shown,
            "pakai postgresql://pengguna:sandi@host/nama atau sqlite:///berkas.",
            "use postgresql://user:password@host/name or sqlite:///file.",
        )
    return value


def redis(name: str, value: str) -> str:
    if not value.startswith(("redis://", "rediss://", "unix://")):
        shown = scheme(value)
        raise bad_setting(name, shown, "pakai redis://host:6379/0.", "use redis://host:6379/0.")
    return value


def node(name: str, value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", value):
        raise bad_setting(name, value, "pakai huruf, angka, - dan _.", "use letters, digits, - and _.")
    return value


def internal(name: str, value: str) -> str:
    if not re.fullmatch(r"https?://[^/\s]+", value):
        raise bad_setting(name, value, "pakai http://alamat:port.", "use http://address:port.")
    return value


def turn(name: str, value: str) -> tuple[str, ...]:
    for item in items(name, value):
        if not re.fullmatch(r"turns?:[^\s?/]+(\?transport=(udp|tcp))?", item):
            raise bad_setting(
                name, item, "pakai turn:host:3478?transport=udp.", "use turn:host:3478?transport=udp (RFC 7065)."
            )
    return items(name, value)


def items(_name: str, value: str) -> tuple[str, ...]:
    return tuple(item for item in (part.strip() for part in value.split(",")) if item)


def map_tiles(name: str, value: str) -> Tiles:
    """The address, and after a space whom to thank."""
    url, _, credit = value.strip().partition(" ")
    if not re.fullmatch(r"https?://[^\s/;,'\"{}]+/[^\s;,'\"]*", url) or any(
        part not in url for part in ("{z}", "{x}", "{y}")
    ):
        raise bad_setting(
            name,
            value,
            "pakai https://alamat/{z}/{x}/{y}.png, lalu spasi dan nama sumbernya.",
            "use https://address/{z}/{x}/{y}.png, then a space and whom to thank.",
        )
    return Tiles(url, credit.strip())


def addresses(name: str, value: str) -> tuple[str, ...]:
    for item in items(name, value):
        try:
            ipaddress.ip_address(item)
        except ValueError:
            raise bad_setting(
                name, item, "isi dengan alamat IP, dipisah koma.", "give IP addresses, separated by commas."
            ) from None
    return items(name, value)


def networks(name: str, value: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(item, strict=False) for item in items(name, value))
    except ValueError:
        raise bad_setting(
            name, value, "isi dengan jaringan, misalnya 10.0.0.0/8.", "give networks, for instance 10.0.0.0/8."
        ) from None


def tls(name: str, value: str) -> str:
    if value in ("", "self-signed") or len(items(name, value)) == 2:
        return value
    raise bad_setting(name, value, "pakai self-signed atau CERT.pem,KEY.pem.", "use self-signed or CERT.pem,KEY.pem.")


def core(name: str, value: str) -> str:
    if value in get_args(Core):
        return value
    raise bad_setting(name, value, "pilih auto, native, atau python.", "choose auto, native or python.")


def log_level(name: str, value: str) -> str:
    if value.lower() in LOG_LEVELS:
        return value.lower()
    raise bad_setting(name, value, f"pilih {', '.join(LOG_LEVELS)}.", f"choose one of {', '.join(LOG_LEVELS)}.")


def log_format(name: str, value: str) -> str:
    if value in get_args(LogFormat):
        return value
    raise bad_setting(name, value, "pilih text atau json.", "choose text or json.")


def flag(name: str, value: str) -> bool:
    if value.lower() in ("1", "true", "yes", "ya"):
        return True
    if value.lower() in ("", "0", "false", "no", "tidak"):
        return False
    raise bad_setting(name, value, "isi 1 atau 0.", "give 1 or 0.")


def secret(name: str, value: str) -> str:
    """Long enough that nobody guesses it. Raises StartupError("bad_setting")."""
    if len(value) < SHORTEST_SECRET:
        least = SHORTEST_SECRET
        raise bad_setting(name, "…", f"paling sedikit {least} tanda.", f"at least {least} characters.")
    return value


PARSERS: dict[str, Callable[[str, str], Any]] = {
    "host": text,
    "port": port,
    "data": folder,
    "database": database,
    "media_port": port,
    "media_host": text,
    "announce": addresses,
    "tls": tls,
    "origins": items,
    "proxies": networks,
    "core": core,
    "max_clients": count,
    "slides_mb": count,
    "map_tiles": map_tiles,
    "redis": redis,
    "node": node,
    "internal": internal,
    "turn": turn,
    "turn_secret": text,
    "seal_key": secret,
    "metrics": networks,
    "retention_days": number,
    "drain_s": number,
    "log": log_level,
    "log_format": log_format,
    "offline_page": flag,
    "demo": flag,
    "live": flag,
}


def read(given: Mapping[str, str | None], environ: Mapping[str, str] | None = None) -> Settings:
    """given: the command line's options by field name, None where silent. Raises StartupError("bad_setting")."""
    source = os.environ if environ is None else environ
    known: dict[str, Any] = {}
    for name, parse in PARSERS.items():
        variable = f"PLENO_{name.upper()}"
        if (value := given.get(name)) is not None:
            known[name] = parse(f"--{name.replace('_', '-')}", value)
        elif value := source.get(variable) or secret_of(name, variable, source):
            known[name] = parse(variable, value)
    return Settings(**known)


def secret_of(name: str, variable: str, environ: Mapping[str, str]) -> str:
    """What the file named by PLENO_<NAME>_FILE holds, "" when there is none. Raises StartupError("bad_setting")."""
    path = environ.get(f"{variable}_FILE") if name in SECRET else None
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise bad_setting(
            f"{variable}_FILE", path, "berkasnya tidak dapat dibaca.", "the file cannot be read."
        ) from error
