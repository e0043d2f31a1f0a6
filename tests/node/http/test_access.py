"""Which credential opens which route: every route of a real node, every kind of caller.

``OPENED_BY`` is written by hand. A new route fails here until somebody has decided who may call
it and has written that down.
"""

import msgspec
import pytest

from kith_crypto.content_digest import content_digest
from kith_crypto.ed25519 import SigningKey
from kith_node.http.route import Access, Route
from kith_protocol.http_signature import KITH_TAG, Message, sign_message
from kith_protocol.invite import ROLES
from kith_testing.examples import (
    EXAMPLES,
    Credentials,
    Example,
    Stage,
    example_of,
    headers_of,
    right_credentials,
    send,
)
from kith_testing.node import LocalNode, offer_path

OPENED_BY: dict[Access, str] = {
    Access.NOBODY: """
        GET /
        GET /.well-known/host-meta
        GET /.well-known/nodeinfo
        GET /.well-known/webfinger
        GET /about
        GET /actor
        GET /api/v1/community
        GET /api/v1/openapi.json
        GET /assets/{name}
        GET /healthz
        GET /join
        GET /manifest.webmanifest
        GET /nodeinfo/2.1
        GET /readyz
        GET /safety
        GET /sign-in
        GET /sw.js
        POST /api/v1/members
        POST /api/v1/session
        PUT /api/v1/applications/{id}
    """,
    Access.SESSION: """
        DELETE /api/v1/account
        GET /api/v1/account
        GET /api/v1/reader-pass
        POST /api/v1/account/sign-out
        POST /api/v1/who
        PUT /api/v1/envelopes/{handle}
        PUT /api/v1/account/credentials
        DELETE /api/v1/moderation/offers/{id}
        GET /api/v1/moderation/applications
        GET /api/v1/moderation/applications/{id}
        GET /api/v1/moderation/offers/{id}/seal
        GET /api/v1/moderation/reports
        GET /api/v1/moderation/reports/{id}
        GET /api/v1/vault/{chunk}
        POST /api/v1/moderation/applications/{id}/decision
        POST /api/v1/moderation/opening
        POST /api/v1/moderation/reports/{id}/decision
        PUT /api/v1/moderation/applications/{id}
        PUT /api/v1/moderation/key
        PUT /api/v1/moderation/reports/{id}
        PUT /api/v1/vault
    """,
    Access.SESSION_AND_CAPABILITY: """
        POST /api/v1/offers/{id}/extension
        PUT /api/v1/mailboxes/{address}
        POST /api/v1/profiles/{id}/extension
        PUT /api/v1/offers/{id}
        PUT /api/v1/offers/{id}/bundles
        PUT /api/v1/profiles/{id}
    """,
    Access.CAPABILITY: """
        DELETE /api/v1/mailboxes/{address}
        DELETE /api/v1/offers/{id}
        DELETE /api/v1/profiles/{id}
        DELETE /api/v1/profiles/{id}/offers/{offer}
        GET /api/v1/mailboxes/{address}
        GET /api/v1/offers/{id}
        GET /api/v1/offers/{id}/receipts
        PATCH /api/v1/mailboxes/{address}
        PATCH /api/v1/offers/{id}
        PATCH /api/v1/profiles/{id}
        POST /api/v1/mailboxes/{address}/acknowledgements
        PUT /api/v1/profiles/{id}/offers/{offer}
    """,
    Access.READER: """
        GET /api/v1/catalogue
        GET /api/v1/catalogue/offer
        GET /api/v1/catalogue/partitions
        GET /api/v1/catalogue/partitions/{language}
        GET /api/v1/library
        GET /api/v1/library/{language}
        GET /api/v1/envelopes/{handle}
        GET /api/v1/events
        GET /api/v1/keys/{prefix}
        GET /api/v1/peers
        GET /api/v1/profiles
        GET /api/v1/profiles/{id}
        GET /api/v1/reports/{id}
        GET /api/v1/topics
        GET /api/v1/topics/{language}
        PUT /api/v1/reports/{id}
    """,
    Access.PEER: """
        GET /followers
        GET /following
        GET /offers/{id}
        GET /outbox
        GET /resources/{id}
    """,
    Access.INBOX: """
        GET /catalogue/keys/{prefix}
        POST /inbox
        POST /inbox/batch
        POST /mailboxes/{address}
    """,
}

