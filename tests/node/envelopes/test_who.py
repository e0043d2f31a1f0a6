"""``who``: the same for one member at one offer, different everywhere else, stored nowhere."""

from __future__ import annotations

import msgspec
import pytest

from kith_crypto.ed25519 import SigningKey, VerifyKey
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import SignatureError
from kith_crypto.recognition import verify_who
from kith_node.envelopes.quota import WHOS_A_WEEK
from kith_protocol.sealed_api import WhoAnswer, WhoBody
from kith_testing.clock import FakeClock
from kith_testing.node import Caller, LocalNode, Reply

OFFER = b"o" * 16
MENTEE = SigningKey.from_seed(b"m" * 32).verify_key


async def _ask(
    node: LocalNode, caller: Caller, *, offer: bytes = OFFER, key: bytes = MENTEE
) -> Reply:
    body = WhoBody(encode_base64url(offer), encode_base64url(key))
    return await node.send_json("POST", "/api/v1/who", body, headers=caller.session)


async def _who(node: LocalNode, caller: Caller, *, offer: bytes = OFFER) -> WhoAnswer:
    reply = await _ask(node, caller, offer=offer)
    assert reply.status == 200, reply.body
    return msgspec.json.decode(reply.body, type=WhoAnswer)


async def test_the_signature_is_the_nodes_over_offer_key_and_day(here: LocalNode) -> None:
    answer = await _who(here, await here.join())
    keys = [here.node.identity.signing_key.verify_key]
    who, signature = parse_base64url(answer.who), parse_base64url(answer.signature)
    assert answer.day == here.today
    verify_who(keys, signature, who, offer_id=OFFER, mentee_key=MENTEE, day=answer.day)
    with pytest.raises(SignatureError):
        verify_who(keys, signature, who, offer_id=b"p" * 16, mentee_key=MENTEE, day=answer.day)


async def test_a_member_is_the_same_at_one_offer_and_another_at_every_other(
    here: LocalNode,
) -> None:
    one, other = await here.join(), await here.join()
    assert (await _who(here, one)).who == (await _who(here, one)).who
    assert (await _who(here, one)).who != (await _who(here, other)).who
    assert (await _who(here, one)).who != (await _who(here, one, offer=b"p" * 16)).who


async def test_it_changes_with_the_year_and_the_key_is_destroyed(
    here: LocalNode, clock: FakeClock
) -> None:
    caller = await here.join()
    before = (await _who(here, caller)).who
    clock.advance(366 * 86_400)
    await here.node.envelopes.run_keys()
    members = here.dump()["members.members"]
    fresh = await here.join()
    assert members
    assert (await _who(here, fresh)).who != before


async def test_asking_stores_nothing_and_is_limited(here: LocalNode) -> None:
    caller = await here.join()
    before = here.dump()
    for _ in range(WHOS_A_WEEK):
        await _who(here, caller)
    assert here.dump() == before
    assert (await _ask(here, caller)).status == 429
    assert (await _ask(here, await here.join())).status == 200


async def test_a_key_that_is_none_is_refused(here: LocalNode) -> None:
    caller = await here.join()
    assert (await _ask(here, caller, key=VerifyKey(bytes(32)))).status == 400
    assert (await _ask(here, caller, offer=b"short")).status == 400
