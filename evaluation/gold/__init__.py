"""FHIR JSON -> questions with gold answers. Shares nothing with what it is the gold for: no tool, no agent, no entry.

Plain functions over the JSON of FHIR R4 resources, so that a reader can check an answer against the record.
"""