# Which roles open a route that asks for one.
ROLES_OF = {
    "DELETE /api/v1/moderation/offers/{id}": "moderator safeguarding admin",
    "GET /api/v1/moderation/applications": "intake moderator safeguarding admin",
    "GET /api/v1/moderation/applications/{id}": "intake moderator safeguarding admin",
    "GET /api/v1/moderation/offers/{id}/seal": "moderator safeguarding admin",
    "GET /api/v1/moderation/reports": "moderator safeguarding admin",
    "GET /api/v1/moderation/reports/{id}": "moderator safeguarding admin",
    "POST /api/v1/moderation/applications/{id}/decision": "intake moderator safeguarding admin",
    "POST /api/v1/moderation/opening": "moderator safeguarding admin",
    "POST /api/v1/moderation/reports/{id}/decision": "moderator safeguarding admin",
    "PUT /api/v1/moderation/applications/{id}": "moderator admin",
    "PUT /api/v1/moderation/key": "moderator admin",
    "PUT /api/v1/moderation/reports/{id}": "moderator admin",
}

OPEN = ""
NO = "unauthorized"
NOT_WANTED = "session-not-wanted"
OTHERS = "wrong-owner"
NO_PEER = "not-a-peer"

# What each kind of caller is answered: nothing, or the code of the problem.
EXPECTED: dict[Access, dict[str, str]] = {
    Access.NOBODY: {
        "nothing": OPEN,
        "session": NOT_WANTED,
        "reader": OPEN,
        "own key": OPEN,
        "other key": OPEN,
        "session and own key": NOT_WANTED,
        "session and other key": NOT_WANTED,
        "peer": OPEN,
        "stranger": OPEN,
    },
    Access.SESSION: {
        "nothing": NO,
        "session": OPEN,
        "reader": NO,
        "own key": NO,
        "other key": NO,
        "session and own key": OPEN,
        "session and other key": OPEN,
        "peer": NO,
        "stranger": NO,
    },
    Access.SESSION_AND_CAPABILITY: {
        "nothing": NO,
        "session": NO,
        "reader": NO,
        "own key": NO,
        "other key": NO,
        "session and own key": OPEN,
        "session and other key": OTHERS,
        "peer": NO,
        "stranger": NO,
    },
    Access.CAPABILITY: {
        "nothing": NO,
        "session": NOT_WANTED,
        "reader": NO,
        "own key": OPEN,
        "other key": OTHERS,
        "session and own key": NOT_WANTED,
        "session and other key": NOT_WANTED,
        "peer": NO,
        "stranger": NO,
    },
    Access.READER: {
        "nothing": NO,
        "session": NOT_WANTED,
        "reader": OPEN,
        "own key": NO,
        "other key": NO,
        "session and own key": NOT_WANTED,
        "session and other key": NOT_WANTED,
        "peer": NO,
        "stranger": NO,
    },
    Access.PEER: {
        "nothing": NO,
        "session": NOT_WANTED,
        "reader": NO,
        "own key": NO,
        "other key": NO,
        "session and own key": NOT_WANTED,
        "session and other key": NOT_WANTED,
        "peer": OPEN,
        "stranger": NO_PEER,
    },
    # A stranger's Follow is taken; what the examples send, announcements, is not.
    Access.INBOX: {
        "nothing": NO,
        "session": NOT_WANTED,
        "reader": NO,
        "own key": NO,
        "other key": NO,
        "session and own key": NOT_WANTED,
        "session and other key": NOT_WANTED,
        "peer": OPEN,
        "stranger": NO_PEER,
    },
}

# The example signs in as nobody, which is what 401 says there.
SIGN_IN = "/api/v1/session"


def listed() -> dict[tuple[str, str], Access]:
    return {
        (method, path): access
        for access, lines in OPENED_BY.items()
        for method, path in (line.split() for line in lines.split("\n") if line.strip())
    }


def callers(stage: Stage, example: Example) -> dict[str, Credentials]:
    """Return every kind of caller; routes without an object are signed for by a new key."""
    own = example.key or stage.new_key
    other = SigningKey.generate(stage.node.rng)
    return {
        "nothing": Credentials(),
        "session": Credentials(session=True),
        "reader": Credentials(reader=True),
        "own key": Credentials(key=own),
        "other key": Credentials(key=other),
        "session and own key": Credentials(session=True, key=own),
        "session and other key": Credentials(session=True, key=other),
        "peer": Credentials(sender=stage.peer),
        "stranger": Credentials(sender=stage.stranger),
    }


