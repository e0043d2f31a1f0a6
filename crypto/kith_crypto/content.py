"""The content of an envelope: a core, sealed to one key and signed by one writer.

The sealed text is HPKE of ``signature(64) ‖ frank key(32) ‖ length(4) ‖ core ‖ zeros``. Its
``info`` is a context, the recipient's key id and the commitment; the signature by the writer's
conversation key covers box, key id, commitment and core, so a message can't be passed off as
written to somebody else. Which context and writer are right for which message is for
``message`` to say.

Source: RFC 9180 for HPKE; crypto spec, one-to-one conversations.
"""

from collections.abc import Sequence

import msgspec

from kith_crypto.commitment import FRANK_KEY_BYTES, commit, verify_commitment
from kith_crypto.core import Core, encode_core, parse_core
from kith_crypto.ed25519 import SIGNATURE_BYTES, SigningKey, VerifyKey, verify_ed25519
from kith_crypto.envelope import LARGEST_SEALED_BYTES, Unstamped
from kith_crypto.errors import DecryptionError, KithError
from kith_crypto.hashes import is_equal
from kith_crypto.hpke import OVERHEAD_BYTES, open_sealed, seal, sealing_public_key
from kith_crypto.objects import ID_BYTES, key_id
from kith_crypto.padding import LENGTH_BYTES, bucket_bytes, frame, unframe
from kith_crypto.randomness import Rng
from kith_crypto.stamp import Stamped

_PROOF_BYTES = SIGNATURE_BYTES + FRANK_KEY_BYTES
AROUND_CORE_BYTES = OVERHEAD_BYTES + _PROOF_BYTES + LENGTH_BYTES  # 1236
MAX_CORE_BYTES = LARGEST_SEALED_BYTES - AROUND_CORE_BYTES  # 64300

_SIGNATURE_LABEL = b"kith/msg-sig/v1\0"


class Opened(msgspec.Struct, frozen=True):
    """A message that was opened and verified. Its ``repr`` shows nothing.

    Attributes:
        core: what was written.
        raw: the encoded core, as it was signed and committed to.
        frank_key: opens the commitment, 32 bytes; proves the message to moderators.
        signature: the writer's, 64 bytes.
        writer: the conversation key that made the signature.
        place: which of the seeds opened it, from 0.
    """

    core: Core
    raw: bytes
    frank_key: bytes
    signature: bytes
    writer: VerifyKey
    place: int

    def __repr__(self) -> str:
        return "Opened(...)"


class Content(msgspec.Struct, frozen=True):
    """What came out of the AEAD: its commitment verified, its signature not.

    Its ``repr`` shows nothing.

    Attributes:
        core: what was written.
        raw: the encoded core.
        frank_key: 32 bytes.
        signature: 64 bytes, of whoever it may be.
        kid: id of the key it was sealed to, 16 bytes.
        place: which of the seeds opened it, from 0.
    """

    core: Core
    raw: bytes
    frank_key: bytes
    signature: bytes
    kid: bytes
    place: int

    def __repr__(self) -> str:
        return "Content(...)"


def seal_content(
    core: Core,
    *,
    writer: SigningKey,
    context: bytes,
    sealing_key: bytes,
    box: bytes,
    rng: Rng,
    smallest: int,
    largest: int = LARGEST_SEALED_BYTES,
) -> Unstamped:
    """Return *core*, sealed and signed, ready to be handed in.

    Args:
        core: any message.
        writer: the conversation key that signs.
        context: label and whatever else says where it goes; of fixed length for its label.
        sealing_key: the recipient's, 1216 bytes.
        box: where it goes, 16 bytes.
        rng: for the key of the commitment.
        smallest: the smallest sealed size to use, one of ``SEALED_SIZES``.
        largest: the largest.

    Raises:
        TooLargeError: the core does not fit *largest*.
        KeyRefusedError: *sealing_key* is not a sealing key.
        ValueError: a part of another size.
    """
    if len(box) != ID_BYTES:
        raise ValueError("a box is named by 16 bytes")
    raw = encode_core(core)
    size = bucket_bytes(len(raw) + AROUND_CORE_BYTES, smallest=smallest, largest=largest)
    frank_key = rng.bytes(FRANK_KEY_BYTES)
    commitment, kid = commit(frank_key, raw), key_id(sealing_key)
    signature = writer.sign(_signed(box, kid, commitment, raw))
    content = signature + frank_key + frame(raw, size - OVERHEAD_BYTES - _PROOF_BYTES)
    sealed = seal(sealing_key, content, info=context + kid + commitment)
    return Unstamped(box=box, commitment=commitment, sealed=sealed)


def open_content(
    stamped: Stamped, seeds: Sequence[bytes], context: bytes, *, size: int | None = None
) -> Content:
    """Return what *stamped* holds, its commitment verified, its signature not yet.

    Args:
        stamped: the envelope.
        seeds: live private seeds, newest first, 32 bytes each; their ids are not sent.
        context: as in ``seal_content``.
        size: the sealed size it must have, or ``None`` for any.

    Raises:
        DecryptionError: in every case but a whole sealed text for one of *seeds*.
    """
    envelope = stamped.envelope
    if size is not None and len(envelope.sealed) != size:
        raise DecryptionError("cannot be opened")
    for place, seed in enumerate(seeds):
        kid = key_id(sealing_public_key(seed))
        try:
            plaintext = open_sealed(
                seed, envelope.sealed, info=context + kid + envelope.commitment
            )
        except DecryptionError:
            continue
        return _read(plaintext, envelope.commitment, kid, place)
    raise DecryptionError("cannot be opened")


def verify_writer(
    stamped: Stamped,
    content: Content,
    writer: VerifyKey,
    *,
    role: int,
    conversation: bytes | None = None,
) -> Opened:
    """Return *content* as a verified message.

    Args:
        stamped: the envelope it came in.
        content: from ``open_content`` of that envelope.
        writer: the conversation key that must have signed it.
        role: that its writer must have.
        conversation: that it must belong to, 16 bytes, or ``None`` while there is none yet.

    Raises:
        DecryptionError: in every other case.
    """
    envelope = stamped.envelope
    message = _signed(envelope.box, content.kid, envelope.commitment, content.raw)
    try:
        verify_ed25519(writer, content.signature, message)
    except KithError as error:
        raise DecryptionError("cannot be opened") from error
    core = content.core
    is_here = conversation is None or is_equal(core.conversation, conversation)
    if core.role != role or not is_here:
        raise DecryptionError("cannot be opened")
    return Opened(
        core=core,
        raw=content.raw,
        frank_key=content.frank_key,
        signature=content.signature,
        writer=writer,
        place=content.place,
    )


def _read(plaintext: bytes, commitment: bytes, kid: bytes, place: int) -> Content:
    raw = unframe(plaintext[_PROOF_BYTES:])
    signature, frank_key = (
        plaintext[:SIGNATURE_BYTES],
        plaintext[SIGNATURE_BYTES:_PROOF_BYTES],
    )
    try:
        verify_commitment(commitment, frank_key, raw)
        core = parse_core(raw)
    except KithError as error:
        raise DecryptionError("cannot be opened") from error
    return Content(core, raw, frank_key, signature, kid, place)


def _signed(box: bytes, kid: bytes, commitment: bytes, raw: bytes) -> bytes:
    return _SIGNATURE_LABEL + box + kid + commitment + raw
