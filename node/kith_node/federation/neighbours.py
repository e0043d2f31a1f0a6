"""The nodes that envelopes go to and come from, with the keys that their stamps bear.

Peers are known by their actor documents as last trusted; of introduced ones, with which nothing
is agreed, by their documents as fetched from their ids. Members' clients get the whole list,
the same for everybody, so that asking for it tells nothing.

Source: SPEC.md, sections on keys and mailboxes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kith_crypto.ed25519 import VerifyKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import CryptoError, RemoteError, UnavailableError
from kith_crypto.fingerprint import fingerprint_words
from kith_crypto.strict_json import parse_json_object
from kith_node.federation.identity import Rendering
from kith_node.federation.keys import KeyBook
from kith_node.federation.standing import Standing, Standings
from kith_protocol.actor import Actor, parse_actor
from kith_protocol.errors import NotAPeerError
from kith_protocol.limits import MAX_DOCUMENT_BYTES, MAX_FETCHES_PER_REQUEST
from kith_protocol.offer_content import Audience
from kith_protocol.sealed_api import PeerAnswer, PeersAnswer
from kith_protocol.urls import Origin, actor_url


def stamp_keys_of(actor: Actor) -> tuple[VerifyKey, ...]:
    """Return the keys by which stamps of *actor* are verified, the present ones first.

    Keys that it retired in the last 60 days belong here, too, once actors list them.
    """
    return tuple(actor.keys.values())


class Neighbours:
    """Answers for the nodes that we exchange envelopes with.

    Args:
        origin: our own.
        render: our own actor document.
        standings: which nodes there are.
        keys: their documents.
        programme: nodes of another one exchange nothing with us.
        development: loopback origins are taken.
    """

    def __init__(
        self,
        origin: Origin,
        *,
        render: Callable[[], Rendering],
        standings: Standings,
        keys: KeyBook,
        programme: Audience,
        development: bool = False,
    ) -> None:
        self._origin = origin
        self._render = render
        self._standings = standings
        self._keys = keys
        self._programme: Audience = programme
        self._development = development
        self._read: tuple[Rendering, Actor] | None = None

    async def stamp_keys(self, node: Origin) -> tuple[VerifyKey, ...]:
        """Return the keys by which stamps of *node* are verified.

        Args:
            node: the node that delivers an envelope, or our own.

        Raises:
            NotAPeerError: it may not deliver any: it is a stranger, blocked, cut off for
                longer than its boxes work, or of another programme.
            UnavailableError: it is introduced, and its document cannot be fetched now.
            RemoteError, CryptoError: its document is not in order.
        """
        standing = await self._standings.of(node)
        if standing is None:
            raise NotAPeerError("it may not deliver envelopes")
        if standing.kind == "self":
            return stamp_keys_of(self._own())
        actor = (await self._keys.actor(actor_url(node))).actor
        if actor.programme != self._programme:
            raise NotAPeerError("of another programme")
        return stamp_keys_of(actor)

    async def peers(self) -> PeersAnswer:
        """Return the list for members' clients, our own node first.

        Introduced nodes that cannot be reached now are left out, as nobody could verify
        anything of theirs.
        """
        answers = [_answer(self._own(), Standing("self"))]
        fetches = MAX_FETCHES_PER_REQUEST
        for node, standing in sorted((await self._standings.all()).items()):
            known = await self._keys.remembered(actor_url(node))
            if node == self._origin or (known is None and not fetches):
                continue
            try:
                fetches -= known is None
                known = known or await self._keys.actor(actor_url(node))
            except (RemoteError, CryptoError, UnavailableError):
                continue
            if known.actor.programme == self._programme:
                answers.append(_answer(known.actor, standing))
        return PeersAnswer(tuple(answers))

    def _own(self) -> Actor:
        rendering = self._render()
        if self._read is None or self._read[0] != rendering:
            document = parse_json_object(rendering.body, max_bytes=MAX_DOCUMENT_BYTES)
            url = actor_url(self._origin)
            actor = parse_actor(document, url=url, development=self._development)
            self._read = (rendering, actor)
        return self._read[1]


def _answer(actor: Actor, standing: Standing) -> PeerAnswer:
    keyholders = actor.keyholders
    return PeerAnswer(
        node=actor.origin,
        name=actor.name,
        standing=standing.kind,
        keys=_encode_all(stamp_keys_of(actor)),
        moderators_key=encode_base64url(actor.moderators_key or b""),
        keyholders=() if keyholders is None else fingerprint_words(keyholders.verify_key),
        until_day=standing.until_day,
    )


def _encode_all(keys: Iterable[VerifyKey]) -> tuple[str, ...]:
    return tuple(encode_base64url(key) for key in keys)
