"""A whole node in this process: real files, real HTTP on a free port of loopback, its own time.

``open_local_node`` assembles the node as ``kith serve`` does, but for the clock (which stands
still), the random bytes (which are the same in every run) and the jobs (which run when a test
says ``work``). ``LocalNode`` sends requests as anybody could, also such as no library would
send; ``Caller`` holds what a member has.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import io
import socket
import sqlite3
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import aiohttp
import msgspec
import yarl
from msgspec.structs import replace

from kith_crypto.content_digest import content_digest
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.hashes import sha256
from kith_crypto.objects import box_address, offer_id, profile_id
from kith_crypto.seals import quarter_of
from kith_node.federation.identity import RSA_NAME, SEED_NAME, set_keyholders
from kith_node.http.connections import serving
from kith_node.runtime.config import Config, Federation, Offers, Release
from kith_node.runtime.wiring import Node, open_node
from kith_protocol.api import (
    BundlesBody,
    OfferBody,
    ProfileBody,
    RegisterBody,
    SessionAnswer,
    Slots,
)
from kith_protocol.box_page import BoxPage, parse_box_page
from kith_protocol.bundle import encode_bundle
from kith_protocol.capability import sign_capability
from kith_protocol.day import Day, day_of, month_of, week_of
from kith_protocol.http_signature import Message
from kith_protocol.invite import encode_invite
from kith_protocol.keyholders_file import encode_keyholders_file
from kith_protocol.offer_content import OfferContent, ProfileContent
from kith_protocol.sealed_api import BoxBody, BoxKind
from kith_protocol.urls import authority_of
from kith_testing.clock import FakeClock
from kith_testing.peer import rsa_key
from kith_testing.rng import SeededRng
from kith_testing.webroot import write_webroot

RAW_TIMEOUT_S = 10
CHUNK_BYTES = 4096
CV = OfferContent(topics=("career.cv",), languages=("en",), ways=("review",), formats=("chat",))
# Releases leave at once, peers need no steward, nobody runs into a quota.
OPEN = Config(
    domain="set by open_local_node",
    development=True,
    federation=Federation(policy="open"),
    release=Release(days=0),
    offers=Offers(quota=100_000),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def code(self) -> str:
        """The code of a problem, or nothing."""
        if self.headers.get("Content-Type") != "application/problem+json":
            return ""
        document = msgspec.json.decode(self.body, type=dict[str, object])
        return str(document["type"]).removeprefix("/problems/")


@dataclasses.dataclass(frozen=True, slots=True)
class Caller:
    """What a member holds: a session and the day's reader pass."""

    token: str
    reader_pass: str

    @property
    def session(self) -> dict[str, str]:
        """The header that shows the session."""
        return {"Authorization": f"Kith {self.token}"}

    @property
    def reader(self) -> dict[str, str]:
        """The header that shows the pass."""
        return {"Kith-Reader": self.reader_pass}


