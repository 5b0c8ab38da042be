"""Bytes that must be read back -> the same, sealed with the operator's secret.

AES-256-GCM under a key that HKDF-SHA-256 takes from `Settings.secret`. What is sealed is bound to the row it lies in:
moved to another one it does not open. Without a secret the process makes one, and what it sealed ends with it.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.caller import NotAllowed

_NONCE = 12
_PURPOSE = b"fhir-record-assistant sealed 1"
_OF_THIS_PROCESS = os.urandom(32)


class BrokenSeal(NotAllowed):
    """It was sealed with another secret, for another row, or changed since."""


def seal(secret: str, plain: bytes, row: str) -> bytes:
    """Return the bytes sealed for a row.

    Example:
        >>> unseal("a secret", seal("a secret", b"token", "session 1"), "session 1")
        b'token'
    """
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(secret).encrypt(nonce, plain, row.encode())


def unseal(secret: str, sealed: bytes, row: str) -> bytes:
    """Return what was sealed for a row.

    Raises:
        BrokenSeal: not with this secret, not for this row, or it was changed.
    """
    try:
        return _cipher(secret).decrypt(sealed[:_NONCE], sealed[_NONCE:], row.encode())
    except (InvalidTag, ValueError):
        raise BrokenSeal("This session cannot be opened any more: launch again.") from None


def _cipher(secret: str) -> AESGCM:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
    return AESGCM(derive.derive(secret.encode() or _OF_THIS_PROCESS))
