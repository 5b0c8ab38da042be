"""Bytes -> words."""

GB = 10**9


def gigabytes(size: int) -> str:
    """Return a size in words.

    >>> gigabytes(54_864_813_280)
    '54.9 GB'
    """
    return f"{size / GB:.1f} GB"
