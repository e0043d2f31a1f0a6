"""Opening seals: what keyholders do, away from the server, with a whole valid proof in hand.

Each function checks the proof itself before it opens anything, and that the seal belongs to the
very thing that was proven. A seal proves what the node said that made it: a lying node can name
the wrong member. Keeping a log of openings is the caller's part.
"""

from collections.abc import Sequence

import msgspec

from kith_crypto.core import Core
from kith_crypto.ed25519 import VerifyKey
from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import DecryptionError, MalformedError, SignatureError
from kith_crypto.hashes import is_equal, sha256
from kith_crypto.objects import ID_BYTES, community_id
from kith_crypto.proof import verify_document
from kith_crypto.report import Report, verify_report
from kith_crypto.seals import KIND_ENVELOPE, KIND_OFFER, open_seal, quarter_of
from kith_crypto.sender_seal import envelope_digest
from kith_crypto.strict_json import JsonObject

_OFFER_PATH = "/offers/"


class Sender(msgspec.Struct, frozen=True):
    """Who sent a proven message, and what it says. Its ``repr`` shows nothing.

    Attributes:
        member_id: 16 bytes.
        core: what was written, to be shown beside the id.
    """

    member_id: bytes
    core: Core

    def __repr__(self) -> str:
        return "Sender(...)"


def open_sender(
    seed: bytes,
    seal: bytes,
    report: Report,
    *,
    node_keys: Sequence[VerifyKey],
    community: bytes,
) -> Sender:
    """Return who sent the message that *report* proves.

    Args:
        seed: of the keyholders' quarter in which the message was sent, 32 bytes.
        seal: as the sending node unwrapped it.
        report: the whole report.
        node_keys: the sending node's present and lately retired keys.
        community: ``objects.community_id`` of the sending node's actor, 16 bytes.

    Raises:
        SignatureError: the report is not a whole valid proof; nothing was opened.
        DecryptionError: not a seal for this key and quarter, or not of this envelope.
    """
    proven = verify_report(report, node_keys)
    mark = proven.postmark
    opened = open_seal(
        seed, seal, kind=KIND_ENVELOPE, community=community, epoch=quarter_of(mark.day)
    )
    digest = envelope_digest(mark.box, mark.commitment, mark.sealed_hash)
    if not is_equal(opened.digest, digest):
        raise DecryptionError("cannot be opened")
    return Sender(member_id=opened.member_id, core=proven.core)


def open_offer_owner(
    seed: bytes, seal: bytes, document: JsonObject, *, node_key: VerifyKey, epoch: int
) -> bytes:
    """Return the id, 16 bytes, of the member who owns a signed offer.

    Args:
        seed: of the keyholders' quarter *epoch*, 32 bytes.
        seal: the owner seal, as the node keeps it.
        document: the offer with its proof; names its node and, last in its ``id``, the offer.
        node_key: the key that signed the document, trusted as that node's.
        epoch: the quarter in which the seal was made or renewed, as ``quarter_of`` counts.

    Raises:
        SignatureError: the offer's proof is not valid, or it is no offer of its author;
            nothing was opened.
        DecryptionError: not a seal for this key, community and quarter, or of another offer.
    """
    unsigned = verify_document(document, node_key)
    actor, offer_url = unsigned.get("attributedTo"), unsigned.get("id")
    if not isinstance(actor, str) or not isinstance(offer_url, str):
        raise SignatureError("not an offer")
    origin, path, name = offer_url.rpartition(_OFFER_PATH)
    if not path or actor != f"{origin}/actor":
        raise SignatureError("not an offer of its author")
    try:
        offer_id = parse_base64url(name, size=ID_BYTES)
    except MalformedError as error:
        raise SignatureError("not an offer") from error
    opened = open_seal(seed, seal, kind=KIND_OFFER, community=community_id(actor), epoch=epoch)
    if not is_equal(opened.digest, sha256(offer_id)):
        raise DecryptionError("cannot be opened")
    return opened.member_id


def is_owner(
    seed: bytes,
    seal: bytes,
    member_id: bytes,
    *,
    object_id: bytes,
    kind: int,
    community: bytes,
    epoch: int,
) -> bool:
    """Return whether the owner seal of an object names *member_id*, and nothing else of it.

    For finding what a suspended member still owns.

    Args:
        seed: of the keyholders' quarter *epoch*, 32 bytes.
        seal: the owner seal, as the node keeps it.
        member_id: of the suspended member, 16 bytes.
        object_id: of the offer or profile, 16 bytes.
        kind: ``KIND_OFFER`` or ``KIND_PROFILE``.
        community: 16 bytes.
        epoch: the quarter in which the seal was made or renewed.

    Raises:
        DecryptionError: not a seal for this key, community and quarter, or of another object.
    """
    opened = open_seal(seed, seal, kind=kind, community=community, epoch=epoch)
    if not is_equal(opened.digest, sha256(object_id)):
        raise DecryptionError("cannot be opened")
    return is_equal(opened.member_id, member_id)
