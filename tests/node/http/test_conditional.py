import pytest

from kith_node.http.conditional import is_known_tag


@pytest.mark.parametrize(
    ("header", "is_known"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ("*", True),
        ('"b"', False),
        ("a", False),
        ("", False),
    ],
)
def test_tags_are_compared_weakly(header: str, *, is_known: bool) -> None:
    assert is_known_tag('"a"', header) is is_known
