"""One right request for every route of a node, so that tests can make each wrong in many ways.

``EXAMPLES`` has to name every route; ``Stage`` holds the member and the objects that a request
is about. Whoever adds a route adds a line here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import msgspec

from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.envelope import parse_envelope
from kith_crypto.hpke import sealing_public_key
from kith_crypto.objects import box_address, offer_id
from kith_crypto.stamp import encode_postmark, postmark_of
from kith_node.envelopes.store import get_bytes
from kith_node.http.route import Access, MemberId, Route
from kith_node.web.routes import VIEWS
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
from kith_protocol.day import month_of, week_of
from kith_protocol.sealed_api import (
    AcknowledgeBody,
    AdmissionBody,
    ApplicationBody,
    BoxBody,
    BoxMonthBody,
    DecisionBody,
    ModeratorsKeyBody,
    OpeningBody,
    ReportBody,
    ResealBody,
    WhoBody,
)
from kith_protocol.shown import sign_shown
from kith_protocol.vault_upload import chunk_etag, encode_chunks, encode_credentials
from kith_testing.hostile import HostileNode
from kith_testing.node import (
    Caller,
    LocalNode,
    Reply,
    box_path,
    offer_path,
    profile_path,
)
from kith_testing.resources import a_resource
from kith_testing.sending import envelope_path, handed_in

# Of an envelope that has been handed in.
HANDLE = b"h" * 16


VAULT_CHUNK = b"c" * 1024
SEALED = encode_base64url(b"s" * 8192)


@dataclasses.dataclass(slots=True)
class Stage:
    """What requests are about.

    Attributes:
        node: the node under test, an own offer of which is released.
        peer: a peer of it.
        stranger: a node that is none.
        caller: a member with a vault.
        moderator: a member who may do all that moderators may.
        report: id of a report that waits.
        application: id of an application that waits.
        registration: what somebody sends who has not joined yet.
        new_key: owns nothing yet.
        offer_key: owns an offer.
        profile_key: owns a profile.
        box_key: owns a mailbox.
        released: key of an offer that has left.
        resource: id of a resource of the node's library.
        postmark: of an envelope that the node stamped.
    """

    node: LocalNode
    peer: HostileNode
    stranger: HostileNode
    caller: Caller
    moderator: Caller
    report: bytes
    application: bytes
    registration: RegisterBody
    new_key: SigningKey
    offer_key: SigningKey
    profile_key: SigningKey
    box_key: SigningKey
    released: SigningKey
    resource: str
    postmark: bytes

    async def renew(self, route: Route) -> None:
        """Make new what *route* uses up."""
        node = self.node
        self.new_key = SigningKey.generate(node.rng)
        self.registration = await node.registration()
        self.caller = await node.join()
        self.report, self.application = await _cases(node)
        if "/vault" in route.path:
            await _fill_vault(node, self.caller)
        if "/offers/" in route.path and route.roles:
            self.released = await node.publish(self.caller)
        if route.path.startswith("/api/v1/offers/") or "{offer}" in route.path:
            self.offer_key = await node.publish(self.caller)
        if route.path.startswith("/api/v1/profiles/"):
            self.profile_key = await node.publish_profile(self.caller)
        if route.path.startswith("/api/v1/mailboxes/"):
            self.box_key = await node.open_box(self.caller)


async def open_stage(node: LocalNode, peer: HostileNode, stranger: HostileNode) -> Stage:
    """Return a stage on *node*, of which *peer* becomes a peer."""
    caller = await node.join()
    body = handed_in(node.origin, bytes(16))
    await node.node.envelopes.hand_in(MemberId(bytes(16)), HANDLE, body)
    async with node.node.stores.catalogue.read() as connection:
        envelope = await get_bytes(connection, HANDLE)
    assert envelope is not None
    released = await node.publish(caller)
    await node.work()
    await peer.befriend(node)
    await _fill_vault(node, caller)
    report, application = await _cases(node)
    return Stage(
        node=node,
        peer=peer,
        stranger=stranger,
        caller=caller,
        moderator=await node.join("admin"),
        report=report,
        application=application,
        registration=await node.registration(),
        new_key=SigningKey.generate(node.rng),
        offer_key=await node.publish(caller),
        profile_key=await node.publish_profile(caller),
        box_key=await node.open_box(caller),
        released=released,
        resource=await node.node.library.add(a_resource()),
        postmark=encode_postmark(postmark_of(parse_envelope(envelope))),
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Example:
    """A request that succeeds with the route's credential.

    Attributes:
        path: with query.
        body: JSON or an activity, or None.
        key: owner of the object that it is about, if it is about one.
        headers: that the call needs besides its credential.
    """

    path: str
    body: bytes | None = None
    key: SigningKey | None = None
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)


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
        headers |= (stage.moderator if route.roles else stage.caller).session
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
    headers |= example.headers
    return await stage.node.send(route.method, example.path, headers=headers, body=example.body)


async def _fill_vault(node: LocalNode, caller: Caller) -> None:
    headers = caller.session | {
        "Content-Type": "application/vnd.kith.chunks",
        "If-None-Match": "*",
    }
    body = encode_chunks({0: VAULT_CHUNK, 1: VAULT_CHUNK})
    reply = await node.send("PUT", "/api/v1/vault", headers=headers, body=body)
    assert reply.status in {204, 412}, reply.body


async def _cases(node: LocalNode) -> tuple[bytes, bytes]:
    report, application = node.rng.bytes(16), node.rng.bytes(16)
    room = node.node.moderation
    caller = node.rng.bytes(8)
    await room.reports.hand_in(report, ReportBody("safety", SEALED), caller=caller)
    body = ApplicationBody(encode_base64url(node.rng.bytes(32)), SEALED)
    await room.applications.hand_in(application, body, caller=caller)
    return report, application


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
    raw = encode_credentials(body, {0: VAULT_CHUNK})
    headers = {"If-None-Match": "*"}
    return Example("/api/v1/account/credentials", raw, headers=headers)


def _write_vault(_: Stage) -> Example:
    headers = {"If-Match": chunk_etag(VAULT_CHUNK)}
    return Example("/api/v1/vault", encode_chunks({0: VAULT_CHUNK}), headers=headers)


def _report(stage: Stage) -> Example:
    path = f"/api/v1/reports/{encode_base64url(stage.node.rng.bytes(16))}"
    return Example(path, _json(ReportBody("harassment", SEALED)))


def _report_state(stage: Stage) -> Example:
    return Example(f"/api/v1/reports/{encode_base64url(stage.report)}")


def _application(stage: Stage) -> Example:
    path = f"/api/v1/applications/{encode_base64url(stage.node.rng.bytes(16))}"
    invite = encode_base64url(stage.node.rng.bytes(32))
    return Example(path, _json(ApplicationBody(invite, SEALED)))


def _case(queue: str, body: object = None, tail: str = "") -> Callable[[Stage], Example]:
    def make(stage: Stage) -> Example:
        case = stage.report if queue == "reports" else stage.application
        path = f"/api/v1/moderation/{queue}/{encode_base64url(case)}{tail}"
        return Example(path, None if body is None else _json(body))

    return make


def _moderators_key(stage: Stage) -> Example:
    key = sealing_public_key(stage.node.rng.bytes(32))
    return Example("/api/v1/moderation/key", _json(ModeratorsKeyBody(encode_base64url(key))))


def _opening(stage: Stage) -> Example:
    body = OpeningBody(encode_base64url(stage.postmark))
    return Example("/api/v1/moderation/opening", _json(body))


def _moderated_offer(tail: str = "") -> Callable[[Stage], Example]:
    def make(stage: Stage) -> Example:
        offer = encode_base64url(offer_id(stage.released.verify_key))
        return Example(f"/api/v1/moderation/offers/{offer}{tail}")

    return make


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


def _resource(stage: Stage) -> Example:
    return Example(stage.resource.removeprefix(stage.node.origin))


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


def _new_box(stage: Stage) -> Example:
    body = _json(BoxBody("reply", month_of(stage.node.today) + 2))
    return Example(box_path(stage.new_key), body, stage.new_key)


def _own_box(stage: Stage) -> Example:
    return Example(box_path(stage.box_key), None, stage.box_key)


def _renew_box(stage: Stage) -> Example:
    body = _json(BoxMonthBody(month_of(stage.node.today) + 3))
    return Example(box_path(stage.box_key), body, stage.box_key)


def _acknowledge(stage: Stage) -> Example:
    body = _json(AcknowledgeBody((encode_base64url(bytes(16)),)))
    return Example(f"{box_path(stage.box_key)}/acknowledgements", body, stage.box_key)


def _envelope(stage: Stage) -> Example:
    box = box_address(stage.box_key.verify_key)
    raw = stage.peer.envelope(box, size=65536)
    return Example(f"/mailboxes/{encode_base64url(box)}", raw)


_MODERATION = "/api/v1/moderation"
_OFFER = "/api/v1/offers/{id}"


def _hand_in(stage: Stage) -> Example:
    return Example(envelope_path(HANDLE), handed_in(stage.node.origin, bytes(16)))


def _who(stage: Stage) -> Example:
    mentee_key = encode_base64url(stage.box_key.verify_key)
    return Example("/api/v1/who", _json(WhoBody(encode_base64url(bytes(16)), mentee_key)))


def _key_page(stage: Stage) -> Example:
    return Example(f"/api/v1/keys/?node={stage.node.origin}")


_BOX = "/api/v1/mailboxes/{address}"
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
    ("GET", "/api/v1/vault/{chunk}"): _plain("/api/v1/vault/1"),
    ("PUT", "/api/v1/vault"): _write_vault,
    ("PUT", "/api/v1/reports/{id}"): _report,
    ("GET", "/api/v1/reports/{id}"): _report_state,
    ("PUT", "/api/v1/applications/{id}"): _application,
    ("GET", f"{_MODERATION}/reports"): _plain(f"{_MODERATION}/reports"),
    ("GET", f"{_MODERATION}/applications"): _plain(f"{_MODERATION}/applications"),
    ("GET", f"{_MODERATION}/reports/{{id}}"): _case("reports"),
    ("GET", f"{_MODERATION}/applications/{{id}}"): _case("applications"),
    ("PUT", f"{_MODERATION}/reports/{{id}}"): _case("reports", ResealBody(SEALED)),
    ("PUT", f"{_MODERATION}/applications/{{id}}"): _case("applications", ResealBody(SEALED)),
    ("POST", f"{_MODERATION}/reports/{{id}}/decision"): _case(
        "reports", DecisionBody("acted"), "/decision"
    ),
    ("POST", f"{_MODERATION}/applications/{{id}}/decision"): _case(
        "applications", AdmissionBody(is_admitted=False), "/decision"
    ),
    ("PUT", f"{_MODERATION}/key"): _moderators_key,
    ("POST", f"{_MODERATION}/opening"): _opening,
    ("GET", f"{_MODERATION}/offers/{{id}}/seal"): _moderated_offer("/seal"),
    ("DELETE", f"{_MODERATION}/offers/{{id}}"): _moderated_offer(),
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
    ("PUT", _BOX): _new_box,
    ("GET", _BOX): _own_box,
    ("PATCH", _BOX): _renew_box,
    ("DELETE", _BOX): _own_box,
    ("POST", f"{_BOX}/acknowledgements"): _acknowledge,
    ("POST", "/mailboxes/{address}"): _envelope,
    ("PUT", "/api/v1/envelopes/{handle}"): _hand_in,
    ("GET", "/api/v1/envelopes/{handle}"): _plain(envelope_path(HANDLE)),
    ("POST", "/api/v1/who"): _who,
    ("GET", "/api/v1/keys/{prefix}"): _key_page,
    ("GET", "/catalogue/keys/{prefix}"): _plain("/catalogue/keys/"),
    ("GET", "/api/v1/peers"): _plain("/api/v1/peers"),
    ("GET", "/api/v1/events"): _plain("/api/v1/events"),
    ("GET", "/api/v1/topics"): _plain("/api/v1/topics"),
    ("GET", "/api/v1/topics/{language}"): _plain("/api/v1/topics/en"),
    ("GET", "/api/v1/catalogue"): _plain("/api/v1/catalogue?languages=en&counts=yes&text=cv"),
    ("GET", "/api/v1/catalogue/offer"): _hit,
    ("GET", "/api/v1/library"): _plain("/api/v1/library"),
    ("GET", "/api/v1/library/{language}"): _plain("/api/v1/library/en"),
    ("GET", "/resources/{id}"): _resource,
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
    **{("GET", view): _plain(view) for view in VIEWS},
    ("GET", "/sw.js"): _plain("/sw.js"),
    ("GET", "/manifest.webmanifest"): _plain("/manifest.webmanifest"),
    ("GET", "/assets/{name}"): _plain("/assets/app-1.js"),
    ("GET", "/readyz"): _plain("/readyz"),
}
