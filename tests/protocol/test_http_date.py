from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import MalformedError
from kith_protocol.http_date import format_http_date, parse_http_date

seconds = st.integers(0, 4_000_000_000)


@given(seconds)
def test_is_written_as_the_standard_library_writes_it(at: int) -> None:
    text = format_http_date(at)
    assert text == format_datetime(datetime.fromtimestamp(at, tz=UTC), usegmt=True)
    assert parse_http_date(text) == at


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nix 1994 08:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "",
    ],
)
def test_refuses_every_other_form(text: str) -> None:
    with pytest.raises(MalformedError):
        parse_http_date(text)
