"""What ``message`` does not choose itself; sealing and opening are tested there."""

from typing import Any

import pytest

from kith_crypto.content import MAX_CORE_BYTES, open_content, seal_content, verify_writer
from kith_crypto.core import ROLE_MENTEE, encode_core
from kith_crypto.errors import DecryptionError
from kith_crypto.hpke import sealing_public_key
from kith_testing.correspondence import (
    CONVERSATION,
    MENTEE,
    MENTOR,
    MENTOR_BOX,
    MENTOR_SEED,
    a_core,
    posted,
)
from kith_testing.rng import SeededRng

CORE = a_core({"type": "text"})
CONTEXT = b"kith/test/v1\0"


def _seal(**other: Any) -> Any:
    right: dict[str, Any] = {
        "writer": MENTEE,
        "context": CONTEXT,
        "sealing_key": sealing_public_key(MENTOR_SEED),
        "box": MENTOR_BOX,
        "rng": SeededRng(),
        "smallest": 4096,
    }
    return seal_content(CORE, **{**right, **other})


STAMPED = posted(_seal())
CONTENT = open_content(STAMPED, [MENTOR_SEED], CONTEXT)


def test_content_is_what_was_sealed_with_a_key_from_the_source() -> None:
    assert (CONTENT.core, CONTENT.raw, CONTENT.place) == (CORE, encode_core(CORE), 0)
    assert CONTENT.frank_key == SeededRng().bytes(32)
    assert MAX_CORE_BYTES == 65536 - 1136 - 64 - 32 - 4


def test_content_opens_in_its_context_and_size_only() -> None:
    assert open_content(STAMPED, [MENTOR_SEED], CONTEXT, size=4096) == CONTENT
    with pytest.raises(DecryptionError):
        open_content(STAMPED, [MENTOR_SEED], b"kith/other/v1\0")
    with pytest.raises(DecryptionError):
        open_content(STAMPED, [MENTOR_SEED], CONTEXT, size=8192)


def test_content_becomes_a_message_by_its_writers_signature_only() -> None:
    opened = verify_writer(STAMPED, CONTENT, MENTEE.verify_key, role=ROLE_MENTEE)
    assert opened == verify_writer(
        STAMPED, CONTENT, MENTEE.verify_key, role=ROLE_MENTEE, conversation=CONVERSATION
    )
    with pytest.raises(DecryptionError):
        verify_writer(STAMPED, CONTENT, MENTOR.verify_key, role=ROLE_MENTEE)
    with pytest.raises(DecryptionError):
        verify_writer(posted(_seal(rng=SeededRng(1))), CONTENT, MENTEE.verify_key, role=1)


def test_a_box_of_another_size_is_a_mistake_in_the_program() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        _seal(box=b"")


def test_content_shows_nothing_when_printed() -> None:
    assert repr(CONTENT) == "Content(...)"
