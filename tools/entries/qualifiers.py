"""Codes with which FHIR R4 results say what was found -> their names, for results that carry no name, or a foreign one.

SNOMED CT qualifier values and LOINC answers for presence, reactivity and growth. Left out: codes for amounts, organisms
and diagnoses.
"""

QUALIFIERS = {
    "260385009": "Negative",
    "260415000": "Not detected",
    "2667000": "Absent",
    "131194007": "Non-reactive",
    "264868006": "No growth",
    "373067005": "No",
    "10828004": "Positive",
    "260373001": "Detected",
    "52101004": "Present",
    "11214006": "Reactive",
    "373066001": "Yes",
    "260405006": "Trace",
    "260347006": "1+",
    "260348001": "2+",
    "260349009": "3+",
    "260350009": "4+",
    "82334004": "Indeterminate",
    "419984006": "Inconclusive",
    "42425007": "Equivocal",
    "455371000124106": "Invalid",
    "LA6577-6": "Negative",
    "LA11883-8": "Not detected",
    "LA9634-2": "Absent",
    "LA15256-3": "Non-reactive",
    "LA32-8": "No",
    "LA6576-8": "Positive",
    "LA11882-0": "Detected",
    "LA9633-4": "Present",
    "LA15255-5": "Reactive",
    "LA33-6": "Yes",
    "LA11884-6": "Indeterminate",
    "LA11885-3": "Equivocal",
    "LA9663-1": "Inconclusive",
    "LA15841-2": "Invalid",
}
