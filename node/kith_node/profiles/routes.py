"""Addresses of the profiles room."""

from __future__ import annotations

from kith_crypto.ed25519 import VerifyKey
from kith_crypto.encoding import parse_base64url
from kith_crypto.objects import ID_BYTES, offer_id, profile_id
from kith_node.http.bodies import decode_body
from kith_node.http.ownership import parse_owned_id
from kith_node.http.route import Access, Answer, Call, Route
from kith_node.profiles import store
from kith_node.profiles.service import Profiles
from kith_protocol.api import (
    ExtendBody,
    ProfileAnswer,
    ProfileBody,
    ProfilesAnswer,
    ShownOfferBody,
)

PATH = "/api/v1/profiles/{id}"
MAX_PROFILE_BYTES = 8192


def routes(service: Profiles) -> tuple[Route, ...]:
    """Return the room's addresses."""
    return (*_reader_routes(service), *_owner_routes(service), *_shown_routes(service))


def _reader_routes(service: Profiles) -> tuple[Route, ...]:
    async def list_profiles(call: Call) -> Answer:
        text = call.query.get("after")
        after = store.FIRST if text is None else parse_base64url(text, size=ID_BYTES)
        return Answer(body=await service.page(after=after))

    async def show_profile(call: Call) -> Answer:
        found = parse_base64url(call.path["id"], size=ID_BYTES)
        return Answer(body=await service.get(found))

    return (
        Route(
            "GET",
            "/api/v1/profiles",
            Access.READER,
            list_profiles,
            "Listed profiles of this community, page by page",
            answer=ProfilesAnswer,
            query=("after",),
        ),
        Route(
            "GET",
            PATH,
            Access.READER,
            show_profile,
            "One profile, listed or by its link",
            answer=ProfileAnswer,
        ),
    )


def _owner_routes(service: Profiles) -> tuple[Route, ...]:
    async def publish(call: Call) -> Answer:
        member, key = call.credential.member, call.credential.key
        assert member is not None  # the route asks for both
        assert key is not None
        profile, is_new = await service.publish(
            decode_body(call.body, ProfileBody),
            profile_id=parse_owned_id(call.path["id"], key, profile_id),
            key=key,
            member=member,
            role=call.credential.role,
        )
        return Answer(201 if is_new else 200, profile)

    async def edit(call: Call) -> Answer:
        body = decode_body(call.body, ProfileBody)
        return Answer(body=await service.edit(_own(call), body))

    async def extend(call: Call) -> Answer:
        assert call.credential.member is not None  # the route asks for a session
        body = decode_body(call.body, ExtendBody)
        profile = await service.extend(_own(call), body.end_day, member=call.credential.member)
        return Answer(body=profile)

    async def withdraw(call: Call) -> Answer:
        await service.withdraw(_own(call))
        return Answer(204)

    return (
        Route(
            "PUT",
            PATH,
            Access.SESSION_AND_CAPABILITY,
            publish,
            "Publish a profile",
            body=ProfileBody,
            answer=ProfileAnswer,
            status=201,
            max_body=MAX_PROFILE_BYTES,
        ),
        Route(
            "PATCH",
            PATH,
            Access.CAPABILITY,
            edit,
            "Change a profile or its listing",
            body=ProfileBody,
            answer=ProfileAnswer,
            max_body=MAX_PROFILE_BYTES,
        ),
        Route(
            "POST",
            f"{PATH}/extension",
            Access.SESSION_AND_CAPABILITY,
            extend,
            "Let a profile stand longer",
            body=ExtendBody,
            answer=ProfileAnswer,
        ),
        Route("DELETE", PATH, Access.CAPABILITY, withdraw, "Withdraw a profile", status=204),
    )


def _shown_routes(service: Profiles) -> tuple[Route, ...]:
    async def show_offer(call: Call) -> Answer:
        body = decode_body(call.body, ShownOfferBody)
        _own(call)
        await service.shown.put(body, profile_key=_key(call), offer_id=_offer(call))
        return Answer(204)

    async def hide_offer(call: Call) -> Answer:
        # Either of the two keys may take its word back.
        if offer_id(_key(call)) == _offer(call):
            profile = parse_base64url(call.path["id"], size=ID_BYTES)
        else:
            profile = _own(call)
        await service.shown.remove(profile_id=profile, offer_id=_offer(call))
        return Answer(204)

    path = f"{PATH}/offers/{{offer}}"
    return (
        Route(
            "PUT",
            path,
            Access.CAPABILITY,
            show_offer,
            "Let an offer stand under a profile, by the word of both keys",
            body=ShownOfferBody,
            status=204,
        ),
        Route(
            "DELETE",
            path,
            Access.CAPABILITY,
            hide_offer,
            "Take an offer away from a profile, by either key",
            status=204,
        ),
    )


def _key(call: Call) -> VerifyKey:
    assert call.credential.key is not None  # the route asks for a capability
    return call.credential.key


def _own(call: Call) -> bytes:
    return parse_owned_id(call.path["id"], call.credential.key, profile_id)


def _offer(call: Call) -> bytes:
    return parse_base64url(call.path["offer"], size=ID_BYTES)
