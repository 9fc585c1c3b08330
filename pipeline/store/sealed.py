"""Encryption at rest for what the vault keeps. The key comes by the configuration, never from the store."""

import base64
import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

_PLAIN = b"\x00"
_SEALED = b"\x01"


class Key(Protocol):
    """A secret of the configuration."""

    def reveal(self) -> str: ...


def closed(value: bytes, key: Key | None) -> bytes:
    """The value for the store: sealed when there is a key, else as it is (the store is its owner's alone)."""
    return _SEALED + _fernet(key.reveal()).encrypt(value) if key else _PLAIN + value


def opened(blob: bytes, key: Key | None) -> bytes | None:
    """The value of the store; None when it was sealed with a key that we do not have: it must be got anew."""
    if blob[:1] == _PLAIN:
        return blob[1:]
    from cryptography.fernet import InvalidToken

    try:
        return bytes(_fernet(key.reveal()).decrypt(blob[1:])) if key else None
    except InvalidToken:
        return None


@lru_cache(maxsize=2)
def _fernet(words: str) -> "Fernet":
    from cryptography.fernet import Fernet

    # Any words will do as a key: they are stretched, with a salt that need not be secret.
    stretched = hashlib.scrypt(words.encode(), salt=b"standfirst vault 1", n=2**14, r=8, p=1, dklen=32)
    return Fernet(base64.urlsafe_b64encode(stretched))
