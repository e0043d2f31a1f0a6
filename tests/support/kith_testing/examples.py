"""One right request for every route of a node, so that tests can make each wrong in many ways.

``EXAMPLES`` has to name every route; ``Stage`` holds the member and the objects that a request
is about. Whoever adds a route adds a line here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import msgspec

from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.objects import offer_id
from kith_node.http.route import Access, Route
from kith_protocol.api import (
    BundlesBody,
    CredentialsBody,
    EditBody,
    ExtendBody,
    RegisterBody,
    ShownOfferBody,
    SignInBody,
    Slots,
)
from kith_protocol.batch import encode_batch
from kith_protocol.bundle import encode_bundle
from kith_protocol.day import week_of
from kith_protocol.shown import sign_shown
from kith_testing.hostile import HostileNode
from kith_testing.node import Caller, LocalNode, Reply, offer_path, profile_path


@dataclasses.dataclass(slots=True)
class Stage:
    """What requests are about.

    Attributes:
        node: the node under test, an own offer of which is released.
        peer: a peer of it.
        stranger: a node that is none.
        caller: a member.
        registration: what somebody sends who has not joined yet.
        new_key: owns nothing yet.
        offer_key: owns an offer.
        profile_key: owns a profile.
        released: key of an offer that has left.
    """

    node: LocalNode
    peer: HostileNode
    stranger: HostileNode
    caller: Caller
    registration: RegisterBody
    new_key: SigningKey
    offer_key: SigningKey
    profile_key: SigningKey
    released: SigningKey

    async def renew(self, route: Route) -> None:
        """Make new what *route* uses up."""
        node = self.node
        self.new_key = SigningKey.generate(node.rng)
        self.registration = await node.registration()
        self.caller = await node.join()
        if route.path.startswith("/api/v1/offers/") or "{offer}" in route.path:
            self.offer_key = await node.publish(self.caller)
        if route.path.startswith("/api/v1/profiles/"):
            self.profile_key = await node.publish_profile(self.caller)


async def open_stage(node: LocalNode, peer: HostileNode, stranger: HostileNode) -> Stage:
    """Return a stage on *node*, of which *peer* becomes a peer."""
    caller = await node.join()
    released = await node.publish(caller)
    await node.work()
    await peer.befriend(node)
    return Stage(
        node=node,
        peer=peer,
        stranger=stranger,
        caller=caller,
        registration=await node.registration(),
        new_key=SigningKey.generate(node.rng),
        offer_key=await node.publish(caller),
        profile_key=await node.publish_profile(caller),
        released=released,
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Example:
    """A request that succeeds with the route's credential.

    Attributes:
        path: with query.
        body: JSON or an activity, or None.
        key: owner of the object that it is about, if it is about one.
    """

    path: str
    body: bytes | None = None
    key: SigningKey | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Credentials:
    """What a request shows."""

    session: bool = False
    reader: bool = False
    key: SigningKey | None = None
    sender: HostileNode | None = None


def example_of(route: Route, stage: Stage) -> Example:
    """Return the example of *route*."""
    return EXAMPLES[route.method, route.path](stage)


def right_credentials(route: Route, stage: Stage, example: Example) -> Credentials:
    """Return what opens *route*."""
    match route.access:
        case Access.NOBODY:
            return Credentials()
        case Access.SESSION:
            return Credentials(session=True)
        case Access.CAPABILITY:
            return Credentials(key=example.key)
        case Access.SESSION_AND_CAPABILITY:
            return Credentials(session=True, key=example.key)
        case Access.READER:
            return Credentials(reader=True)
        case Access.PEER | Access.INBOX:
            return Credentials(sender=stage.peer)


def headers_of(
    route: Route, stage: Stage, shown: Credentials, *, path: str, body: bytes | None
) -> dict[str, str]:
    """Return the headers of a request for *path* that shows *shown*."""
    headers: dict[str, str] = {}
    if body is not None:
        headers["Content-Type"] = route.media_types[0] or "application/json"
    if shown.session:
        headers |= stage.caller.session
    if shown.reader:
        headers |= stage.caller.reader
    if shown.key is not None:
        headers |= stage.node.sign(shown.key, route.method, path, body=body, headers=headers)
    if shown.sender is not None:
        media_type = route.media_types[0]
        headers |= shown.sender.sign_request(
            stage.node, route.method, path, body, media_type=media_type
        )
    return headers


async def send(
    route: Route, stage: Stage, shown: Credentials, example: Example | None = None
) -> Reply:
    """Send the example of *route* with *shown*."""
    example = example or example_of(route, stage)
    headers = headers_of(route, stage, shown, path=example.path, body=example.body)
    return await stage.node.send(route.method, example.path, headers=headers, body=example.body)


def _json(body: object) -> bytes:
    return msgspec.json.encode(body)


def _plain(path: str) -> Callable[[Stage], Example]:
    return lambda _: Example(path)


def _register(stage: Stage) -> Example:
    return Example("/api/v1/members", _json(stage.registration))


def _sign_in(stage: Stage) -> Example:
    # Of nobody: the right answer is 401, see ``ANSWERS_401``.
    body = SignInBody(stage.registration.auth, stage.registration.device)
    return Example("/api/v1/session", _json(body))


def _credentials(stage: Stage) -> Example:
    rng = stage.node.rng
    body = CredentialsBody(
        auth=encode_base64url(rng.bytes(32)),
        recovery_auth=encode_base64url(rng.bytes(32)),
        slots=Slots(passphrase="cGFzcw", recovery="cmVj"),
        device=encode_base64url(rng.bytes(8)),
    )
    return Example("/api/v1/account/credentials", _json(body))


def _publish(stage: Stage) -> Example:
    body = _json(stage.node.offer_body())
    return Example(offer_path(stage.new_key), body, stage.new_key)


def _own_offer(stage: Stage) -> Example:
    return Example(offer_path(stage.offer_key), None, stage.offer_key)


def _edit_offer(stage: Stage) -> Example:
    content = msgspec.structs.replace(stage.node.offer_body().content, room="full")
    return Example(offer_path(stage.offer_key), _json(EditBody(content)), stage.offer_key)


def _extend_offer(stage: Stage) -> Example:
    body = _json(ExtendBody(stage.node.today + 60))
    return Example(f"{offer_path(stage.offer_key)}/extension", body, stage.offer_key)


def _bundles(stage: Stage) -> Example:
    raw = encode_bundle(
        stage.offer_key,
        week=week_of(stage.node.today),
        sealing_key=bytes(1216),
        knock_box=bytes(16),
    )
    body = _json(BundlesBody((encode_base64url(raw),)))
    return Example(f"{offer_path(stage.offer_key)}/bundles", body, stage.offer_key)


def _receipts(stage: Stage) -> Example:
    return Example(f"{offer_path(stage.offer_key)}/receipts", None, stage.offer_key)


def _publish_profile(stage: Stage) -> Example:
    body = _json(stage.node.profile_body())
    return Example(profile_path(stage.new_key), body, stage.new_key)


def _own_profile(stage: Stage) -> Example:
    return Example(profile_path(stage.profile_key), None, stage.profile_key)


def _edit_profile(stage: Stage) -> Example:
    body = _json(stage.node.profile_body("Egret"))
    return Example(profile_path(stage.profile_key), body, stage.profile_key)


def _extend_profile(stage: Stage) -> Example:
    body = _json(ExtendBody(stage.node.today + 60))
    return Example(f"{profile_path(stage.profile_key)}/extension", body, stage.profile_key)


def _shown_path(stage: Stage) -> str:
    offer = encode_base64url(offer_id(stage.offer_key.verify_key))
    return f"{profile_path(stage.profile_key)}/offers/{offer}"


def _show_offer(stage: Stage) -> Example:
    profile_signature, offer_signature = sign_shown(stage.profile_key, stage.offer_key)
    body = ShownOfferBody(
        encode_base64url(profile_signature), encode_base64url(offer_signature)
    )
    return Example(_shown_path(stage), _json(body), stage.profile_key)


def _hide_offer(stage: Stage) -> Example:
    return Example(_shown_path(stage), None, stage.profile_key)


def _hit(stage: Stage) -> Example:
    offer = encode_base64url(offer_id(stage.released.verify_key))
    return Example(f"/api/v1/catalogue/offer?id={stage.node.origin}/offers/{offer}")


def _released(stage: Stage) -> Example:
    return Example(f"/offers/{encode_base64url(offer_id(stage.released.verify_key))}")


def _webfinger(stage: Stage) -> Example:
    return Example(f"/.well-known/webfinger?resource={stage.node.actor}")


def _activity(stage: Stage) -> Example:
    offer = stage.peer.sign(stage.peer.draft_offer())
    return Example("/inbox", stage.peer.create(offer))


def _batch(stage: Stage) -> Example:
    offer = stage.peer.sign(stage.peer.draft_offer(2))
    return Example("/inbox/batch", encode_batch([stage.peer.create(offer)]))


_OFFER = "/api/v1/offers/{id}"
_PROFILE = "/api/v1/profiles/{id}"

EXAMPLES: dict[tuple[str, str], Callable[[Stage], Example]] = {
    ("GET", "/api/v1/community"): _plain("/api/v1/community"),
    ("POST", "/api/v1/members"): _register,
    ("POST", "/api/v1/session"): _sign_in,
    ("GET", "/api/v1/account"): _plain("/api/v1/account"),
    ("DELETE", "/api/v1/account"): _plain("/api/v1/account"),
    ("PUT", "/api/v1/account/credentials"): _credentials,
    ("POST", "/api/v1/account/sign-out"): _plain("/api/v1/account/sign-out"),
    ("GET", "/api/v1/reader-pass"): _plain("/api/v1/reader-pass"),
    ("PUT", _OFFER): _publish,
    ("GET", _OFFER): _own_offer,
    ("PATCH", _OFFER): _edit_offer,
    ("DELETE", _OFFER): _own_offer,
    ("POST", f"{_OFFER}/extension"): _extend_offer,
    ("PUT", f"{_OFFER}/bundles"): _bundles,
    ("GET", f"{_OFFER}/receipts"): _receipts,
    ("GET", "/api/v1/profiles"): _plain("/api/v1/profiles"),
    ("GET", _PROFILE): _own_profile,
    ("PUT", _PROFILE): _publish_profile,
    ("PATCH", _PROFILE): _edit_profile,
    ("DELETE", _PROFILE): _own_profile,
    ("POST", f"{_PROFILE}/extension"): _extend_profile,
    ("PUT", f"{_PROFILE}/offers/{{offer}}"): _show_offer,
    ("DELETE", f"{_PROFILE}/offers/{{offer}}"): _hide_offer,
    ("GET", "/api/v1/topics"): _plain("/api/v1/topics"),
    ("GET", "/api/v1/topics/{language}"): _plain("/api/v1/topics/en"),
    ("GET", "/api/v1/catalogue"): _plain("/api/v1/catalogue?languages=en&counts=yes&text=cv"),
    ("GET", "/api/v1/catalogue/offer"): _hit,
    ("GET", "/api/v1/catalogue/partitions"): _plain("/api/v1/catalogue/partitions"),
    ("GET", "/api/v1/catalogue/partitions/{language}"): _plain(
        "/api/v1/catalogue/partitions/en"
    ),
    ("GET", "/api/v1/openapi.json"): _plain("/api/v1/openapi.json"),
    ("GET", "/actor"): _plain("/actor"),
    ("GET", "/.well-known/webfinger"): _webfinger,
    ("GET", "/.well-known/nodeinfo"): _plain("/.well-known/nodeinfo"),
    ("GET", "/.well-known/host-meta"): _plain("/.well-known/host-meta"),
    ("GET", "/nodeinfo/2.1"): _plain("/nodeinfo/2.1"),
    ("POST", "/inbox"): _activity,
    ("POST", "/inbox/batch"): _batch,
    ("GET", "/outbox"): _plain("/outbox"),
    ("GET", "/offers/{id}"): _released,
    ("GET", "/followers"): _plain("/followers"),
    ("GET", "/following"): _plain("/following"),
    ("GET", "/healthz"): _plain("/healthz"),
    ("GET", "/readyz"): _plain("/readyz"),
}
