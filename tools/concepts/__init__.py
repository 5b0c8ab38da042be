"""Words of a question -> what is in this record.

`link` answers "what does the record have under this name?", `mentions` "which names are in this question?".
What words mean is in tools/concepts/concepts.toml, which a clinician can read and extend. Pure: no model, no clock.
Left out: values, times and statistics (measure, periods); what is asked about the concept (the planner).
"""

from tools.concepts.lexicon import (
    Result,
    classes_of,
    names_something,
    near_classes,
    one_word_names,
    records,
    result_of,
    told_by_test,
)
from tools.concepts.linking import link, says_nothing
from tools.concepts.mentioning import mentions
from tools.concepts.reading import How, Mention, Reading
from tools.concepts.rendering import label_words

__all__ = [
    "How",
    "Mention",
    "Reading",
    "Result",
    "classes_of",
    "near_classes",
    "label_words",
    "link",
    "mentions",
    "names_something",
    "one_word_names",
    "records",
    "result_of",
    "says_nothing",
    "told_by_test",
]
