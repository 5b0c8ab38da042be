"""/health and /metrics: for load balancers, Kubernetes and Prometheus. They tell nothing of a record."""

from fastapi import APIRouter, FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal.access import Asker
from portal.api.shapes import refusals
from portal.portal import Portal


class Health(BaseModel):
    """How it is: "ok" or what is missing."""

    status: str


def attach(app: FastAPI, portal: Portal) -> None:
    """Add the routes."""
    routes = APIRouter(tags=["operation"])

    @routes.get("/health/live")
    async def live() -> Health:
        """Tell that the process runs."""
        return Health(status="ok")

    @routes.get("/health/ready", responses={503: {"model": Health}})
    def ready(response: Response) -> Health:
        """Tell whether it can take questions."""
        try:
            with portal.database.reading() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            response.status_code = 503
            return Health(status="the database does not answer")
        if portal.answering.closing:
            response.status_code = 503
            return Health(status="it is ending")
        return Health(status="ok")

    @routes.get(
        "/metrics",
        response_class=Response,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **refusals(401)},
    )
    def metrics(caller: Asker) -> Response:
        """Return what was counted, for Prometheus."""
        portal.metrics.running.set(portal.answering.running)
        return Response(generate_latest(portal.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    app.include_router(routes)
