"""Words -> the recorded names that are nearest in meaning: "broke her collarbone", "Fracture of clavicle (disorder)".

For names that neither the record nor the lexicon has in these words. What people call things is in names/*.toml, which
a clinician can read and extend; `fit` makes the vectors from it. Left out: what is near enough to be taken for meant.
"""

from tools.concepts.meaning.nearest import Near, may_be, nearest, stretches, unknown_but_near

__all__ = ["Near", "may_be", "nearest", "stretches", "unknown_but_near"]