def test_every_route_is_listed_with_the_credential_that_opens_it(node: LocalNode) -> None:
    assert {(one.method, one.path): one.access for one in node.node.routes} == listed()


def test_every_route_has_an_example(node: LocalNode) -> None:
    assert {(one.method, one.path) for one in node.node.routes} == EXAMPLES.keys()


@pytest.mark.parametrize("access", Access)
async def test_only_the_right_credential_opens_a_route(stage: Stage, access: Access) -> None:
    answers: dict[str, str] = {}
    expected: dict[str, str] = {}
    for route in stage.node.node.routes:
        if route.access is not access:
            continue
        for name, code in sorted(EXPECTED[access].items(), key=lambda one: one[1] == OPEN):
            if code == OPEN:
                await stage.renew(route)
            example = example_of(route, stage)
            if name == "stranger" and route.path == "/inbox":
                # Its own, as that of the peer would be refused for another reason.
                offer = stage.stranger.sign(stage.stranger.draft_offer())
                example = Example("/inbox", stage.stranger.create(offer))
            reply = await send(route, stage, callers(stage, example)[name], example)
            place = f"{route.method} {route.path} with {name}"
            answers[place] = reply.code
            expected[place] = NO if code == OPEN and route.path == SIGN_IN else code
            assert reply.code or reply.status == route.status, (place, reply.status)
    assert answers == expected


def test_every_route_that_asks_for_a_role_is_listed_with_its_roles(node: LocalNode) -> None:
    asked = {f"{one.method} {one.path}": one.roles for one in node.node.routes if one.roles}
    assert asked == {place: frozenset(roles.split()) for place, roles in ROLES_OF.items()}
    assert {path for path in asked if "/moderation/" not in path} == set()
    # A role that no session carries would be a gap that nobody sees.
    assert frozenset().union(*asked.values()) <= set(ROLES)


async def test_only_the_right_roles_open_a_route(stage: Stage) -> None:
    callers = {role: await stage.node.join(role) for role in ROLES}
    for route in stage.node.node.routes:
        if not route.roles:
            continue
        place = f"{route.method} {route.path}"
        for role, caller in callers.items():
            await stage.renew(route)
            stage.moderator = caller
            reply = await send(route, stage, Credentials(session=True))
            is_open = role in ROLES_OF[place].split()
            assert (reply.code != "forbidden") is is_open, (place, role, reply.code)
            assert reply.code in {OPEN, "forbidden"}, place


async def test_a_refused_caller_changes_nothing(stage: Stage) -> None:
    before = stage.node.dump()
    for route in stage.node.node.routes:
        for name, code in EXPECTED[route.access].items():
            if code != OPEN:
                example = example_of(route, stage)
                await send(route, stage, callers(stage, example)[name], example)
    assert stage.node.dump() == before


async def test_the_reader_pass_lives_two_days(node: LocalNode) -> None:
    caller = await node.join()
    statuses = []
    for _ in range(3):
        reply = await node.send("GET", "/api/v1/topics", headers=caller.reader)
        statuses.append(reply.status)
        node.clock.advance(86_400)
    assert statuses == [200, 200, 401]


async def test_an_old_session_is_answered_with_a_fresh_one(node: LocalNode) -> None:
    caller = await node.join()
    node.clock.advance(86_400)
    reply = await node.send("GET", "/api/v1/account", headers=caller.session)
    assert reply.status == 200
    fresh = {"Authorization": f"Kith {reply.headers['Kith-Session']}"}
    node.clock.advance(6 * 86_400)
    assert (await node.send("GET", "/api/v1/account", headers=fresh)).status == 200
    assert (await node.send("GET", "/api/v1/account", headers=caller.session)).code == NO


async def test_signing_out_ends_every_session(node: LocalNode) -> None:
    caller = await node.join()
    reply = await node.send("POST", "/api/v1/account/sign-out", headers=caller.session)
    assert reply.status == 204
    assert (await node.send("GET", "/api/v1/account", headers=caller.session)).code == NO


# --- capability signatures ------------------------------------------------------------


def signed_routes(stage: Stage) -> list[Route]:
    wanted = {Access.CAPABILITY, Access.SESSION_AND_CAPABILITY}
    return [route for route in stage.node.node.routes if route.access in wanted]


