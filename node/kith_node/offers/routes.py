"""Addresses of the offers room. Nothing here lists anybody's offers: owners know their ids."""

from __future__ import annotations

from kith_crypto.objects import offer_id
from kith_node.http.bodies import decode_body
from kith_node.http.ownership import parse_owned_id
from kith_node.http.route import Access, Answer, Call, MemberId, Route
from kith_node.offers.documents import OwnOffer, answer_of, etag_of
from kith_node.offers.service import Offers
from kith_protocol.api import (
    BundlesBody,
    EditBody,
    ExtendBody,
    OfferBody,
    OwnOfferAnswer,
    ReceiptsAnswer,
)

PATH = "/api/v1/offers/{id}"
MAX_OFFER_BYTES = 32_768  # six languages of text
MAX_BUNDLES_BYTES = 131_072  # 54 weeks


def routes(service: Offers) -> tuple[Route, ...]:
    """Return the room's addresses."""
    return (*_creating_routes(service), *_owner_routes(service))


def _creating_routes(service: Offers) -> tuple[Route, ...]:
    async def publish(call: Call) -> Answer:
        assert call.credential.key is not None  # the route asks for a capability
        offer, is_new = await service.publisher.publish(
            decode_body(call.body, OfferBody),
            offer_id=_own(call),
            key=call.credential.key,
            member=_member(call),
            role=call.credential.role,
        )
        return _answer(offer, 201 if is_new else 200)

    async def extend(call: Call) -> Answer:
        body = decode_body(call.body, ExtendBody)
        offer = await service.editor.extend(_own(call), body.end_day, member=_member(call))
        return _answer(offer)

    async def put_bundles(call: Call) -> Answer:
        body = decode_body(call.body, BundlesBody)
        await service.bundles.put(_own(call), body.bundles)
        return Answer(204)

    return (
        Route(
            "PUT",
            PATH,
            Access.SESSION_AND_CAPABILITY,
            publish,
            "Publish an offer; it leaves with the next release",
            body=OfferBody,
            answer=OwnOfferAnswer,
            status=201,
            max_body=MAX_OFFER_BYTES,
        ),
        Route(
            "POST",
            f"{PATH}/extension",
            Access.SESSION_AND_CAPABILITY,
            extend,
            "Let an offer stand longer",
            body=ExtendBody,
            answer=OwnOfferAnswer,
        ),
        Route(
            "PUT",
            f"{PATH}/bundles",
            Access.SESSION_AND_CAPABILITY,
            put_bundles,
            "Upload key bundles, one per calendar week",
            body=BundlesBody,
            status=204,
            max_body=MAX_BUNDLES_BYTES,
        ),
    )


def _owner_routes(service: Offers) -> tuple[Route, ...]:
    async def show(call: Call) -> Answer:
        return _answer(await service.editor.get(_own(call)))

    async def edit(call: Call) -> Answer:
        body = decode_body(call.body, EditBody)
        if_match = call.headers.get("if-match")
        return _answer(await service.editor.edit(_own(call), body.content, if_match=if_match))

    async def withdraw(call: Call) -> Answer:
        await service.endings.withdraw(_own(call))
        return Answer(204)

    async def show_receipts(call: Call) -> Answer:
        return Answer(body=await service.endings.receipts(_own(call)))

    return (
        Route(
            "GET",
            PATH,
            Access.CAPABILITY,
            show,
            "Your own offer as the node holds it",
            answer=OwnOfferAnswer,
        ),
        Route(
            "PATCH",
            PATH,
            Access.CAPABILITY,
            edit,
            "Change an offer; the change leaves with a later release",
            body=EditBody,
            answer=OwnOfferAnswer,
            max_body=MAX_OFFER_BYTES,
        ),
        Route(
            "DELETE",
            PATH,
            Access.CAPABILITY,
            withdraw,
            "Withdraw an offer, here and everywhere, at once",
            status=204,
        ),
        Route(
            "GET",
            f"{PATH}/receipts",
            Access.CAPABILITY,
            show_receipts,
            "What peers said of the withdrawal",
            answer=ReceiptsAnswer,
        ),
    )


def _own(call: Call) -> bytes:
    return parse_owned_id(call.path["id"], call.credential.key, offer_id)


def _member(call: Call) -> MemberId:
    assert call.credential.member is not None  # the route asks for a session
    return call.credential.member


def _answer(offer: OwnOffer, status: int = 200) -> Answer:
    return Answer(status, answer_of(offer), headers={"ETag": etag_of(offer.draft)})
