"""Many members of one node who do all that members can, and whose secrets are written down.

Their verifiers are random instead of derived: Argon2id takes a quarter of a second and 64 MiB
each, and a node cannot tell the difference. Everything else is what the client does, over real
HTTP. What each of them has and sends that a node must not keep goes into a ``SecretBook``:

* ``never``: what may at no time be on the node's disk;
* ``erased``: what was there, such as a text that was changed, and has to be gone after the next
  checkpoint;
* ``public``: what is there on purpose; a search that does not find it is worth nothing.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import ipaddress
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack
from types import SimpleNamespace

import aiohttp
import msgspec
from msgspec.structs import replace

from kith_client.account import parse_invite_link
from kith_client.http import NodeConnection, Request, decode_answer
from kith_client.keyring import Keyring
from kith_client.means import Means
from kith_client.member import Member
from kith_client.records import CommunityRecord
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.randomness import Rng
from kith_crypto.signin import wrap_vault_key
from kith_protocol.api import CommunityAnswer, RegisterBody, SessionAnswer, SignInBody, Slots
from kith_protocol.offer_content import OfferContent, ProfileContent
from kith_protocol.query import Query
from kith_testing.processes import NodeProcess
from kith_testing.secret_book import SecretBook

DAYS = 8  # two weeks of key bundles are enough
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclasses.dataclass(frozen=True, slots=True)
class Books:
    """What is written down."""

    never: SecretBook = dataclasses.field(default_factory=SecretBook)
    erased: SecretBook = dataclasses.field(default_factory=SecretBook)
    public: SecretBook = dataclasses.field(default_factory=SecretBook)


@dataclasses.dataclass(slots=True)
class Person:
    """A member and what they have on the node.

    Attributes:
        auth: signs in.
        token: their first session; only the node can read it.
        offer: id of the offer that stays, if it does.
        profile: id of the profile that stays, if it does.
    """

    member: Member
    http: aiohttp.ClientSession
    auth: bytes
    token: bytes
    offer: bytes | None = None
    profile: bytes | None = None


class Crowd:
    """Makes people join one node and use it."""

    def __init__(self, url: str, *, rng: Rng, books: Books) -> None:
        self._url = url
        self._rng = rng
        self._books = books
        self._connector = aiohttp.TCPConnector(limit=20)
        self._sessions: list[aiohttp.ClientSession] = []
        self.people: list[Person] = []

    async def close(self) -> None:
        """Close every connection."""
        for person in self.people:
            await person.member.close()
        for session in self._sessions:
            await session.close()
        await self._connector.close()

    def phrase(self) -> str:
        """Return words that nobody else has."""
        drawn = [_LETTERS[byte % len(_LETTERS)] for byte in self._rng.bytes(24)]
        return "".join(drawn[:12]) + " " + "".join(drawn[12:])

    # --- joining -------------------------------------------------------------------

    async def join(self, link: str) -> Person:
        """Let somebody join by the invite *link*."""
        never, rng = self._books.never, self._rng
        invite = parse_invite_link(link).invite
        auth, recovery_auth, vault_key, wrap = (rng.bytes(32) for _ in range(4))
        for what, value in {
            "auth": auth,
            "recovery auth": recovery_auth,
            "vault key": vault_key,
            "wrapping key": wrap,
            "invite": parse_base64url(invite),
            "invite code": parse_base64url(invite)[:16],
        }.items():
            never.keep(what, value)
        http = self._open_http()
        means = Means(rng=rng, http=http, pause=_at_once)
        device = rng.bytes(8)
        never.keep("device", device)
        async with means.connect(self._url) as connection:
            community = await _community(connection)
            slot = wrap_vault_key(vault_key, wrap, nonce=rng.bytes(12))
            body = RegisterBody(
                invite=invite,
                auth=encode_base64url(auth),
                recovery_auth=encode_base64url(recovery_auth),
                slots=Slots(passphrase=encode_base64url(slot), recovery=encode_base64url(slot)),
                device=encode_base64url(device),
            )
            reply = await connection.send(Request("POST", "/api/v1/members", body=body))
        answer = decode_answer(reply, SessionAnswer)
        keyring = Keyring.create(None, passphrase="", vault_key=vault_key, rng=rng)
        record = CommunityRecord(self._url, community.actor, auth, keyholders=())
        keyring.records = replace(keyring.records, community=record)
        member = Member(keyring, means, ExitStack())
        person = Person(member, http, auth, parse_base64url(answer.token))
        self.people.append(person)
        return person

    # --- what members do -----------------------------------------------------------

    async def use(self, person: Person, number: int) -> None:
        """Let *person* do everything, and *number* decide what is changed and withdrawn."""
        await self._publish(person, number)
        await self._show(person, number)
        await self._look_around(person)
        await self._sign_in_oddly(person)
        if number % 3 == 0:
            await person.member.account.sign_out_everywhere()
        for offer in person.member.keys.offers:
            self._keep_keys("offer key", offer.seed)
            self._keep_keys("box key", offer.box_seed)
            for week in offer.weeks:
                self._keep_keys("week key", week.seed)
        for profile in person.member.keys.profiles:
            self._keep_keys("profile key", profile.seed)

    async def _publish(self, person: Person, number: int) -> None:
        offers = person.member.offers
        first, last = self.phrase(), self.phrase()
        content = OfferContent(
            topics=("career.cv",),
            languages=("en", "ar"),
            ways=("review",),
            formats=("chat",),
            summary={"en": first},
        )
        offer = (await offers.publish(content, days=DAYS)).record.id
        if number % 4 == 0:
            changed = replace(content, summary={"en": last}, content={"en": self.phrase()})
            await offers.edit(offer, changed)
            self._books.erased.keep("edited text", first)
            first = last
        if number % 5 == 0:
            await offers.extend(offer, days=DAYS + 1 + number)
        if number % 7 == 3:
            await offers.withdraw(offer)
            self._books.erased.keep("withdrawn text", first)
        else:
            self._books.public.keep("offer", first)
            person.offer = offer

    async def _show(self, person: Person, number: int) -> None:
        profiles = person.member.profiles
        first, last = self.phrase(), self.phrase()
        content = ProfileContent(pseudonym=first, picture=self._rng.bytes(8).hex())
        profile = await profiles.publish(content, days=DAYS)
        if person.offer is not None and number % 4 == 0:
            await profiles.show_offer(profile, person.offer)
            if number % 8 == 0:
                await profiles.hide_offer(profile, person.offer)
        if number % 8 == 2:
            await profiles.edit(profile, replace(content, pseudonym=last), listed=False)
            self._books.erased.keep("changed pseudonym", first)
            first = last
        if number % 6 == 4:
            await profiles.withdraw(profile)
            self._books.erased.keep("withdrawn pseudonym", first)
        else:
            self._books.public.keep("pseudonym", first)
            person.profile = profile

    async def _look_around(self, person: Person) -> None:
        """Search for things that nobody must remember, in valid and in invalid ways."""
        wanted = self.phrase().replace(" ", "-")
        self._books.never.keep("search term", wanted)
        await person.member.search.find(
            Query(topics=("career",), without=(f"https://{wanted}.example/actor",))
        )
        known = person.member.keys.reader_pass
        assert known is not None
        reader = {"Kith-Reader": known.value}
        for path in (
            f"/api/v1/catalogue?topics={wanted}",
            f"/api/v1/catalogue?{wanted}=1",
            f"/api/v1/catalogue?languages=en&after={wanted}",
            f"/api/v1/profiles/{wanted}",
        ):
            assert await _request(person, "GET", self._url + path, headers=reader) == 400
        await person.member.profiles.browse()

    async def _sign_in_oddly(self, person: Person) -> None:
        """Sign in, well and badly, with everything that a browser or a mistake may add."""
        never = self._books.never
        name, passphrase, agent = self.phrase(), self.phrase(), self.phrase()
        never.keep("login name", name)
        never.keep("passphrase", passphrase)
        never.keep("user agent", agent)
        basic = base64.b64encode(f"{name}:{passphrase}".encode()).decode()
        odd = {"User-Agent": agent, "Referer": f"https://{agent.replace(' ', '.')}/"}
        right = SignInBody(
            encode_base64url(person.auth), device=encode_base64url(self._rng.bytes(8))
        )
        wrong = SignInBody(encode_base64url(self._rng.bytes(32)), device=right.device)
        never.keep("auth", parse_base64url(wrong.auth))
        never.keep("device", parse_base64url(right.device))
        path = f"{self._url}/api/v1/session"
        assert await _request(person, "POST", path, right, headers=odd) == 200
        assert await _request(person, "POST", path, wrong, headers=odd) == 401
        named = {"name": name, "passphrase": passphrase, "auth": right.auth}
        assert await _request(person, "POST", path, named, headers=odd) == 400
        headers = {**odd, "Authorization": f"Basic {basic}"}
        account = f"{self._url}/api/v1/account"
        assert await _request(person, "GET", account, headers=headers) == 401

    # --- the wire ------------------------------------------------------------------

    def _open_http(self) -> aiohttp.ClientSession:
        """Return a session of somebody with an address of their own, which a proxy tells."""
        address = ipaddress.IPv6Address(b"\x20\x01\x0d\xb8" + self._rng.bytes(12))
        never = self._books.never
        never.keep("client address", str(address))
        never.keep("client address", address.exploded)
        never.keep("client address", address.packed)
        never.keep("client network", address.packed[:8])
        tracing = aiohttp.TraceConfig()
        tracing.on_request_start.append(self._note_headers)
        tracing.on_response_chunk_received.append(self._note_session)
        session = aiohttp.ClientSession(
            connector=self._connector,
            connector_owner=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"X-Forwarded-For": str(address)},
            trace_configs=[tracing],
        )
        self._sessions.append(session)
        return session

    async def _note_headers(
        self,
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        params: aiohttp.TraceRequestStartParams,
    ) -> None:
        """Write down credentials: none of them may be kept, whatever it was shown for."""
        headers, never = params.headers, self._books.never
        scheme, _, value = headers.get("Authorization", "").partition(" ")
        if scheme == "Kith":
            never.keep("session token", parse_base64url(value))
        if "Kith-Reader" in headers:
            never.keep("reader pass", parse_base64url(headers["Kith-Reader"]))
        if "Signature" in headers:
            never.keep("capability signature", base64.b64decode(headers["Signature"][5:-1]))
            never.keep("capability signature", headers["Signature-Input"])

    async def _note_session(
        self,
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        params: aiohttp.TraceResponseChunkReceivedParams,
    ) -> None:
        if b'"token"' in params.chunk:
            answer = msgspec.json.decode(params.chunk, type=SessionAnswer)
            self._books.never.keep("session token", parse_base64url(answer.token))
            self._books.never.keep("reader pass", parse_base64url(answer.reader_pass))

    def _keep_keys(self, what: str, seed: bytes) -> None:
        self._books.never.keep(what, seed)


async def _at_once(_seconds: float) -> None:
    """Try again without waiting: a node that is down is down on purpose."""


async def _request(
    person: Person, method: str, url: str, body: object = None, *, headers: dict[str, str]
) -> int:
    """Send what the client would not; return the status."""
    raw = None if body is None else msgspec.json.encode(body)
    fields = {"Content-Type": "application/json", **headers}
    async with person.http.request(method, url, data=raw, headers=fields) as response:
        await response.read()
        return response.status


async def _community(connection: NodeConnection) -> CommunityAnswer:
    reply = await connection.send(Request("GET", "/api/v1/community"))
    return decode_answer(reply, CommunityAnswer)


async def new_invites(node: NodeProcess, count: int) -> list[str]:
    """Return links of *count* new invites."""
    out = await node.kith("invite", "new", "--count", str(count), "--json")
    return [str(link) for link in json.loads(out)["invites"]]


@contextlib.asynccontextmanager
async def crowd_at(
    url: str, links: Sequence[str], *, rng: Rng, books: Books
) -> AsyncIterator[Crowd]:
    """Yield a crowd in which somebody has joined by each of *links*, one after the other."""
    crowd = Crowd(url, rng=rng, books=books)
    try:
        for link in links:
            await crowd.join(link)
        yield crowd
    finally:
        await crowd.close()
