"""SMART App Launch 2: a record system opens the assistant for one patient, and lends it that patient's records.

https://hl7.org/fhir/smart-app-launch/. Tokens stay here; a browser holds the key of a session and no more.
"""
