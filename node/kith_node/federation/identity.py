"""The node's keys and the actor document made of them.

Keys are files in ``data_dir/keys``, readable by the node's user alone: an Ed25519 seed for
proofs and signatures, an RSA key for servers that know nothing else, and the keyholders' public
file, which comes from another machine. Without the last, federation stays off.

Source: SPEC.md, section on the actor; FEP-521a.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path

from kith_crypto.canonical import canonical_bytes
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_crypto.hashes import sha256
from kith_crypto.proof import sign_document
from kith_crypto.randomness import Rng
from kith_crypto.rsa import RsaSigningKey
from kith_crypto.seals import quarter_of
from kith_crypto.strict_json import JsonObject
from kith_node.runtime.system import Clock
from kith_protocol.actor import ActorDraft, build_actor
from kith_protocol.announcements import build_delete_actor
from kith_protocol.day import Day, day_of, format_day
from kith_protocol.keyholders_file import Keyholders, parse_keyholders_file
from kith_protocol.offer_content import Audience
from kith_protocol.urls import Origin, actor_url, node_key_url

SEED_NAME = "node-ed25519.seed"
RSA_NAME = "node-rsa.pem"
KEYHOLDERS_NAME = "keyholders.json"

_ETAG_BYTES = 16


class FederationOffError(UsageError):
    """The keyholders' public key is not set, so nothing may leave or come in."""

    code = "federation-off"
    safe = "This community does not exchange with others yet."


@dataclasses.dataclass(frozen=True, slots=True)
class NodeIdentity:
    """Who this node is.

    Attributes:
        origin: where it is reached.
        signing_key: signs objects, activities and requests.
        rsa_key: signs for servers without Ed25519.
        keyholders: the keyholders' public keys, or None where they are not set.
    """

    origin: Origin
    signing_key: SigningKey
    rsa_key: RsaSigningKey
    keyholders: Keyholders | None = None

    @property
    def actor(self) -> str:
        """The id of the node's actor."""
        return actor_url(self.origin)

    def sign(self, document: JsonObject, *, day: Day) -> JsonObject:
        """Return *document* with the node's proof, dated *day*."""
        return sign_document(
            document,
            self.signing_key,
            verification_method=node_key_url(self.origin),
            created=format_day(day),
        )

    def require_keyholders(self) -> None:
        """Return where the keyholders' public key is set.

        Raises:
            FederationOffError: it is not.
        """
        if self.keyholders is None:
            raise FederationOffError(
                "federation is off until the keyholders' public key is set: "
                "run `kith keyholder new` on another machine"
            )


def create_identity(folder: Path, *, rng: Rng) -> None:
    """Write new keys into *folder*, which is made where missing.

    Raises:
        UsageError: there are keys already.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_secret(folder / SEED_NAME, SigningKey.generate(rng).seed)
    _write_secret(folder / RSA_NAME, RsaSigningKey.generate().to_pem())


def load_identity(folder: Path, *, origin: Origin) -> NodeIdentity:
    """Return the identity whose keys are in *folder*.

    Args:
        folder: ``data_dir/keys``.
        origin: where the node is reached.

    Raises:
        UsageError: a key is missing.
        MalformedError: the keyholders' file is not one.
    """
    seed, pem = _read(folder / SEED_NAME), _read(folder / RSA_NAME)
    keyholders_path = folder / KEYHOLDERS_NAME
    keyholders = None
    if keyholders_path.exists():
        keyholders = parse_keyholders_file(keyholders_path.read_bytes())
    return NodeIdentity(
        origin, SigningKey.from_seed(seed), RsaSigningKey.from_pem(pem), keyholders
    )


def set_keyholders(folder: Path, raw: bytes) -> Keyholders:
    """Store the keyholders' public file and return what it says.

    Raises:
        MalformedError: *raw* is no such file.
    """
    keyholders = parse_keyholders_file(raw)
    (folder / KEYHOLDERS_NAME).write_bytes(raw)
    return keyholders


def build_revocation(identity: NodeIdentity, *, day: Day) -> bytes:
    """Return the signed ``Delete`` of the node, to be kept off the server.

    Whoever sends it to the peers ends the community there, also when the server is lost.
    """
    return canonical_bytes(identity.sign(build_delete_actor(identity.origin), day=day))


@dataclasses.dataclass(frozen=True, slots=True)
class Rendering:
    """The actor document as served: its bytes and their entity tag, quotes included."""

    body: bytes
    etag: str


class ActorDocument:
    """The node's own actor document, signed anew when a key in it is another one.

    Args:
        identity: whose document it is.
        name: of the community.
        summary: one paragraph, plain text.
        programme: ``adults`` or ``youth``.
        clock: says which quarter it is.
        moderators_key: returns their public key, or None.
    """

    def __init__(
        self,
        identity: NodeIdentity,
        *,
        name: str,
        summary: str,
        programme: Audience,
        clock: Clock,
        moderators_key: Callable[[], bytes | None] = lambda: None,
    ) -> None:
        self._identity = identity
        self._name = name
        self._summary = summary
        self._programme = programme
        self._clock = clock
        self._moderators_key = moderators_key
        self._rendered: tuple[tuple[int, bytes | None], Rendering] | None = None

    def render(self) -> Rendering:
        """Return the document of today."""
        today = day_of(self._clock.now())
        epoch = quarter_of(today)
        state = (epoch, self._moderators_key())
        if self._rendered is None or self._rendered[0] != state:
            body = canonical_bytes(self._identity.sign(self._build(epoch), day=today))
            tag = encode_base64url(sha256(body)[:_ETAG_BYTES])
            self._rendered = (state, Rendering(body, f'"{tag}"'))
        return self._rendered[1]

    def _build(self, epoch: int) -> JsonObject:
        keyholders = self._identity.keyholders
        return build_actor(
            ActorDraft(
                origin=self._identity.origin,
                name=self._name,
                summary=self._summary,
                programme=self._programme,
                verify_key=self._identity.signing_key.verify_key,
                rsa_public_pem=self._identity.rsa_key.public_pem(),
                keyholders=None if keyholders is None else keyholders.quarters.get(epoch),
                moderators_key=self._moderators_key(),
            )
        )


def _write_secret(path: Path, secret: bytes) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise UsageError(f"{path.name} exists already: this node has its keys") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path.name}: run `kith init` first") from error