@dataclasses.dataclass(slots=True)
class LocalNode:
    """A node that listens; made by ``open_local_node``."""

    node: Node
    clock: FakeClock
    rng: SeededRng
    client: aiohttp.ClientSession

    @property
    def origin(self) -> str:
        return self.node.identity.origin

    @property
    def actor(self) -> str:
        return self.node.identity.actor

    @property
    def authority(self) -> str:
        return authority_of(self.origin)

    @property
    def today(self) -> Day:
        return day_of(self.clock.now())

    # --- requests ------------------------------------------------------------------

    async def send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        is_chunked: bool = False,
    ) -> Reply:
        """Send one request.

        Args:
            method: anything.
            path: with its query, exactly as it is to stand on the line.
            headers: of the request.
            body: or None for none.
            is_chunked: whether to send the body without saying how long it is.
        """
        url = yarl.URL(self.origin + path, encoded=True)
        data: object = None if body is None else io.BytesIO(body)
        if body is not None and is_chunked:
            data = _in_chunks(body)
        async with self.client.request(
            method, url, headers=headers, data=data, allow_redirects=False
        ) as response:
            is_endless = response.content_type == "text/event-stream"
            read = response.content.readany if is_endless else response.read
            return Reply(response.status, response.headers.copy(), await read())

    async def send_json(
        self, method: str, path: str, body: object, *, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Send *body* as JSON."""
        fields = {"Content-Type": "application/json", **(headers or {})}
        raw = msgspec.json.encode(body)
        return await self.send(method, path, headers=fields, body=raw)

    async def send_raw(self, data: bytes, *, until: bytes | None = None) -> bytes:
        """Send *data* over a connection of its own and return what comes back.

        Args:
            data: whole requests in it say ``Connection: close``, else nobody hangs up.
            until: where to stop reading; by default at the end.
        """
        host, _, port = self.authority.rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            # The node may answer and hang up before it has read everything.
            with contextlib.suppress(ConnectionError):
                writer.write(data)
                await writer.drain()
            with contextlib.suppress(ConnectionError):
                async with asyncio.timeout(RAW_TIMEOUT_S):
                    return await (reader.readuntil(until) if until else reader.read())
            return b""
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    def sign(
        self,
        key: SigningKey,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        age_s: int = 0,
        nonce: bytes | None = None,
    ) -> dict[str, str]:
        """Return the headers of a capability call by *key*, those in *headers* included.

        Args:
            key: owner of the object.
            method: of the request.
            path: with query.
            body: JSON, or None.
            headers: a session, where the call carries one; it is covered.
            age_s: how long ago it was signed.
            nonce: in place of a fresh one.
        """
        fields = dict(headers or {})
        if body is not None:
            fields.setdefault("Content-Type", "application/json")
            fields["Content-Digest"] = content_digest(body)
        lowered = {name.lower(): value for name, value in fields.items()}
        signature = sign_capability(
            Message(method, self.origin + path, self.authority, lowered),
            key=key,
            created=self.clock.now() - age_s,
            nonce=nonce or self.rng.bytes(16),
        )
        return fields | signature

    async def call(
        self,
        key: SigningKey,
        method: str,
        path: str,
        body: object = None,
        *,
        caller: Caller | None = None,
    ) -> Reply:
        """Send a capability call by *key*, with the session of *caller* if there is one."""
        raw = None if body is None else msgspec.json.encode(body)
        shown = {} if caller is None else caller.session
        headers = self.sign(key, method, path, body=raw, headers=shown)
        return await self.send(method, path, headers=headers, body=raw)

    # --- members -------------------------------------------------------------------

    async def registration(self, role: str = "member") -> RegisterBody:
        """Return what somebody with a new invite sends to join."""
        invite = await self.node.members.invites.make(role)
        return RegisterBody(
            invite=encode_invite(invite),
            auth=encode_base64url(self.rng.bytes(32)),
            recovery_auth=encode_base64url(self.rng.bytes(32)),
            slots=Slots(passphrase="cGFzc3BocmFzZQ", recovery="cmVjb3Zlcnk"),
            device=encode_base64url(self.rng.bytes(8)),
        )

    async def join(self, role: str = "member") -> Caller:
        """Make a member and return what they hold."""
        body = await self.registration(role)
        reply = await self.send_json("POST", "/api/v1/members", body)
        assert reply.status == 201, reply.body
        answer = msgspec.json.decode(reply.body, type=SessionAnswer)
        return Caller(answer.token, answer.reader_pass)

    def offer_body(self, content: OfferContent = CV, *, days: int = 30) -> OfferBody:
        """Return the body that publishes *content*."""
        return OfferBody(content, self.today + days)

    def profile_body(self, pseudonym: str = "Heron", *, days: int = 30) -> ProfileBody:
        """Return the body that publishes a profile."""
        content = ProfileContent(pseudonym, "0123456789abcdef", languages=("en",))
        return ProfileBody(content, listed=True, end_day=self.today + days)

    async def publish(
        self, caller: Caller, content: OfferContent = CV, *, key: SigningKey | None = None
    ) -> SigningKey:
        """Publish an offer and return its key."""
        key = key or SigningKey.generate(self.rng)
        reply = await self.call(
            key, "PUT", offer_path(key), self.offer_body(content), caller=caller
        )
        assert reply.status in {200, 201}, reply.body
        return key

    async def publish_with_bundle(self, caller: Caller, knock_box: bytes) -> bytes:
        """Publish an offer whose bundle of this week names *knock_box*; return its id."""
        key = await self.publish(caller)
        raw = encode_bundle(
            key, week=week_of(self.today), sealing_key=bytes(1216), knock_box=knock_box
        )
        body = BundlesBody((encode_base64url(raw),))
        reply = await self.call(key, "PUT", f"{offer_path(key)}/bundles", body, caller=caller)
        assert reply.status == 204, reply.body
        return offer_id(key.verify_key)

    async def publish_profile(self, caller: Caller) -> SigningKey:
        """Publish a profile and return its key."""
        key = SigningKey.generate(self.rng)
        body = self.profile_body()
        reply = await self.call(key, "PUT", profile_path(key), body, caller=caller)
        assert reply.status == 201, reply.body
        return key

    async def open_box(
        self, caller: Caller, kind: BoxKind = "reply", *, key: SigningKey | None = None
    ) -> SigningKey:
        """Open a mailbox for two months more and return its key."""
        key = key or SigningKey.generate(self.rng)
        body = BoxBody(kind, month_of(self.today) + 2)
        reply = await self.call(key, "PUT", box_path(key), body, caller=caller)
        assert reply.status in {200, 201}, reply.body
        return key

    async def fetch_box(self, key: SigningKey) -> BoxPage:
        """Return a page of what lies in the box of *key*."""
        reply = await self.call(key, "GET", box_path(key))
        assert reply.status == 200, reply.body
        return parse_box_page(reply.body)

    # --- jobs and state ------------------------------------------------------------

    async def work(self) -> None:
        """Do once what the jobs would do: release, deliver, catch up, index."""
        await self.node.offers.run_release()
        await self.node.federation.delivery.run_delivery()
        await self.node.federation.catch_up.run_catch_up()
        await self.node.catalogue.catch_up()

    def dump(self, *, without: frozenset[str] = frozenset()) -> dict[str, list[object]]:
        """Return every row of every table of the three files, as committed.

        Args:
            without: names of tables to leave out.
        """
        return {
            f"{path.stem}.{table}": rows
            for path in sorted(Path(self.node.config.data_dir).glob("*.db"))
            for table, rows in _tables(path).items()
            if table not in without
        }


def offer_path(key: SigningKey) -> str:
    """Return where the offer of *key* is."""
    return f"/api/v1/offers/{encode_base64url(offer_id(key.verify_key))}"


def profile_path(key: SigningKey) -> str:
    """Return where the profile of *key* is."""
    return f"/api/v1/profiles/{encode_base64url(profile_id(key.verify_key))}"


def box_path(key: SigningKey) -> str:
    """Return where the mailbox of *key* is."""
    return f"/api/v1/mailboxes/{encode_base64url(box_address(key.verify_key))}"


@contextlib.asynccontextmanager
async def open_local_node(
    folder: Path,
    *,
    seed: int = 1,
    clock: FakeClock | None = None,
    config: Config = OPEN,
    has_keyholders: bool = True,
) -> AsyncIterator[LocalNode]:
    """Yield a listening node whose files lie in *folder*.

    Args:
        folder: its own; made where missing.
        seed: of its keys and random bytes; another one for each node of a test.
        clock: shared by the nodes of a test.
        config: settings; domain, address and folder are filled in.
        has_keyholders: whether the keyholders' public key is set.
    """
    clock, rng = clock or FakeClock(), SeededRng(seed)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        config = replace(config, domain=address, listen=address, data_dir=str(folder / "data"))
        _write_keys(folder / "data" / "keys", seed, clock if has_keyholders else None)
        web = write_webroot(folder / "web")
        async with (
            open_node(config, clock=clock, rng=rng, web_client=web) as node,
            serving(node.app, sock=listener),
            aiohttp.ClientSession(auto_decompress=False) as client,
        ):
            await node.catalogue.catch_up()
            yield LocalNode(node, clock, rng, client)


async def _in_chunks(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), CHUNK_BYTES):
        yield body[start : start + CHUNK_BYTES]


def _write_keys(folder: Path, seed: int, clock: FakeClock | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SEED_NAME).write_bytes(sha256(f"node {seed}".encode()))
    (folder / RSA_NAME).write_bytes(rsa_key().to_pem())
    if clock is not None:
        first = quarter_of(day_of(clock.now()))
        seeds = {one: sha256(f"quarter {one}".encode()) for one in (first, first + 1)}
        keyholders = SigningKey.from_seed(sha256(b"keyholders"))
        set_keyholders(folder, encode_keyholders_file(keyholders, seeds))


def _tables(path: Path) -> dict[str, list[object]]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            for (name,) in names.fetchall()
        }
    finally:
        connection.close()
