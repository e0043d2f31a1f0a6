"""Bodies of the client API: what their patterns let through."""

import msgspec
import pytest

from kith_protocol.api import SignInBody
from kith_protocol.offer_content import ProfileContent

AUTH = "A" * 43
DEVICE = "A" * 11


def test_takes_bytes_of_the_right_length() -> None:
    body = msgspec.convert({"auth": AUTH, "device": DEVICE}, SignInBody)
    assert body.auth == AUTH


@pytest.mark.parametrize(
    "auth", [AUTH + "\n", AUTH + "A", AUTH[1:], "A" * 42 + "=", "A" * 42 + "+"]
)
def test_refuses_other_lengths_alphabets_and_a_line_feed_at_the_end(auth: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"auth": auth, "device": DEVICE}, SignInBody)


@pytest.mark.parametrize("language", ["en\n", "EN", "e", "en-", "en_GB"])
def test_refuses_what_is_no_language_tag(language: str) -> None:
    profile = {"pseudonym": "Fern", "picture": "0" * 16, "languages": [language]}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(profile, ProfileContent)
