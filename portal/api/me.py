"""/api/me: who is asking, and what this portal is."""

from typing import Literal

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel

from portal.access import Asker
from portal.api.shapes import refusals
from portal.launch.holding import banner
from portal.portal import Portal


class Me(BaseModel):
    """The caller and what answers them.

    Attributes:
        patient: the only patient they may see, "" if any.
        banner: the page must show who the patient is.
        model: what words the answers, "none" for the rules alone.
        today: ISO day on which questions are asked.
    """

    subject: str
    name: str
    patient: str
    banner: bool
    model: str
    today: str
    answers_from: Literal["records", "launch"]


def attach(app: FastAPI, portal: Portal) -> None:
    """Add the route."""
    routes = APIRouter(prefix="/api", tags=["caller"])

    @routes.get("/me", responses=refusals(401, 403))
    def me(caller: Asker) -> Me:
        """Say who is asking."""
        return Me(
            subject=caller.subject,
            name=caller.name,
            patient=caller.patient,
            banner=banner(portal, caller),
            model=portal.desk.assistant(caller).model.name,
            today=portal.desk.today().isoformat(),
            answers_from="launch" if caller.session else "records",
        )

    app.include_router(routes)
