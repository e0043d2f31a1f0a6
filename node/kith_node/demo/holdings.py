"""Does every node hold exactly what its peers published, and nothing that is gone?

Plain comparisons over what nodes show; getting that is ``view.py``'s part.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from kith_crypto.ed25519 import VerifyKey
from kith_crypto.errors import CryptoError
from kith_crypto.proof import verify_document
from kith_crypto.strict_json import parse_json_object
from kith_node.demo.view import View
from kith_protocol.limits import MAX_DOCUMENT_BYTES
from kith_protocol.urls import actor_url, origin_of


def author_of(offer_id: str) -> str:
    """Return the actor whose offer *offer_id* is: offers live at their author's origin."""
    return actor_url(origin_of(offer_id, development=True))


def find_differences(
    views: Mapping[str, View], published: Mapping[str, Collection[str]]
) -> list[str]:
    """Return a line for each way in which a node differs from what was published.

    A node must show the ids that were published there, all of them, and of each other node
    exactly the offers that this one shows as its own, with the same bytes.

    Args:
        views: actor of a node to what it shows.
        published: the same actors to the ids of what must stand there now.
    """
    lines: list[str] = []
    whole: View = {}
    for actor, view in views.items():
        own = {one: raw for one, raw in view.items() if author_of(one) == actor}
        lines += _compare_ids(f"{actor} shows of its own", set(own), set(published[actor]))
        whole |= own
    for actor, view in views.items():
        lines += _compare_ids(f"{actor} shows of all", set(view), set(whole))
        other = sum(view[one] != whole[one] for one in view.keys() & whole.keys())
        if other:
            lines.append(f"{actor} shows {other} offers with other bytes than their author")
    return lines


def find_survivors(views: Mapping[str, View], gone: Collection[str]) -> list[str]:
    """Return a line for each node that still shows one of *gone*."""
    left = {actor: len(view.keys() & set(gone)) for actor, view in views.items()}
    return [f"{actor} shows {count} that are gone" for actor, count in left.items() if count]


def verify_proofs(views: Iterable[View], keys: Mapping[str, VerifyKey]) -> list[str]:
    """Return a line for each offer whose proof is not its author's.

    Each distinct object is verified once, with keys from the authors' own actors.

    Args:
        views: what nodes show.
        keys: actor to its key.
    """
    lines: list[str] = []
    distinct = {(one, raw) for view in views for one, raw in view.items()}
    for offer_id, raw in distinct:
        document = parse_json_object(raw, max_bytes=MAX_DOCUMENT_BYTES)
        try:
            verify_document(document, keys[author_of(offer_id)])
        except CryptoError:
            lines.append(f"{offer_id} has no valid proof")
    return lines


def count_remote(views: Mapping[str, View]) -> int:
    """Return how many offers of others all nodes show together."""
    return sum(author_of(one) != actor for actor, view in views.items() for one in view)


def _compare_ids(what: str, found: Collection[str], expected: Collection[str]) -> Sequence[str]:
    missing, surplus = set(expected) - set(found), set(found) - set(expected)
    if not missing and not surplus:
        return ()
    return (f"{what}: {len(found)}, with {len(missing)} missing and {len(surplus)} too many",)
