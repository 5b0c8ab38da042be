"""The trail: every access to a patient's data is kept as a FHIR R4 AuditEvent, every answer as a Provenance.

Kept append-only beside the conversations, and posted to a FHIR server where the operator names one.
"""

from portal.trail.trail import NotKept, Trail

__all__ = ["NotKept", "Trail"]
