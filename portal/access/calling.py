"""A request -> its `Caller`, or 401."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request

from portal.caller import LOCAL, Caller
from portal.portal import Portal


def calling(request: Request) -> Caller:
    """Return who is asking.

    Raises:
        HTTPException: 401, nobody that this portal knows.
    """
    portal: Portal = request.app.state.portal
    if not portal.settings.authenticates:
        return LOCAL
    raise HTTPException(401, "Say who you are: Authorization: Bearer KEY.")


Asker = Annotated[Caller, Depends(calling)]
