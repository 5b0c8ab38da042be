"""One patient's entries, as of one day and within one scope: `PatientRecord`."""

from tools.record.patient_record import PatientRecord

__all__ = ["PatientRecord"]
