"""The settings of one node: a TOML file, overridden by ``KITH_SECTION__KEY`` variables.

Safe by default: with an empty file the node listens on loopback and federates with nobody. A
setting that is unknown or out of bounds is one line that names key, value and remedy. Secrets
are never settings; they are files in ``data_dir/keys``. Each setting has a heading in
docs/configuration.md.
"""

from __future__ import annotations

import difflib
import ipaddress
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from kith_crypto.errors import UsageError
from kith_protocol.offer_content import LanguageTag

ENV_PREFIX = "KITH_"
DEFAULT_PORT = 8470


class ConfigError(UsageError):
    """A setting is unknown, out of bounds or contradicts another one."""

    code = "config"
    safe = "The configuration is not valid."


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all sections."""


class Federation(_Section, frozen=True):
    """Who may become a peer.

    Attributes:
        policy: ``closed`` (only those we ask), ``approve`` (a steward decides), ``open``.
    """

    policy: Literal["closed", "approve", "open"] = "approve"


class Release(_Section, frozen=True):
    """When changes of offers leave the node.

    Attributes:
        changes: how many changes make a release due.
        days: after how many days a smaller one leaves; 0 sends each at once (demonstrations
            only).
    """

    changes: Annotated[int, msgspec.Meta(ge=1, le=100)] = 5
    days: Annotated[int, msgspec.Meta(ge=0, le=30)] = 3


class Offers(_Section, frozen=True):
    """Bounds of offers.

    Attributes:
        max_days: longest time an offer may stay up when published, in days.
        quota: new offers of one member in 30 days.
        in_person: whether offers may name the format ``in-person``.
        floor: a topic that fewer live offers mention is put as its parent topic; 0 is off.
    """

    max_days: Annotated[int, msgspec.Meta(ge=1, le=365)] = 90
    quota: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 5
    in_person: bool = False
    floor: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0


class Members(_Section, frozen=True):
    """How people join.

    Attributes:
        registration: ``invite`` only.
        programme: ``adults`` or ``youth``; nodes of different programmes never peer.
    """

    registration: Literal["invite"] = "invite"
    programme: Literal["adults", "youth"] = "adults"


class Events(_Section, frozen=True):
    """What tells clients to look into their boxes.

    Attributes:
        tick_s: at most one tick in so many seconds, for everybody together; 0 sends each at
            once (demonstrations only).
    """

    tick_s: Annotated[int, msgspec.Meta(ge=0, le=300)] = 15


class Envelopes(_Section, frozen=True):
    """How long sealed envelopes wait before they leave.

    Attributes:
        delay_s: each waits a random while from 5 seconds to this many; 0 sends at once
            (demonstrations only).
        slow_s: the same for those that may take their time: knocks, answers, withdrawals.
    """

    delay_s: Annotated[int, msgspec.Meta(ge=0, le=3600)] = 60
    slow_s: Annotated[int, msgspec.Meta(ge=0, le=86_400)] = 1800


class Log(_Section, frozen=True):
    """What may be logged.

    Attributes:
        peers: whether host names of peers may appear.
    """

    peers: bool = False


class Config(_Section, frozen=True):
    """All settings of one node.

    Attributes:
        domain: public host name (with a port in development), the node's identity for good.
        data_dir: folder of databases and keys.
        listen: address and port of the HTTP server.
        name: shown to members and peers; the default says nothing about the community.
        summary: a line about the community, or empty.
        rules: the one-page house rules, or empty.
        languages: interface and search languages, most common first.
        trusted_proxies: addresses or networks whose ``X-Forwarded-For`` is believed.
        development: permits http and loopback peers, on loopback only.
        clock_offset_days: moves the node's clock; in development only.
    """

    domain: str = ""
    data_dir: str = "data"
    listen: str = f"127.0.0.1:{DEFAULT_PORT}"
    name: Annotated[str, msgspec.Meta(max_length=80)] = "Kith"
    summary: Annotated[str, msgspec.Meta(max_length=500)] = ""
    rules: Annotated[str, msgspec.Meta(max_length=8000)] = ""
    languages: Annotated[tuple[LanguageTag, ...], msgspec.Meta(min_length=1, max_length=12)] = (
        "en",
    )
    trusted_proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    development: bool = False
    clock_offset_days: Annotated[int, msgspec.Meta(ge=-3650, le=3650)] = 0
    federation: Federation = Federation()
    release: Release = Release()
    offers: Offers = Offers()
    members: Members = Members()
    envelopes: Envelopes = Envelopes()
    events: Events = Events()
    log: Log = Log()

    @property
    def origin(self) -> str:
        """The node's public origin, without a slash at its end."""
        return f"{'http' if self.development else 'https'}://{self.domain}"

    @property
    def host_and_port(self) -> tuple[str, int]:
        """The address and port to listen on.

        Raises:
            ValueError: ``listen`` is not ADDRESS:PORT.
        """
        host, _, port = self.listen.rpartition(":")
        if not host:
            raise ValueError("no address")
        return host.strip("[]"), int(port)


