"""Knock, answer and later messages: which context, key and size each of them has.

What is sealed and signed is ``content``; its context binds where it goes: the box, or for
knocks (and their withdrawal, which goes the same way) the offer. The first message of either
side carries its writer's conversation key in the body, as base64url under ``key``, and an
answer also the offer key's binding under ``bind``: an accepting and a declining answer alike.
Everything else in a body, the order of messages, the life of keys and the checking of ``who``
are left to the protocol.

Opening fails in one way only, whatever the reason.

Source: crypto spec, one-to-one conversations.
"""

from collections.abc import Sequence
from typing import Final

from kith_crypto.binding import verify_binding
from kith_crypto.content import (
    AROUND_CORE_BYTES,
    Opened,
    open_content,
    seal_content,
    verify_writer,
)
from kith_crypto.core import ROLE_MENTEE, ROLE_MENTOR, Core
from kith_crypto.ed25519 import SIGNATURE_BYTES, SigningKey, VerifyKey, parse_verify_key
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.envelope import LARGEST_SEALED_BYTES, SMALLEST_SEALED_BYTES, Unstamped
from kith_crypto.errors import DecryptionError, KithError
from kith_crypto.objects import ID_BYTES
from kith_crypto.padding import is_bucket
from kith_crypto.randomness import Rng
from kith_crypto.stamp import Stamped

FIRST_SEALED_BYTES: Final = 8192  # knock, withdrawal, answer either way: all the same
MAX_FIRST_CORE_BYTES = FIRST_SEALED_BYTES - AROUND_CORE_BYTES  # 6956
KEY_MEMBER: Final = "key"
BINDING_MEMBER: Final = "bind"

_MESSAGE_LABEL = b"kith/msg/v1\0"
_KNOCK_LABEL = b"kith/knock/v1\0"


def seal_knock(
    core: Core,
    *,
    writer: SigningKey,
    offer_id: bytes,
    sealing_key: bytes,
    box: bytes,
    rng: Rng,
) -> Unstamped:
    """Return the knock, or its withdrawal, ready to be handed in.

    Args:
        core: by the mentee, with *writer*'s public half under ``key`` of its body.
        writer: the mentee's key for this conversation alone.
        offer_id: 16 bytes.
        sealing_key: the offer's, from this week's verified bundle.
        box: the offer's knock box, from the same bundle.
        rng: for the key of the commitment.

    Raises:
        TooLargeError: the core is longer than ``MAX_FIRST_CORE_BYTES``.
        KeyRefusedError: *sealing_key* is not a sealing key.
        ValueError: another role or key in the core, or a part of another size.
    """
    _check_first(core, writer, ROLE_MENTEE)
    return seal_content(
        core,
        writer=writer,
        context=_knock_context(offer_id),
        sealing_key=sealing_key,
        box=box,
        rng=rng,
        smallest=FIRST_SEALED_BYTES,
        largest=FIRST_SEALED_BYTES,
    )


def open_knock(stamped: Stamped, seeds: Sequence[bytes], *, offer_id: bytes) -> Opened:
    """Return the knock, or withdrawal, that came to a knock box.

    Args:
        stamped: an envelope of that box.
        seeds: the offer's live week seeds, newest first, 32 bytes each.
        offer_id: of the offer the box belongs to, 16 bytes.

    Raises:
        DecryptionError: in every case but a whole knock to this offer, signed by the key it
            carries.
    """
    content = open_content(stamped, seeds, _knock_context(offer_id), size=FIRST_SEALED_BYTES)
    return verify_writer(stamped, content, _carried_key(content.core), role=ROLE_MENTEE)


def seal_answer(
    core: Core, *, writer: SigningKey, sealing_key: bytes, box: bytes, rng: Rng
) -> Unstamped:
    """Return the answer to a knock, either way, ready to be handed in.

    Args:
        core: by the mentor, with *writer*'s public half under ``key`` of its body and the
            binding under ``bind``.
        writer: the mentor's key for this conversation alone.
        sealing_key: the mentee's reply key, from the knock.
        box: the mentee's new box, from the knock, 16 bytes.
        rng: for the key of the commitment.

    Raises:
        TooLargeError: the core is longer than ``MAX_FIRST_CORE_BYTES``.
        KeyRefusedError: *sealing_key* is not a sealing key.
        ValueError: another role or key in the core, or a part of another size.
    """
    _check_first(core, writer, ROLE_MENTOR)
    return seal_content(
        core,
        writer=writer,
        context=_message_context(box),
        sealing_key=sealing_key,
        box=box,
        rng=rng,
        smallest=FIRST_SEALED_BYTES,
        largest=FIRST_SEALED_BYTES,
    )


