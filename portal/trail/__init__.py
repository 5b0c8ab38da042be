"""The trail: every access to a patient's data is kept as a FHIR R4 AuditEvent, every answer as a Provenance.

Kept append-only beside the conversations, and posted to a FHIR server where the operator names one. Nothing is
imported here: the commands `replay` and `trail` start without the portal's dependencies.
"""