def load_config(path: Path, environment: Mapping[str, str]) -> Config:
    """Return the settings in *path*, overridden by *environment*.

    Args:
        path: a TOML file; a relative ``data_dir`` in it is taken from the file's folder.
        environment: variables; only those that begin with ``KITH_`` and name a setting count.

    Raises:
        ConfigError: the file is missing or malformed, or a setting is.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such file; make one with `kith init`") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    _override(table, environment)
    config = parse_config(table)
    data_dir = (path.parent / config.data_dir).resolve()
    return msgspec.structs.replace(config, data_dir=str(data_dir))


def parse_config(table: dict[str, Any]) -> Config:
    """Return *table* (as read from TOML) as settings.

    Raises:
        ConfigError: names key, value and remedy in one line.
    """
    _check_names(table, Config, "")
    try:
        config = msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        reason, _, place = str(error).partition(" - at `$.")
        key = place.rstrip("`")
        raise ConfigError(f"{key} = {_look_up(table, key)!r}: {reason}") from error
    _check_meaning(config)
    return config


def _override(table: dict[str, Any], environment: Mapping[str, str]) -> None:
    for variable, text in environment.items():
        if not variable.startswith(ENV_PREFIX) or variable == "KITH_CONFIG":
            continue
        section, _, key = variable.removeprefix(ENV_PREFIX).lower().rpartition("__")
        target = table.setdefault(section, {}) if section else table
        if not isinstance(target, dict):
            raise ConfigError(f"{variable}: {section} is no section with settings in it")
        target[key] = _parse_value(text)


def _parse_value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _check_names(table: dict[str, Any], kind: type[msgspec.Struct], prefix: str) -> None:
    fields = {field.name: field.type for field in msgspec.structs.fields(kind)}
    for name, value in table.items():
        if name not in fields:
            close = difflib.get_close_matches(name, fields, n=1)
            hint = f"; did you mean {prefix}{close[0]}?" if close else ""
            raise ConfigError(f"{prefix}{name} = {value!r}: there is no such setting{hint}")
        section = fields[name]
        if isinstance(section, type) and issubclass(section, _Section):
            if not isinstance(value, dict):
                raise ConfigError(f"{prefix}{name} = {value!r}: must be a section [{name}]")
            _check_names(value, section, f"{name}.")


def _look_up(table: dict[str, Any], key: str) -> object:
    value: object = table
    for part in key.partition("[")[0].split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _check_meaning(config: Config) -> None:
    if not config.domain:
        raise ConfigError('domain = "": name the public host, such as "kith.example"')
    host = config.domain.rpartition(":")[0] or config.domain
    try:
        listen_host, port = config.host_and_port
    except ValueError as error:
        hint = f"must be ADDRESS:PORT, such as 127.0.0.1:{DEFAULT_PORT}"
        raise ConfigError(f"listen = {config.listen!r}: {hint}") from error
    if not 0 <= port <= 65535:
        raise ConfigError(f"listen = {config.listen!r}: the port must be 0 to 65535")
    if config.development and not (_is_loopback(listen_host) and _is_loopback(host)):
        raise ConfigError(
            f"development = true: only with domain and listen on loopback, not "
            f"{config.domain!r} and {config.listen!r}; set development = false"
        )
    if not config.development and ":" in config.domain:
        raise ConfigError(
            f"domain = {config.domain!r}: a public domain has no port and no http://; write "
            "kith.example, or use development for a node on this machine only"
        )
    if config.clock_offset_days and not config.development:
        raise ConfigError(
            f"clock_offset_days = {config.clock_offset_days}: only in development; remove it"
        )
    _check_proxies(config.trusted_proxies)


def _check_proxies(proxies: tuple[str, ...]) -> None:
    for proxy in proxies:
        try:
            ipaddress.ip_network(proxy)
        except ValueError as error:
            hint = 'name addresses or networks, such as "127.0.0.1" or "10.0.0.0/8"'
            raise ConfigError(f"trusted_proxies = {proxy!r}: {hint}") from error


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
