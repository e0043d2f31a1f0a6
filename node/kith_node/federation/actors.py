"""Other nodes' actor documents: fetching them, and whether to believe a new one.

A document counts as its node's because it came from its own id over TLS. A *new key* counts
only if a key already trusted signed the document that shows it; else somebody may have taken
the name over, and a steward has to compare fingerprints.

Source: SPEC.md, section on keys; FEP-fe34.
"""

from __future__ import annotations

import dataclasses

from kith_crypto.canonical import canonical_bytes
from kith_crypto.errors import CryptoError, RemoteError
from kith_crypto.strict_json import parse_json_object
from kith_node.federation.fetch import Fetcher
from kith_protocol.actor import Actor, parse_actor, verify_actor
from kith_protocol.limits import MAX_DOCUMENT_BYTES


@dataclasses.dataclass(frozen=True, slots=True)
class KnownActor:
    """An actor document and what it says; ``raw`` are its JCS bytes, proof included."""

    actor: Actor
    raw: bytes


def read_actor(raw: bytes, *, url: str, development: bool = False) -> KnownActor:
    """Return the actor in *raw*, its own proof verified.

    Args:
        raw: the document as fetched or stored.
        url: the id it was fetched from.
        development: loopback origins are taken.

    Raises:
        RemoteError: not an actor, or not the one of *url*.
        CryptoError: it has no proof by one of its own keys.
    """
    document = parse_json_object(raw, max_bytes=MAX_DOCUMENT_BYTES)
    actor = parse_actor(document, url=url, development=development)
    verify_actor(document, actor, actor.keys)
    return KnownActor(actor, canonical_bytes(document))


class ActorFetcher:
    """Fetches actor documents from their ids."""

    def __init__(self, fetcher: Fetcher, *, development: bool = False) -> None:
        self._fetcher = fetcher
        self._development = development

    async def fetch(self, url: str) -> KnownActor:
        """Return the actor whose id is *url*.

        Raises:
            UnavailableError: no answer.
            RemoteError: another answer than that actor's document.
            CryptoError: it is not signed by a key of its own.
        """
        # Not signed: actors are public, and signing would make the other side fetch ours.
        fetched = await self._fetcher.get(url, is_signed=False)
        return read_actor(fetched.body, url=url, development=self._development)


def is_vouched(old: KnownActor, new: KnownActor) -> bool:
    """Return whether *new* shows no key that the keys of *old* don't vouch for."""
    if all(old.actor.keys.get(key_id) == key for key_id, key in new.actor.keys.items()):
        return True
    try:
        document = parse_json_object(new.raw, max_bytes=MAX_DOCUMENT_BYTES)
        verify_actor(document, new.actor, old.actor.keys)
    except (RemoteError, CryptoError):
        return False
    return True
