"""What can go wrong between a member's device and their node.

``str(error)`` is a sentence for the person at the device; nothing here goes over a wire.
"""

from __future__ import annotations

from kith_crypto.errors import CryptoError, KithError, UnavailableError, UsageError


class ProblemError(KithError):
    """The node refused a call with a problem document (RFC 9457).

    Attributes:
        code: the last part of the problem's ``type``, stable.
        status: the HTTP status.
        pointer: where in the input the problem is, or None.
        retry_after_s: seconds after which trying again makes sense, or None.
    """

    code = "problem"
    safe = "The node refused the call."

    def __init__(
        self,
        code: str,
        title: str,
        *,
        status: int,
        pointer: str | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(f"{title} ({pointer})" if pointer else title)
        self.code = code
        self.status = status
        self.pointer = pointer
        self.retry_after_s = retry_after_s

    @property
    def is_final(self) -> bool:
        """Return whether the node refused for good and nothing was changed by the call."""
        return self.status < 500


class NodeUnreachableError(UnavailableError):
    """No answer came: no connection, a broken one, or none in time.

    Whether the call had an effect is not known; all calls of this package can be repeated.
    """

    code = "node-unreachable"
    safe = "The node cannot be reached."


class WrongPassphraseError(CryptoError):
    """The key file does not open. A wrong passphrase and a damaged file are one case."""

    code = "wrong-passphrase"
    safe = "The key file does not open: the passphrase is wrong, or the file is damaged."


class NoKeyringError(UsageError):
    """There is no key file where one was looked for."""

    code = "no-keyring"
    safe = "There are no keys on this device yet."


class KeyringBusyError(UsageError):
    """Another program has the key file open."""

    code = "keyring-busy"
    safe = "Another program is using the key file."


class VaultFullError(UsageError):
    """There is more in the vault than a node takes."""

    code = "vault-full"
    safe = "Your vault is full. Delete some conversations, then try again."


class NoKeysError(UnavailableError):
    """An offer has no key for this week: it has ended, or its owner was away too long."""

    code = "no-keys"
    safe = "This offer takes no knocks at the moment."
