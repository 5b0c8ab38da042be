"""CDS Hooks 2.0: a `patient-view` service whose card sums up the record and leads to the chat.

https://cds-hooks.hl7.org/2.0/
"""
