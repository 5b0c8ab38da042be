"""Codes of code systems -> their names, for entries whose codes have none.

Only data and look-ups: ICD-10-CM whole (icd-10-cm.tsv.gz, made by build.py), names of ours for ATC, CVX, LOINC and
SNOMED CT (names.toml, and the lines of concepts.toml). What is covered stands in docs/records.md.
"""

from tools.codes.known import disagreement, tables
from tools.codes.names import classified, name_of

__all__ = ["classified", "disagreement", "name_of", "tables"]
