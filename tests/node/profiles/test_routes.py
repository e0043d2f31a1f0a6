from __future__ import annotations

import msgspec
import pytest

from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import MalformedError
from kith_crypto.objects import offer_id, profile_id
from kith_node.http.route import Access, Answer, Call, Credential
from kith_node.profiles.routes import routes
from kith_protocol.api import (
    ExtendBody,
    ProfileAnswer,
    ProfileBody,
    ProfilesAnswer,
    ShownOfferBody,
)
from kith_protocol.errors import NotFoundError, WrongOwnerError
from kith_protocol.offer_content import ProfileContent
from kith_protocol.shown import sign_shown
from kith_testing.offers_room import MEMBER, OffersRoom, url_of

PATH = "/api/v1/profiles/{id}"
SHOWN = f"{PATH}/offers/{{offer}}"
CONTENT = ProfileContent(pseudonym="Ash", picture="0123456789abcdef")
SOME_ID = "A" * 22


async def _call(
    room: OffersRoom,
    method: str,
    path: str,
    body: object = None,
    *,
    key: SigningKey | None = None,
    names: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
) -> Answer:
    route = next(
        route for route in routes(room.profiles) if (route.method, route.path) == (method, path)
    )
    verify_key = None if key is None else key.verify_key
    credential = Credential(key=verify_key)
    if route.access is Access.SESSION_AND_CAPABILITY:
        credential = Credential(member=MEMBER, role="member", key=verify_key)
    raw = b"" if body is None else msgspec.json.encode(body)
    call = Call(names or {}, query or {}, {}, raw, credential, b"")
    return await route.handler(call)


def _id(key: SigningKey) -> dict[str, str]:
    return {"id": encode_base64url(profile_id(key.verify_key))}


def test_each_address_takes_the_credential_it_needs(room: OffersRoom) -> None:
    access = {(route.method, route.path): route.access for route in routes(room.profiles)}

    assert access == {
        ("GET", "/api/v1/profiles"): Access.READER,
        ("GET", PATH): Access.READER,
        ("PUT", PATH): Access.SESSION_AND_CAPABILITY,
        ("PATCH", PATH): Access.CAPABILITY,
        ("POST", f"{PATH}/extension"): Access.SESSION_AND_CAPABILITY,
        ("DELETE", PATH): Access.CAPABILITY,
        ("PUT", SHOWN): Access.CAPABILITY,
        ("DELETE", SHOWN): Access.CAPABILITY,
    }


async def test_the_way_of_a_profile(quick: OffersRoom) -> None:
    key, offer = quick.key(), quick.key()
    await quick.publish(offer)
    await quick.release()
    body = ProfileBody(CONTENT, True, quick.today + 30)
    assert (await _call(quick, "PUT", PATH, body, key=key, names=_id(key))).status == 201
    assert (await _call(quick, "PUT", PATH, body, key=key, names=_id(key))).status == 200

    by_profile, by_offer = sign_shown(key, offer)
    signed = ShownOfferBody(encode_base64url(by_profile), encode_base64url(by_offer))
    pair = {**_id(key), "offer": encode_base64url(offer_id(offer.verify_key))}
    assert (await _call(quick, "PUT", SHOWN, signed, key=key, names=pair)).status == 204
    listed = (await _call(quick, "GET", "/api/v1/profiles")).body
    assert isinstance(listed, ProfilesAnswer)
    assert [one.offers for one in listed.profiles] == [(url_of(offer),)]

    await _call(
        quick,
        "POST",
        f"{PATH}/extension",
        ExtendBody(quick.today + 50),
        key=key,
        names=_id(key),
    )
    hidden = msgspec.structs.replace(body, listed=False)
    edited = (await _call(quick, "PATCH", PATH, hidden, key=key, names=_id(key))).body
    shown = (await _call(quick, "GET", PATH, names=_id(key))).body
    assert isinstance(shown, ProfileAnswer)
    assert shown == edited
    listed = (await _call(quick, "GET", "/api/v1/profiles")).body
    assert isinstance(listed, ProfilesAnswer)
    assert listed.profiles == ()

    assert (await _call(quick, "DELETE", PATH, key=key, names=_id(key))).status == 204
    with pytest.raises(NotFoundError):
        await _call(quick, "GET", PATH, names=_id(key))


@pytest.mark.parametrize("of", ["profile", "offer"])
async def test_either_key_takes_its_word_back(quick: OffersRoom, of: str) -> None:
    keys = {"profile": quick.key(), "offer": quick.key()}
    await quick.publish(keys["offer"])
    body = ProfileBody(CONTENT, True, quick.today + 30)
    names = _id(keys["profile"])
    await _call(quick, "PUT", PATH, body, key=keys["profile"], names=names)
    by_profile, by_offer = sign_shown(keys["profile"], keys["offer"])
    signed = ShownOfferBody(encode_base64url(by_profile), encode_base64url(by_offer))
    names["offer"] = encode_base64url(offer_id(keys["offer"].verify_key))
    await _call(quick, "PUT", SHOWN, signed, key=keys["profile"], names=names)

    with pytest.raises(WrongOwnerError):
        await _call(quick, "DELETE", SHOWN, key=quick.key(), names=names)
    assert len(await quick.rows("shown_offers")) == 1
    await _call(quick, "DELETE", SHOWN, key=keys[of], names=names)

    assert await quick.rows("shown_offers") == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", PATH, ProfileBody(CONTENT, True, 20_800)),
        ("PATCH", PATH, ProfileBody(CONTENT, True, 20_780)),
        ("POST", f"{PATH}/extension", ExtendBody(20_850)),
        ("DELETE", PATH, None),
        ("PUT", SHOWN, ShownOfferBody("A" * 86, "A" * 86)),
    ],
)
async def test_another_key_opens_nothing(
    room: OffersRoom, method: str, path: str, body: object
) -> None:
    owner = room.key()
    published = ProfileBody(CONTENT, True, room.today + 30)
    await _call(room, "PUT", PATH, published, key=owner, names=_id(owner))
    before = await room.rows("profiles")

    with pytest.raises(WrongOwnerError):
        await _call(
            room, method, path, body, key=room.key(), names={**_id(owner), "offer": SOME_ID}
        )

    assert await room.rows("profiles") == before


@pytest.mark.parametrize(
    ("names", "query", "path"),
    [({"id": "x"}, {}, PATH), ({}, {"after": "x"}, "/api/v1/profiles")],
)
async def test_what_is_no_id_is_refused(
    room: OffersRoom, names: dict[str, str], query: dict[str, str], path: str
) -> None:
    with pytest.raises(MalformedError):
        await _call(room, "GET", path, names=names, query=query)


async def test_the_list_goes_on_after_an_id(room: OffersRoom) -> None:
    keys = [room.key() for _ in range(3)]
    for key in keys:
        body = ProfileBody(CONTENT, True, room.today + 30)
        await _call(room, "PUT", PATH, body, key=key, names=_id(key))
    ids = sorted(profile_id(key.verify_key) for key in keys)

    answer = await _call(
        room, "GET", "/api/v1/profiles", query={"after": encode_base64url(ids[0])}
    )

    assert isinstance(answer.body, ProfilesAnswer)
    assert [one.id for one in answer.body.profiles] == [
        encode_base64url(one) for one in ids[1:]
    ]
