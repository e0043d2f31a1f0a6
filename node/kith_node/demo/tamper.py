"""What happens to an announcement whose words were changed after signing?

A community's own node key signs a request that carries three activities: an update of a real
offer with other words, a new offer made from the same words under another id, both with the
real proof, and the real offer as it is. The receiver must take the request, refuse the first
two, and know the third already. So it is the proof of each object that decides, not the
sender's signature alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import aiohttp
import msgspec

from kith_client.means import Means
from kith_crypto.canonical import canonical_bytes
from kith_crypto.content_digest import content_digest
from kith_crypto.errors import MalformedError
from kith_crypto.strict_json import JsonObject, parse_json_object
from kith_node.demo.errors import CheckError
from kith_node.demo.nodes import DemoNode
from kith_node.demo.view import View
from kith_node.federation.identity import NodeIdentity, load_identity
from kith_protocol.announcements import build_create, build_update
from kith_protocol.batch import ItemResult, encode_batch, parse_results
from kith_protocol.http_signature import make_message, sign_message
from kith_protocol.limits import MAX_DOCUMENT_BYTES
from kith_protocol.urls import batch_url, node_key_url, offer_url, parse_url

MEDIA_TYPE = "application/activity+json"
OTHER_WORDS = "Other words than those that were signed"
NONCE_BYTES = 16
ID_BYTES = 16

_TEXTS = "summaryMap"
_REVISION = "kith:revision"


class Forgery(msgspec.Struct, frozen=True):
    """What is sent.

    Attributes:
        activities: two tampered ones, and one that is real.
        invented: id of the offer that must not appear.
    """

    activities: tuple[bytes, ...]
    invented: str


async def send_tampered(
    sender: DemoNode, receiver: DemoNode, view: View, means: Means, data_dir: str
) -> tuple[int, str]:
    """Send tampered announcements; return how many were refused, and the id they invented.

    Args:
        sender: whose key signs the request.
        receiver: a peer of it.
        view: what *sender* shows.
        means: HTTP, clock and randomness.
        data_dir: folder of *sender*'s databases and keys.

    Raises:
        CheckError: the receiver did anything else than it must.
    """
    identity = load_identity(Path(data_dir) / "keys", origin=sender.origin)
    forgery = forge(pick_offer(view, sender.actor), identity, rng=means.rng.bytes)
    results = await _post(receiver, encode_batch(forgery.activities), identity, means)
    said = [result.status for result in results]
    if said != ["refused", "refused", "duplicate"]:
        raise CheckError(
            f"{receiver.community.name} says {', '.join(said)} to two tampered announcements "
            "and one that it knows"
        )
    return said.count("refused"), forgery.invented


def pick_offer(view: View, actor: str) -> JsonObject:
    """Return an offer of *actor* that says something in words.

    Raises:
        CheckError: there is none.
    """
    for raw in view.values():
        document = parse_json_object(raw, max_bytes=MAX_DOCUMENT_BYTES)
        if document["attributedTo"] == actor and _TEXTS in document:
            return document
    raise CheckError("no offer says anything in words, so none can be tampered with")


def forge(offer: JsonObject, identity: NodeIdentity, *, rng: Callable[[int], bytes]) -> Forgery:
    """Return announcements made from *offer*, which *identity* signed.

    Args:
        offer: with its proof.
        identity: of its author.
        rng: for the invented id.
    """
    texts, revision = offer[_TEXTS], offer[_REVISION]
    if not isinstance(texts, dict) or not isinstance(revision, int):
        raise MalformedError("not an offer that says something in words")
    words: JsonObject = dict.fromkeys(texts, OTHER_WORDS)
    changed: JsonObject = {**offer, _TEXTS: words, _REVISION: revision + 1}
    invented = offer_url(identity.origin, rng(ID_BYTES))
    publishes = offer["publishes"]
    assert isinstance(publishes, dict)
    copied: JsonObject = {
        **offer,
        "id": invented,
        "publishes": {**publishes, "id": f"{invented}#primary"},
    }
    activities = (
        build_update(identity.origin, changed),
        build_create(identity.origin, copied),
        build_create(identity.origin, offer),
    )
    return Forgery(tuple(canonical_bytes(activity) for activity in activities), invented)


async def _post(
    receiver: DemoNode, body: bytes, identity: NodeIdentity, means: Means
) -> Sequence[ItemResult]:
    url = parse_url(batch_url(receiver.origin), development=True)
    headers = {"Content-Type": MEDIA_TYPE, "Content-Digest": content_digest(body)}
    headers |= sign_message(
        make_message("POST", url, headers),
        key=identity.signing_key,
        key_id=node_key_url(identity.origin),
        created=means.clock.now(),
        nonce=means.rng.bytes(NONCE_BYTES),
    )
    assert means.http is not None
    try:
        async with means.http.post(url.text, data=body, headers=headers) as response:
            answer = await response.read()
            if response.status != 200:
                raise CheckError(f"{receiver.community.name} answers {response.status}")
    except aiohttp.ClientError as error:
        raise CheckError(f"{receiver.community.name} does not answer") from error
    return parse_results(answer, count=3)