def open_answer(
    stamped: Stamped,
    seeds: Sequence[bytes],
    *,
    conversation: bytes,
    mentee_key: VerifyKey,
    knock_hash: bytes,
    offer_key: VerifyKey,
) -> Opened:
    """Return the answer to one's own knock.

    Args:
        stamped: an envelope of the box that was opened for this conversation.
        seeds: live reply seeds of this conversation, newest first, 32 bytes each.
        conversation: 16 bytes.
        mentee_key: one's own conversation key.
        knock_hash: ``core.core_hash`` of the knock that was sent.
        offer_key: owner of the offer, from the bundle that was used.

    Raises:
        DecryptionError: in every case but a whole answer to this very knock, signed by the key
            it carries and bound by the offer key.
    """
    content = open_content(
        stamped, seeds, _message_context(stamped.envelope.box), size=FIRST_SEALED_BYTES
    )
    mentor_key = _carried_key(content.core)
    opened = verify_writer(
        stamped, content, mentor_key, role=ROLE_MENTOR, conversation=conversation
    )
    try:
        verify_binding(
            offer_key,
            parse_base64url(_text_of(opened.core, BINDING_MEMBER), size=SIGNATURE_BYTES),
            conversation=conversation,
            mentor_key=mentor_key,
            mentee_key=mentee_key,
            knock_hash=knock_hash,
        )
    except KithError as error:
        raise DecryptionError("cannot be opened") from error
    return opened


def seal_message(
    core: Core,
    *,
    writer: SigningKey,
    sealing_key: bytes,
    box: bytes,
    rng: Rng,
    at_least: int = SMALLEST_SEALED_BYTES,
) -> Unstamped:
    """Return any later message, ready to be handed in.

    Args:
        core: by either side.
        writer: its conversation key.
        sealing_key: the other side's newest reply key, 1216 bytes.
        box: the other side's box, 16 bytes.
        rng: for the key of the commitment.
        at_least: the smallest sealed size to use, one of ``SEALED_SIZES``.

    Raises:
        TooLargeError: the core is longer than ``MAX_CORE_BYTES``.
        KeyRefusedError: *sealing_key* is not a sealing key.
        ValueError: a part of another size, or no such *at_least*.
    """
    largest = LARGEST_SEALED_BYTES
    if not is_bucket(at_least, smallest=SMALLEST_SEALED_BYTES, largest=largest):
        raise ValueError("no such size of a sealed text")
    return seal_content(
        core,
        writer=writer,
        context=_message_context(box),
        sealing_key=sealing_key,
        box=box,
        rng=rng,
        smallest=at_least,
    )


def open_message(
    stamped: Stamped,
    seeds: Sequence[bytes],
    *,
    writer: VerifyKey,
    conversation: bytes,
    role: int,
) -> Opened:
    """Return the message that came to one's box of an established conversation.

    Args:
        stamped: an envelope of that box.
        seeds: live reply seeds of this conversation, newest first, 32 bytes each.
        writer: the other side's conversation key.
        conversation: 16 bytes.
        role: of the other side.

    Raises:
        DecryptionError: in every case but a whole message of this conversation by *writer*.
    """
    content = open_content(stamped, seeds, _message_context(stamped.envelope.box))
    return verify_writer(stamped, content, writer, role=role, conversation=conversation)


def _knock_context(offer_id: bytes) -> bytes:
    if len(offer_id) != ID_BYTES:
        raise ValueError("an offer is named by 16 bytes")
    return _KNOCK_LABEL + offer_id


def _message_context(box: bytes) -> bytes:
    if len(box) != ID_BYTES:
        raise ValueError("a box is named by 16 bytes")
    return _MESSAGE_LABEL + box


def _check_first(core: Core, writer: SigningKey, role: int) -> None:
    if core.role != role:
        raise ValueError("a knock is the mentee's, an answer the mentor's")
    if core.body.get(KEY_MEMBER) != encode_base64url(writer.verify_key):
        raise ValueError("the first message of a side carries its key")


def _carried_key(core: Core) -> VerifyKey:
    try:
        return parse_verify_key(parse_base64url(_text_of(core, KEY_MEMBER), size=32))
    except KithError as error:
        raise DecryptionError("cannot be opened") from error


def _text_of(core: Core, member: str) -> str:
    value = core.body.get(member)
    if not isinstance(value, str):
        raise DecryptionError("cannot be opened")
    return value