async def test_a_capability_call_sent_twice_counts_once(stage: Stage) -> None:
    for route in signed_routes(stage):
        await stage.renew(route)
        example = example_of(route, stage)
        shown = right_credentials(route, stage, example)
        headers = headers_of(route, stage, shown, path=example.path, body=example.body)
        first = await stage.node.send(
            route.method, example.path, headers=headers, body=example.body
        )
        again = await stage.node.send(
            route.method, example.path, headers=headers, body=example.body
        )
        assert (first.status, again.code) == (route.status, NO), route.path


@pytest.mark.parametrize(
    ("age_s", "code"), [(301, NO), (300, OPEN), (0, OPEN), (-60, OPEN), (-61, NO)]
)
async def test_a_capability_counts_for_five_minutes(
    stage: Stage, age_s: int, code: str
) -> None:
    path = offer_path(stage.offer_key)
    headers = stage.node.sign(stage.offer_key, "GET", path, age_s=age_s)
    assert (await stage.node.send("GET", path, headers=headers)).code == code


async def test_a_signature_over_another_method_path_or_query_is_refused(stage: Stage) -> None:
    node, key = stage.node, stage.offer_key
    path = offer_path(key)
    for method, target in [
        ("DELETE", path),
        ("GET", f"{path}/receipts"),
        ("GET", f"{path}?after=1"),
        ("GET", offer_path(stage.new_key)),
    ]:
        headers = node.sign(key, method, target)
        assert (await node.send("GET", path, headers=headers)).code == NO


async def test_a_signature_over_another_body_is_refused(stage: Stage) -> None:
    node, key = stage.node, stage.offer_key
    example = EXAMPLES["PATCH", "/api/v1/offers/{id}"](stage)
    assert example.body is not None
    other = example.body.replace(b"full", b"open")
    headers = node.sign(key, "PATCH", example.path, body=example.body)
    reply = await node.send("PATCH", example.path, headers=headers, body=other)
    assert reply.code == NO
    # With the digest put right the signature does not cover it.
    headers["Content-Digest"] = content_digest(other)
    reply = await node.send("PATCH", example.path, headers=headers, body=other)
    assert reply.code == NO


async def test_a_body_that_the_signature_does_not_cover_is_refused(stage: Stage) -> None:
    node = stage.node
    example = EXAMPLES["PATCH", "/api/v1/offers/{id}"](stage)
    headers = node.sign(stage.offer_key, "PATCH", example.path)
    headers["Content-Type"] = "application/json"
    reply = await node.send("PATCH", example.path, headers=headers, body=example.body)
    assert reply.code == NO


async def test_a_session_that_the_signature_does_not_cover_is_refused(stage: Stage) -> None:
    node, key = stage.node, stage.new_key
    body = msgspec.json.encode(node.offer_body())
    headers = node.sign(key, "PUT", offer_path(key), body=body) | stage.caller.session
    reply = await node.send("PUT", offer_path(key), headers=headers, body=body)
    assert reply.code == NO


async def test_a_signature_with_the_session_of_another_member_is_refused(stage: Stage) -> None:
    node, key = stage.node, stage.new_key
    other = await node.join()
    body = msgspec.json.encode(node.offer_body())
    headers = node.sign(key, "PUT", offer_path(key), body=body, headers=stage.caller.session)
    headers |= other.session
    reply = await node.send("PUT", offer_path(key), headers=headers, body=body)
    assert reply.code == NO


async def test_a_signature_made_for_something_else_is_refused(stage: Stage) -> None:
    node, key = stage.node, stage.offer_key
    path = offer_path(key)
    headers = sign_message(
        Message("GET", node.origin + path, node.authority, {}),
        key=key,
        key_id=node.sign(key, "GET", path)["Signature-Input"].split('keyid="')[1].split('"')[0],
        created=node.clock.now(),
        nonce=node.rng.bytes(16),
        tag=KITH_TAG,
    )
    assert (await node.send("GET", path, headers=headers)).code == NO


async def test_a_claimed_key_that_did_not_sign_is_refused(stage: Stage) -> None:
    node = stage.node
    path = offer_path(stage.offer_key)
    right = node.sign(stage.offer_key, "GET", path)
    wrong = node.sign(stage.new_key, "GET", path)
    headers = {**right, "Signature": wrong["Signature"]}
    assert (await node.send("GET", path, headers=headers)).code == NO
