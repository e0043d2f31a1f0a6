"""RSA signatures, PKCS#1 v1.5 with SHA-256: spoken to servers that know nothing else.

Nothing inside Kith rests on RSA. Who owns a key is the caller's question. The library draws
the randomness of key generation itself.

Source: RFC 8017 §8.2; RFC 9421 §3.3.2.
"""

import re
from typing import Self

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from kith_crypto.errors import KeyRefusedError, SignatureError

MIN_BITS = 2048
MAX_BITS = 8192
MAX_PEM_CHARACTERS = 4096  # 8192 bits need about 1,500
# A huge exponent makes verifying as slow as signing; deployed keys have 65537.
MAX_EXPONENT = 2**32 - 1

_EXPONENT = 65537
# Nothing around it: the parser below would skip text, and so a second, different key.
_PUBLIC_PEM = re.compile(
    r"\s*-----BEGIN (RSA )?PUBLIC KEY-----"
    r"[A-Za-z0-9+/=\s]+"
    r"-----END (RSA )?PUBLIC KEY-----\s*\Z",
    re.ASCII,
)


class RsaVerifyKey:
    """A public RSA key whose size and exponent are acceptable.

    Attributes:
        bits: length of the modulus.
    """

    __slots__ = ("_public", "bits")

    def __init__(self, public: RSAPublicKey) -> None:
        exponent = public.public_numbers().e
        if not MIN_BITS <= public.key_size <= MAX_BITS:
            raise KeyRefusedError("an RSA modulus has 2048 to 8192 bits")
        if exponent % 2 == 0 or not 3 <= exponent <= MAX_EXPONENT:
            raise KeyRefusedError("an RSA exponent is odd and 3 or more")
        self._public = public
        self.bits = public.key_size

    def verify(self, signature: bytes, message: bytes) -> None:
        """Return if *signature* is this key's over *message*.

        Raises:
            SignatureError: in every other case.
        """
        try:
            self._public.verify(signature, message, PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError) as error:
            raise SignatureError("RSA verification failed") from error


class RsaSigningKey:
    """A private RSA key. Its ``repr`` shows nothing."""

    __slots__ = ("_private",)

    def __init__(self, private: RSAPrivateKey) -> None:
        RsaVerifyKey(private.public_key())  # the same bounds for our own
        self._private = private

    @classmethod
    def generate(cls, bits: int = MIN_BITS) -> Self:
        """Return a new key of *bits* bits, with randomness from the library.

        Raises:
            KeyRefusedError: *bits* is not 2048 to 8192.
        """
        if not MIN_BITS <= bits <= MAX_BITS:
            raise KeyRefusedError("an RSA modulus has 2048 to 8192 bits")
        return cls(generate_private_key(_EXPONENT, bits))

    @classmethod
    def from_pem(cls, pem: bytes) -> Self:
        """Return the key in *pem*, as ``to_pem`` writes it.

        Raises:
            KeyRefusedError: not an unencrypted private RSA key of acceptable size.
        """
        try:
            private = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise KeyRefusedError("not a private key") from error
        if not isinstance(private, RSAPrivateKey):
            raise KeyRefusedError("not an RSA key")
        return cls(private)

    def to_pem(self) -> bytes:
        """Return the private key as unencrypted PKCS#8 PEM, to be kept in a 0600 file."""
        return self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def public_pem(self) -> str:
        """Return the public half as SPKI PEM, the form of ``publicKeyPem``."""
        public = self._private.public_key()
        raw = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return raw.decode("ascii")

    def sign(self, message: bytes) -> bytes:
        """Return the signature of *message*, as long as the modulus."""
        return self._private.sign(message, PKCS1v15(), hashes.SHA256())

    def __repr__(self) -> str:
        return "RsaSigningKey(...)"


def parse_rsa_public_pem(text: str) -> RsaVerifyKey:
    """Return the key in *text*.

    Args:
        text: PEM, SPKI (``PUBLIC KEY``) or PKCS#1 (``RSA PUBLIC KEY``), nothing around it.

    Raises:
        KeyRefusedError: too long, not one public RSA key, a modulus outside of 2048 to 8192
            bits, or an exponent that is even, below 3 or above ``MAX_EXPONENT``.
    """
    if len(text) > MAX_PEM_CHARACTERS or not _PUBLIC_PEM.match(text):
        raise KeyRefusedError("not one public key in PEM")
    try:
        public = load_pem_public_key(text.encode("ascii"))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyRefusedError("not a public key") from error
    if not isinstance(public, RSAPublicKey):
        raise KeyRefusedError("not an RSA key")
    return RsaVerifyKey(public)


def verify_rsa(key: RsaVerifyKey, signature: bytes, message: bytes) -> None:
    """Return if *signature* is *key*'s over *message*.

    Raises:
        SignatureError: in every other case, without saying which.
    """
    key.verify(signature, message)
