"""A node as its clients see it, small and in memory, over real HTTP on loopback.

It checks credentials as a node has to (a session where one belongs and nowhere else, the
capability's signature, digest, window and nonce) and keeps what it was told in plain sight, so
that tests can look. It runs in a thread of its own, for commands that bring their own event
loop.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import msgspec
from aiohttp import web

from kith_crypto.content_digest import verify_content_digest
from kith_crypto.ed25519 import VerifyKey
from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import KithError, MalformedError
from kith_crypto.hashes import sha256
from kith_crypto.objects import offer_id, profile_id
from kith_protocol import api
from kith_protocol.bundle import check_bundle, parse_bundle
from kith_protocol.capability import read_capability
from kith_protocol.community_topics import only_named
from kith_protocol.day import Day, day_of, week_of
from kith_protocol.errors import (
    ConflictError,
    NotFoundError,
    SessionNotWantedError,
    TooManyError,
    UnauthorizedError,
    WrongOwnerError,
)
from kith_protocol.http_signature import Message, check_window, verify_claim
from kith_protocol.nonces import NonceMemory
from kith_protocol.offer_content import OfferContent
from kith_protocol.partition import encode_partition, etag_of
from kith_protocol.shown import verify_shown
from kith_protocol.urls import actor_url
from kith_protocol.vault_upload import parse_credentials
from kith_testing.small_answers import json_answer, read_body
from kith_testing.small_catalogue import TOPICS, WORDS, Shelf
from kith_testing.small_events import SmallEvents
from kith_testing.small_post import SmallPost
from kith_testing.small_state import Account, HeldOffer, HeldProfile, Seen
from kith_testing.small_vault import SmallVault

_STATUS = {
    "unauthorized": 401,
    "not-found": 404,
    "wrong-owner": 403,
    "conflict": 409,
    "precondition-failed": 412,
    "too-many-requests": 429,
}


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> int:
        """Return seconds since the Unix epoch, UTC."""
        ...


class SmallNode:
    """The state of the node, and switches for tests."""

    def __init__(self, *, clock: Clock) -> None:
        self.clock = clock
        self.origin = ""
        self.invites = {"spring-invite-one", "spring-invite-two", "spring-invite-three"}
        self.accounts: list[Account] = []
        self.sessions: dict[str, Account] = {}
        self.passes = {"pass-1"}
        self.words = dict(WORDS)
        self.offers: dict[str, HeldOffer] = {}
        self.library: dict[str, list[bytes]] = {}  # signed resources by language
        self.withdrawn: list[str] = []
        self.profiles: dict[str, HeldProfile] = {}
        self.seen: list[Seen] = []
        self.keyholders: tuple[str, ...] = ("acre", "barn")
        self.actor = ""
        self.generalises: dict[str, str] = {}
        self.overwrites: OfferContent | None = None
        self.has_released = False
        self.breaks_before: tuple[str, str] | None = None
        self.breaks_after: tuple[str, str] | None = None
        self.fresh_token: str | None = None
        self.post = SmallPost(clock)
        self.events = SmallEvents()
        self.vaults: dict[int, SmallVault] = {}
        self._nonces = NonceMemory()
        self._tokens = 0

    def add_account(self, auth: bytes) -> None:
        """Add a member who signs in by *auth*, without the work of joining."""
        slots = api.Slots(passphrase="", recovery="")
        self.accounts.append(Account(sha256(auth), sha256(auth + b"r"), slots))

    def forget_objects(self) -> None:
        """Forget all offers, profiles and vaults, and the requests seen."""
        self.offers.clear()
        self.withdrawn.clear()
        self.profiles.clear()
        self.vaults.clear()
        self.seen.clear()

    # --- requests ----------------------------------------------------------------

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        seen = Seen(
            request.method,
            request.path,
            dict(request.query),
            {name.lower(): value for name, value in request.headers.items()},
            await request.read(),
        )
        self.seen.append(seen)
        call = (seen.method, seen.path.split("/")[3])
        if self.breaks_before == call:
            # The call never got here.
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        try:
            message = Message(
                method=request.method,
                target_uri=self.origin + request.raw_path,
                authority=self.origin.partition("://")[2],
                headers=seen.headers,
            )
            if seen.path == "/api/v1/events":
                self._check_pass(seen)
                return await self.events.serve(request)
            response: web.StreamResponse = self._answer(seen, message)
        except KithError as error:
            response = _problem(error)
        if self.breaks_after == call:
            # The call had its effect; the answer is lost, as often as the client tries.
            assert request.transport is not None
            request.transport.abort()
        return response

    def _answer(self, seen: Seen, message: Message) -> web.Response:
        parts = seen.path.removeprefix("/api/v1/").split("/")
        match parts[0]:
            case "community":
                return json_answer(self.community())
            case "members" | "session":
                return self._enter(seen, parts[0])
            case "account" | "reader-pass":
                return self._account(seen, parts)
            case "offers":
                return self._offer(seen, message, parts)
            case "profiles":
                return self._profile(seen, message, parts)
            case "topics" | "catalogue" | "library":
                return self._catalogue(seen, parts)
            case "vault":
                return self.vault_of(self._open(seen)).answer(seen, parts)
            case "mailboxes":
                return self._mailbox(seen, message, parts)
            case "envelopes" | "who" | "keys" | "peers":
                return self._post(seen, parts)
            case _:
                raise NotFoundError(seen.path)

    def vault_of(self, account: Account) -> SmallVault:
        """Return the vault of *account*, a new one where there was none."""
        return self.vaults.setdefault(id(account), SmallVault())

    def community(self) -> api.CommunityAnswer:
        """Return what the node says of itself."""
        return api.CommunityAnswer(
            actor=self.actor or actor_url(self.origin),
            name="Small",
            summary="A small community",
            rules="Be kind.",
            languages=("en",),
            programme="adults",
            policy="approve",
            registration="invite",
            version="0.1.0",
            fingerprint=("yak", "yam"),
            keyholders_fingerprint=self.keyholders,
            in_person=False,
            max_offer_days=90,
        )

    # --- accounts ----------------------------------------------------------------

    def _enter(self, seen: Seen, what: str) -> web.Response:
        _refuse_session(seen)
        if what == "session":
            shown = sha256(parse_base64url(read_body(seen, api.SignInBody).auth, size=32))
            for account in self.accounts:
                if shown in (account.auth, account.recovery_auth):
                    return json_answer(self._session(account))
            raise UnauthorizedError("sign-in")
        body = read_body(seen, api.RegisterBody)
        if body.invite not in self.invites:
            raise UnauthorizedError("invite")
        self.invites.remove(body.invite)
        account = Account(b"", b"", body.slots)
        _set_verifiers(account, body)
        self.accounts.append(account)
        return json_answer(self._session(account), status=201)

    def _account(self, seen: Seen, parts: list[str]) -> web.Response:
        account = self._open(seen)
        match (seen.method, *parts):
            case ("GET", "reader-pass"):
                return self._with_fresh(json_answer(api.ReaderPassAnswer(max(self.passes))))
            case ("GET", "account"):
                return json_answer(api.AccountAnswer("member", "active", account.slots))
            case ("DELETE", "account"):
                self.accounts.remove(account)
                self._end_sessions(account)
                return web.Response(status=204)
            case ("PUT", "account", "credentials"):
                vault = self.vault_of(account)
                vault.check(seen.headers)
                body, chunks = parse_credentials(seen.body)
                vault.take(chunks)
                _set_verifiers(account, body)
                account.slots = body.slots
                self._end_sessions(account)
                return json_answer(self._session(account))
            case ("POST", "account", "sign-out"):
                self._end_sessions(account)
                return web.Response(status=204)
            case _:
                raise NotFoundError(seen.path)

    def _session(self, account: Account) -> api.SessionAnswer:
        self._tokens += 1
        token = f"token-{self._tokens}"
        self.sessions[token] = account
        return api.SessionAnswer(token, max(self.passes), "member", account.slots)

    def _end_sessions(self, account: Account) -> None:
        self.sessions = {
            token: known for token, known in self.sessions.items() if known is not account
        }

    def _open(self, seen: Seen) -> Account:
        token = seen.headers.get("authorization", "").removeprefix("Kith ")
        if token not in self.sessions:
            raise UnauthorizedError("session")
        return self.sessions[token]

    def _with_fresh(self, response: web.Response) -> web.Response:
        if self.fresh_token is not None:
            self.sessions[self.fresh_token] = self.accounts[-1]
            response.headers["Kith-Session"] = self.fresh_token
        return response

    # --- objects -----------------------------------------------------------------

    def _capability(self, seen: Seen, message: Message, *, with_session: bool) -> VerifyKey:
        key, claim = read_capability(
            message, has_body=bool(seen.body), with_session=with_session
        )
        check_window(claim, now=self.clock.now())
        verify_claim(claim, key)
        assert claim.nonce is not None
        self._nonces.remember(claim.key_id, claim.nonce, now=self.clock.now())
        if seen.body:
            verify_content_digest(seen.headers["content-digest"], seen.body)
        if with_session:
            self._open(seen)
        return key

    def _offer(self, seen: Seen, message: Message, parts: list[str]) -> web.Response:
        action = (seen.method, *parts[2:])
        wants = {("PUT",), ("POST", "extension"), ("PUT", "bundles")}
        key = self._capability(seen, message, with_session=action in wants)
        name = parts[1]
        if parse_base64url(name, size=16) != offer_id(key):
            raise WrongOwnerError("offer")
        if action == ("PUT",):
            return self._put_offer(name, key, read_body(seen, api.OfferBody))
        if action == ("GET", "receipts"):
            receipts = (api.Receipt("https://peer.example/actor", "confirmed"),)
            return json_answer(api.ReceiptsAnswer(receipts if name in self.withdrawn else ()))
        if name not in self.offers:
            raise NotFoundError("offer")
        return self._change_offer(action, name, seen)

    def _put_offer(self, name: str, key: VerifyKey, body: api.OfferBody) -> web.Response:
        if body.end_day > day_of(self.clock.now()) + 90:
            raise MalformedError("end", pointer="/endDay")
        if "quota" in body.content.topics:
            raise TooManyError("quota", retry_after_s=60)
        topics = tuple(self.generalises.get(topic, topic) for topic in body.content.topics)
        content = only_named(body.content, topics)
        body = msgspec.structs.replace(body, content=content)
        known = self.offers.get(name)
        if known is not None and known.body != body:
            raise ConflictError("other bytes")
        self.offers.setdefault(name, HeldOffer(key, body))
        return json_answer(self._own(name), status=200 if known else 201)

    def _change_offer(self, action: tuple[str, ...], name: str, seen: Seen) -> web.Response:
        held = self.offers[name]
        match action:
            case ("PATCH",):
                content = read_body(seen, api.EditBody).content
                held.body = msgspec.structs.replace(held.body, content=content)
                held.revision += 1
            case ("DELETE",):
                del self.offers[name]
                self.withdrawn.append(name)
                return web.Response(status=204)
            case ("POST", "extension"):
                end_day = read_body(seen, api.ExtendBody).end_day
                held.body = msgspec.structs.replace(held.body, end_day=end_day)
            case ("PUT", "bundles"):
                self._put_bundles(held, name, read_body(seen, api.BundlesBody))
                return web.Response(status=204)
            case _:
                pass  # reading changes nothing
        return json_answer(self._own(name))

    def _put_bundles(self, held: HeldOffer, name: str, body: api.BundlesBody) -> None:
        today = day_of(self.clock.now())
        for text in body.bundles:
            bundle = check_bundle(
                parse_bundle(parse_base64url(text)),
                offer=parse_base64url(name),
                first_week=week_of(today),
                last_week=week_of(Day(held.body.end_day - 1)),
            )
            held.weeks.add(bundle.week)
            held.bundles[bundle.week] = parse_base64url(text)

    def _own(self, name: str) -> api.OwnOfferAnswer:
        held = self.offers[name]
        return api.OwnOfferAnswer(
            id=name,
            content=self.overwrites or held.body.content,
            end_day=held.body.end_day,
            revision=held.revision,
            released=self.has_released,
            state="draft",
        )

    def _profile(self, seen: Seen, message: Message, parts: list[str]) -> web.Response:
        if seen.method == "GET":
            return self._read_profiles(seen, parts)
        is_new = seen.method == "PUT" and len(parts) == 2
        wants_session = is_new or parts[-1] == "extension"
        key = self._capability(seen, message, with_session=wants_session)
        name = parts[1]
        if parse_base64url(name, size=16) != profile_id(key):
            raise WrongOwnerError("profile")
        if is_new:
            body = read_body(seen, api.ProfileBody)
            self.profiles.setdefault(name, HeldProfile(key, body))
        elif name not in self.profiles:
            raise NotFoundError("profile")
        elif parts[2:] and parts[2] == "offers":
            self._show(seen, self.profiles[name], parts[3])
            return web.Response(status=204)
        elif seen.method == "DELETE":
            del self.profiles[name]
            return web.Response(status=204)
        else:
            self._change_profile(seen, self.profiles[name], parts)
        return json_answer(self._page_of(name), status=201 if is_new else 200)

    def _change_profile(self, seen: Seen, held: HeldProfile, parts: list[str]) -> None:
        if parts[-1] == "extension":
            end_day = read_body(seen, api.ExtendBody).end_day
            held.body = msgspec.structs.replace(held.body, end_day=end_day)
        else:
            held.body = read_body(seen, api.ProfileBody)

    def _show(self, seen: Seen, held: HeldProfile, offer: str) -> None:
        if seen.method == "DELETE":
            held.shown.discard(offer)
            return
        body = read_body(seen, api.ShownOfferBody)
        verify_shown(
            held.key,
            self.offers[offer].key,
            profile_signature=parse_base64url(body.profile_signature, size=64),
            offer_signature=parse_base64url(body.offer_signature, size=64),
        )
        held.shown.add(offer)

    def _read_profiles(self, seen: Seen, parts: list[str]) -> web.Response:
        self._check_pass(seen)
        if len(parts) == 2:
            if parts[1] not in self.profiles:
                raise NotFoundError("profile")
            return json_answer(self._page_of(parts[1]))
        listed = [name for name, held in self.profiles.items() if held.body.listed]
        return json_answer(api.ProfilesAnswer(tuple(self._page_of(name) for name in listed)))

    def _page_of(self, name: str) -> api.ProfileAnswer:
        held = self.profiles[name]
        return api.ProfileAnswer(
            id=name,
            content=held.body.content,
            listed=held.body.listed,
            end_day=held.body.end_day,
            offers=tuple(f"{self.origin}/offers/{offer}" for offer in sorted(held.shown)),
        )

    # --- boxes and envelopes -----------------------------------------------------

    def _mailbox(self, seen: Seen, message: Message, parts: list[str]) -> web.Response:
        key = self._capability(seen, message, with_session=seen.method == "PUT")
        return self.post.mailbox(seen, key, parts)

    def _post(self, seen: Seen, parts: list[str]) -> web.Response:
        if (seen.method, parts[0]) in {("PUT", "envelopes"), ("POST", "who")}:
            return self.post.send(seen, self._open(seen), parts)
        self._check_pass(seen)
        return self.post.read(seen, parts, self.offers)

    # --- catalogue ---------------------------------------------------------------

    def _check_pass(self, seen: Seen) -> None:
        _refuse_session(seen)
        if seen.headers.get("kith-reader") not in self.passes:
            raise UnauthorizedError("pass")

    def _catalogue(self, seen: Seen, parts: list[str]) -> web.Response:
        self._check_pass(seen)
        match parts:
            case ["topics"]:
                return json_answer(TOPICS)
            case ["library", language] if self.library.get(language):
                return file_answer(seen, encode_partition(language, self.library[language]))
            case ["topics", language] if language in self.words:
                return json_answer(self.words[language])
            case ["catalogue"]:
                return json_answer(self._shelf().search(seen.query))
            case ["catalogue", "offer"]:
                return json_answer(self._shelf().hit(seen.query["id"]))
            case ["catalogue", "partitions"]:
                raw = self._shelf().partition("en")
                entry = api.PartitionEntry("en", etag_of(raw), len(raw), len(self.offers))
                return json_answer(api.PartitionsAnswer((entry,)))
            case ["catalogue", "partitions", language]:
                raw = self._shelf().partition(language)
                if b'"offers":0}' in raw:
                    raise NotFoundError("no offers in that language")
                return file_answer(seen, raw)
            case _:
                raise NotFoundError(seen.path)

    def signed(self, name: str) -> bytes:
        """Return the bytes of an offer as the node would release it today."""
        return self._shelf().signed(name)

    def _shelf(self) -> Shelf:
        return Shelf(self.offers, origin=self.origin, today=day_of(self.clock.now()))


def file_answer(seen: Seen, raw: bytes) -> web.Response:
    """Return the file *raw*, or that the client has it already."""
    headers = {"ETag": etag_of(raw)}
    if seen.headers.get("if-none-match") == headers["ETag"]:
        return web.Response(status=304, headers=headers)
    return web.Response(body=raw, headers=headers)


@contextmanager
def serve_small_node(clock: Clock, node: SmallNode | None = None) -> Iterator[SmallNode]:
    """Run a small node, a new one or *node*, on a free port of loopback inside the block."""
    node = node or SmallNode(clock=clock)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    runner = asyncio.run_coroutine_threadsafe(_start(node), loop).result(10)
    try:
        yield node
    finally:
        node.events.send(b"")
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _start(node: SmallNode) -> web.AppRunner:
    app = web.Application(client_max_size=20 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", node.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    node.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
    node.post.start(node.origin)
    node.post.share_offers(node.offers)
    return runner


def _refuse_session(seen: Seen) -> None:
    if "authorization" in seen.headers:
        raise SessionNotWantedError(seen.path)


def _set_verifiers(account: Account, body: api.RegisterBody | api.CredentialsBody) -> None:
    account.auth = sha256(parse_base64url(body.auth, size=32))
    account.recovery_auth = sha256(parse_base64url(body.recovery_auth, size=32))


def _problem(error: KithError) -> web.Response:
    status = _STATUS.get(error.code, 400)
    document = {"type": f"/problems/{error.code}", "title": error.safe, "status": status}
    if isinstance(error, MalformedError) and error.pointer:
        document["pointer"] = error.pointer
    headers = {"Retry-After": "60"} if status == 429 else {}
    return web.Response(
        status=status,
        body=msgspec.json.encode(document),
        content_type="application/problem+json",
        headers=headers,
    )
