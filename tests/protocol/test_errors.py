import re

from kith_crypto import errors as crypto_errors
from kith_crypto.errors import KithError
from kith_protocol import errors


def _classes() -> list[type[KithError]]:
    found = [*vars(errors).values(), *vars(crypto_errors).values()]
    classes = {one for one in found if isinstance(one, type) and issubclass(one, KithError)}
    return sorted(classes, key=lambda one: one.__name__)


def test_every_error_has_a_code_and_a_sentence_of_its_own() -> None:
    classes = _classes()
    assert len({one.code for one in classes}) == len(classes)
    for one in classes:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", one.code)
        assert re.fullmatch(r"[A-Z][^\n]+\.", one.safe)
        assert one.__name__.endswith("Error")
