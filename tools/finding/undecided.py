"""Truths of which some may be open -> what follows from them. None is open: the record does not decide it."""


def all_of(*truths: bool | None) -> bool | None:
    """Tell whether all are true; None where that hangs on one that is open.

    >>> all_of(True, None), all_of(False, None), all_of(True, True)
    (None, False, True)
    """
    return False if False in truths else None if None in truths else True
