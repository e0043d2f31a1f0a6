"""The one tree of errors every part of Kith raises.

Each class carries two texts: ``str(error)`` is for the operator's log, the class-level ``safe``
is all a stranger may read, together with the stable ``code``. A subclass exists only where
some caller acts differently on it. Turning errors into HTTP answers is left to the node.
"""


class KithError(Exception):
    """Anything Kith refuses or cannot do; the root of the tree.

    Attributes:
        code: stable kebab-case name, part of the wire format of problems.
        safe: one sentence that tells a stranger nothing about the cause.
    """

    code = "error"
    safe = "Something went wrong."


class CryptoError(KithError):
    """A key, signature, sealed text or other cryptographic value was refused."""

    code = "crypto-refused"
    safe = "A cryptographic check failed."


class RemoteError(KithError):
    """A peer or client broke a rule."""

    code = "refused"
    safe = "The request was refused."


class UsageError(KithError):
    """The person who asked can mend it; ``str(error)`` may be shown to them locally."""

    code = "usage"
    safe = "The request cannot be carried out as it stands."


class UnavailableError(KithError):
    """It may work later.

    Attributes:
        retry_after_s: seconds after which trying again makes sense, or ``None`` if unknown.
    """

    code = "unavailable"
    safe = "Not available at the moment."

    def __init__(self, message: str, *, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class SignatureError(CryptoError):
    """A signature does not verify. Never says why."""

    code = "bad-signature"
    safe = "The signature is not valid."


class DecryptionError(CryptoError):
    """A sealed or encrypted value cannot be opened. Never says why."""

    code = "cannot-open"
    safe = "The value cannot be opened."


class KeyRefusedError(CryptoError):
    """A public key is malformed or of a kind that must not be trusted."""

    code = "bad-key"
    safe = "The key is not acceptable."


class MalformedError(RemoteError):
    """Input does not have the form its format demands.

    Attributes:
        pointer: JSON Pointer (RFC 6901) to the offending place, or ``None`` if there is none.
    """

    code = "malformed"
    safe = "The input is malformed."

    def __init__(self, message: str, *, pointer: str | None = None) -> None:
        super().__init__(message)
        self.pointer = pointer


class TooLargeError(RemoteError):
    """Input is larger than its format allows."""

    code = "too-large"
    safe = "The input is too large."
