"""/api/conversations: begin, list, look at, narrow, delete."""

from typing import Annotated

from fastapi import APIRouter, FastAPI, Query

from portal.access import Asker
from portal.api.shapes import (
    Id,
    Narrowing,
    NewConversation,
    Reference,
    ShownConversation,
    refusals,
    shown_conversation,
)
from portal.caller import Caller
from portal.conversations.kept import Conversation
from portal.portal import Portal


def attach(app: FastAPI, portal: Portal) -> None:
    """Add the routes."""
    routes = APIRouter(prefix="/api/conversations", tags=["conversations"])
    kept, desk = portal.kept, portal.desk

    def shown(caller: Caller, about: Conversation) -> ShownConversation:
        """A conversation; that its answers are looked at again stands in the trail."""
        said = kept.questions(caller, about.id)
        if said:
            portal.trail.reread(caller, about.patient, about.id)
        return shown_conversation(about, said)

    @routes.post("", status_code=201, responses=refusals(401, 403, 404, 422, 502, 503))
    def begin(wanted: NewConversation, caller: Asker) -> ShownConversation:
        """Begin a conversation about one patient; it stays with that patient."""
        patient = desk.record(caller, _reference(wanted.patient)).reference
        made = kept.begin(caller, patient, wanted.scope.model_dump(mode="json"))
        return shown_conversation(made, [])

    @routes.get("", responses=refusals(401, 422))
    def list_mine(
        caller: Asker, patient: Annotated[Reference | None, Query()] = None
    ) -> list[ShownConversation]:
        """List the caller's conversations, the last used first."""
        about = _reference(patient) if patient else ""
        mine = kept.conversations(caller, about)
        first = kept.first_questions(mine)
        return [shown_conversation(each, [], first.get(each.id, "")) for each in mine]

    @routes.get("/{id}", responses=refusals(401, 404, 422, 503))
    def look_at(id: Id, caller: Asker) -> ShownConversation:
        """Return a conversation with its questions and answers."""
        return shown(caller, kept.conversation(caller, id))

    @routes.patch("/{id}", responses=refusals(401, 404, 422, 503))
    def narrow(id: Id, wanted: Narrowing, caller: Asker) -> ShownConversation:
        """Narrow the record, or widen it again, from the next question on."""
        changed = kept.narrow(caller, id, wanted.scope.model_dump(mode="json"))
        return shown(caller, changed)

    @routes.delete("/{id}", status_code=204, responses=refusals(401, 404, 422, 503))
    def delete(id: Id, caller: Asker) -> None:
        """Delete a conversation with all that was said in it; the trail of accesses stays."""
        about = kept.conversation(caller, id).patient
        kept.delete(caller, id)
        portal.trail.deleted(caller, about, id)
        desk.forget_conversation(id)

    app.include_router(routes)


def _reference(written: str) -> str:
    return written if written.startswith("Patient/") else f"Patient/{written}"
