"""What a CDS Hooks client sends: a call of the service, and feedback on its cards.

https://cds-hooks.hl7.org/2.0/#calling-a-cds-service, #feedback. What is not understood is ignored, as the
specification asks.
"""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from portal.api.shapes import FhirId

Short = Annotated[str, StringConstraints(min_length=1, max_length=400)]
MOST = 100
"""Feedback that is taken at once."""


class Sent(BaseModel):
    """JSON as the specification names it."""

    model_config = ConfigDict(populate_by_name=True, extra="ignore")


class Authorization(Sent):
    """The token with which the client's FHIR server may be read.

    Attributes:
        patient: id of the only patient that the token is for, if it is for one.
    """

    access_token: SecretStr = Field(min_length=1, max_length=8192)
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str
    subject: str
    patient: FhirId | None = None


class PatientView(Sent):
    """Whose record was opened, by whom. https://cds-hooks.hl7.org/hooks/patient-view/."""

    patient_id: FhirId = Field(alias="patientId")
    user_id: Short | None = Field(default=None, alias="userId")
    encounter_id: FhirId | None = Field(default=None, alias="encounterId")


class Asked(Sent):
    """A call of the service.

    Attributes:
        prefetch: resources by the keys of the service's templates; null where the client has none.
    """

    hook: Short
    hook_instance: UUID = Field(alias="hookInstance")
    context: PatientView
    fhir_server: Short | None = Field(default=None, alias="fhirServer")
    fhir_authorization: Authorization | None = Field(default=None, alias="fhirAuthorization")
    prefetch: dict[str, Any] | None = None

    @property
    def patient(self) -> str:
        """The only patient of the call, "Patient/…"."""
        return f"Patient/{self.context.patient_id}"


class Coding(Sent):
    """A code."""

    code: Short
    system: Short | None = None
    display: Short | None = None


class Override(Sent):
    """Why a card was dismissed."""

    reason: Coding | None = None
    comment: str = Field(default="", max_length=4000, alias="userComment")


class Accepted(Sent):
    """A suggestion that was accepted."""

    id: Short


class Given(Sent):
    """The card that something became of, and when."""

    card: UUID
    at: AwareDatetime = Field(alias="outcomeTimestamp")


class Followed(Given):
    """Suggestions of a card were accepted."""

    outcome: Literal["accepted"]
    accepted: list[Accepted] = Field(min_length=1, max_length=MOST, alias="acceptedSuggestions")


class Dismissed(Given):
    """A card was dismissed, perhaps for a reason."""

    outcome: Literal["overridden"]
    override: Override | None = Field(default=None, alias="overrideReason")


Outcome = Annotated[Followed | Dismissed, Field(discriminator="outcome")]


class Feedback(Sent):
    """What became of cards."""

    feedback: list[Outcome] = Field(min_length=1, max_length=MOST)
