from __future__ import annotations

import msgspec
import pytest

from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import MalformedError
from kith_crypto.objects import offer_id
from kith_node.http.bodies import encode_body
from kith_node.http.route import Access, Answer, Call, Credential
from kith_node.offers.routes import routes
from kith_protocol.api import (
    BundlesBody,
    EditBody,
    ExtendBody,
    OfferBody,
    OwnOfferAnswer,
    Receipt,
    ReceiptsAnswer,
)
from kith_protocol.errors import StaleError, WrongOwnerError
from kith_testing.offers_room import CONTENT, MEMBER, OffersRoom, bundle_of

PATH = "/api/v1/offers/{id}"


async def _call(
    room: OffersRoom,
    method: str,
    key: SigningKey,
    body: object = None,
    *,
    tail: str = "",
    of: SigningKey | None = None,
    if_match: str | None = None,
) -> Answer:
    """Call a route as the holder of *key*, on the offer of *of* if that is another one."""
    route = next(
        route
        for route in routes(room.offers)
        if (route.method, route.path) == (method, PATH + tail)
    )
    credential = Credential(key=key.verify_key)
    if route.access is Access.SESSION_AND_CAPABILITY:
        credential = Credential(member=MEMBER, role="member", key=key.verify_key)
    headers = {} if if_match is None else {"if-match": if_match}
    path = {"id": encode_base64url(offer_id((of or key).verify_key))}
    raw = b"" if body is None else msgspec.json.encode(body)
    assert len(raw) <= route.max_body
    return await route.handler(Call(path, {}, headers, raw, credential, b""))


def _offer(answer: Answer) -> OwnOfferAnswer:
    assert isinstance(answer.body, OwnOfferAnswer)
    # What goes out is what the struct promises.
    return msgspec.json.decode(encode_body(answer.body), type=OwnOfferAnswer)


def test_only_creating_takes_a_session_and_each_takes_the_offer_key(room: OffersRoom) -> None:
    access = {(route.method, route.path): route.access for route in routes(room.offers)}

    assert access == {
        ("PUT", PATH): Access.SESSION_AND_CAPABILITY,
        ("POST", f"{PATH}/extension"): Access.SESSION_AND_CAPABILITY,
        ("PUT", f"{PATH}/bundles"): Access.SESSION_AND_CAPABILITY,
        ("GET", PATH): Access.CAPABILITY,
        ("PATCH", PATH): Access.CAPABILITY,
        ("DELETE", PATH): Access.CAPABILITY,
        ("GET", f"{PATH}/receipts"): Access.CAPABILITY,
    }


async def test_the_way_of_an_offer(quick: OffersRoom) -> None:
    key = quick.key()
    body = OfferBody(CONTENT, quick.today + 30)
    published = await _call(quick, "PUT", key, body)
    assert published.status == 201
    assert _offer(published).object is msgspec.UNSET
    assert (await _call(quick, "PUT", key, body)).status == 200

    bundles = BundlesBody((encode_base64url(bundle_of(key, quick.today)),))
    assert (await _call(quick, "PUT", key, bundles, tail="/bundles")).status == 204
    await quick.release()
    shown = await _call(quick, "GET", key)
    assert _offer(shown).released
    assert shown.headers["ETag"] == published.headers["ETag"]

    edit = EditBody(msgspec.structs.replace(CONTENT, ways=("teach",)))
    edited = await _call(quick, "PATCH", key, edit, if_match=shown.headers["ETag"])
    assert _offer(edited).revision == 2
    with pytest.raises(StaleError):
        await _call(quick, "PATCH", key, edit, if_match=shown.headers["ETag"])
    extension = ExtendBody(quick.today + 60)
    extended = await _call(quick, "POST", key, extension, tail="/extension")
    assert _offer(extended).end_day == quick.today + 60

    assert (await _call(quick, "DELETE", key)).status == 204
    assert (await _call(quick, "DELETE", key)).status == 204
    receipts = (await _call(quick, "GET", key, tail="/receipts")).body
    assert receipts == ReceiptsAnswer((Receipt("https://peer.example/actor", "confirmed"),))


@pytest.mark.parametrize(
    ("method", "tail", "body"),
    [
        ("PUT", "", OfferBody(CONTENT, 20_800)),
        ("POST", "/extension", ExtendBody(20_850)),
        ("PUT", "/bundles", BundlesBody(("AAAA",))),
        ("GET", "", None),
        ("PATCH", "", EditBody(CONTENT)),
        ("DELETE", "", None),
        ("GET", "/receipts", None),
    ],
)
async def test_another_key_opens_nothing(
    quick: OffersRoom, method: str, tail: str, body: object
) -> None:
    owner = quick.key()
    await quick.publish(owner)
    await quick.release()

    with pytest.raises(WrongOwnerError):
        await _call(quick, method, quick.key(), body, tail=tail, of=owner)

    assert len(quick.outbox.live) == 1


@pytest.mark.parametrize(
    ("method", "tail"),
    [("PUT", ""), ("PATCH", ""), ("POST", "/extension"), ("PUT", "/bundles")],
)
@pytest.mark.parametrize("body", [{}, [], {"content": {}, "endDay": "x"}, {"more": 1}])
async def test_a_body_of_another_shape_is_refused(
    room: OffersRoom, method: str, tail: str, body: object
) -> None:
    with pytest.raises(MalformedError):
        await _call(room, method, room.key(), body, tail=tail)


async def test_a_path_that_is_no_id_is_refused(room: OffersRoom) -> None:
    route = next(route for route in routes(room.offers) if route.method == "GET")
    credential = Credential(key=room.key().verify_key)

    with pytest.raises(MalformedError):
        await route.handler(Call({"id": "short"}, {}, {}, b"", credential, b""))


async def test_the_longest_bundles_fit(room: OffersRoom) -> None:
    body = BundlesBody(("A" * 1778,) * 54)

    with pytest.raises(MalformedError):  # no bundles, but not too long either
        await _call(room, "PUT", room.key(), body, tail="/bundles")
