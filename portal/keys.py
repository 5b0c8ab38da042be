"""API keys: what an operator wrote -> holder and SHA-256 of each; a key that is presented -> its holder.

A key is 32 random bytes, so that its plain SHA-256 tells nobody what it is.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping

from tools.calls.errors import SetupError

KEYS_VARIABLE = "FHIR_ASSISTANT_KEYS"
PREFIX = "frk_"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_EXAMPLE = "ward-portal:SHA256, as `fhir-assistant key ward-portal` prints it"


def keys_from(text: str) -> dict[str, str]:
    """Read "name:sha256hex,name:sha256hex".

    Example:
        >>> len(keys_from("ward:" + "0" * 64 + ", lab:" + "1" * 64))
        2

    Raises:
        SetupError: it has another form; the message shows nothing of it, since it may be a key by mistake.
    """
    kept: dict[str, str] = {}
    for place, entry in enumerate(filter(None, (part.strip() for part in text.split(","))), 1):
        name, _, digest = entry.partition(":")
        if name.strip() in kept:
            raise SetupError(
                f"{KEYS_VARIABLE}, entry {place}: the name stands before: expected one key for each."
            )
        kept[name.strip()] = digest.strip().lower()
    hold(kept)
    return kept


def hold(keys: Mapping[str, str]) -> None:
    """Refuse names that are no names and hashes that are none.

    Raises:
        SetupError: that is so.
    """
    for place, (name, digest) in enumerate(keys.items(), 1):
        if not _NAME.fullmatch(name):
            raise SetupError(
                f"{KEYS_VARIABLE}, entry {place}: expected a name of letters, digits, . _ and -, e.g. {_EXAMPLE}."
            )
        if not _SHA256.fullmatch(digest):
            raise SetupError(
                f"{KEYS_VARIABLE}, entry {place}: expected the SHA-256 of the key, 64 hexadecimal digits,"
                f" e.g. {_EXAMPLE}."
            )


def new_key() -> str:
    """Return a new key."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(key: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def holder(keys: Mapping[str, str], presented: str) -> str:
    """Return whose key it is, "" if nobody's; all are compared, so that time tells nothing."""
    given = digest_of(presented)
    found = [name for name, kept in keys.items() if hmac.compare_digest(kept, given)]
    return found[0] if found else ""
