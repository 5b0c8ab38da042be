"""The answer of a server -> its bytes, unpacked, up to a limit; a packed one is never unpacked further than that."""

import zlib

import httpx

ACCEPTED = "gzip"
"""How an answer may be packed: the value of Accept-Encoding."""
_GZIP = 16 + zlib.MAX_WBITS


class TooLarge(Exception):
    """There is more than is read."""


class Damaged(Exception):
    """It cannot be unpacked."""


async def whole(response: httpx.Response, most: int) -> bytes:
    """Return a body.

    Raises:
        TooLarge: it has more than `most` bytes, unpacked.
        Damaged: it is not packed as it says, or in a way that was not asked for.
    """
    packed = response.headers.get("Content-Encoding", "identity").strip().casefold()
    if packed not in ("identity", "", ACCEPTED):
        raise Damaged
    unpack = zlib.decompressobj(_GZIP) if packed == ACCEPTED else None
    held = bytearray()
    async for piece in response.aiter_raw():
        held += _unpacked(unpack, piece, most + 1 - len(held)) if unpack else piece
        if len(held) > most:
            raise TooLarge
    if unpack and not unpack.eof:
        raise Damaged
    return bytes(held)


def _unpacked(unpack: "zlib._Decompress", piece: bytes, most: int) -> bytes:
    try:
        return unpack.decompress(piece, most)
    except zlib.error:
        raise Damaged from None
