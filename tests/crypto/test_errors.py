from kith_crypto import errors
from kith_crypto.content_digest import DigestError
from kith_crypto.errors import KithError, MalformedError, UnavailableError


def _subclasses(root: type[KithError]) -> set[type[KithError]]:
    return {root}.union(*(_subclasses(child) for child in root.__subclasses__()))


def test_every_code_is_kebab_case_and_used_once() -> None:
    ours = {c for c in _subclasses(KithError) if c.__module__.startswith("kith_crypto.")}
    codes = [error.code for error in ours]
    assert len(codes) == len(set(codes))
    assert all(code == code.lower().replace("_", "-").strip() for code in codes)


def test_the_safe_text_never_holds_the_cause() -> None:
    error = MalformedError("bytes of somebody", pointer="/name")
    assert "somebody" not in error.safe
    assert error.pointer == "/name"
    assert str(error) == "bytes of somebody"


def test_an_unavailable_error_says_when_to_come_back() -> None:
    assert UnavailableError("busy", retry_after_s=30).retry_after_s == 30
    assert UnavailableError("busy").retry_after_s is None


def test_outside_data_and_keys_have_their_branch_of_the_tree() -> None:
    assert issubclass(DigestError, errors.RemoteError)
    assert issubclass(errors.TooLargeError, errors.RemoteError)
    assert issubclass(errors.SignatureError, errors.CryptoError)
    assert issubclass(errors.DecryptionError, errors.CryptoError)
    assert issubclass(errors.KeyRefusedError, errors.CryptoError)
    assert issubclass(errors.UsageError, errors.KithError)
