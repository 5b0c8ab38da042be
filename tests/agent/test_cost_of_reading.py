"""Whatever is asked, up to the accepted length, a question costs little processor time, in step with its length.

The fragments are those that once took seconds when they were repeated, and others of their kind.
"""

import gc
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.answer import Answer
from agent.asking import LONGEST_QUESTION, MOST_WORDS, words_of
from agent.assistant import Assistant
from agent.reading.examples import examples
from fhir_fixtures import REFERENCE_DATE, records
from tools.concepts import linking, strengths
from tools.concepts.lexicon import lexicon
from tools.sources import open_location

AT_RANDOM = 0.35
"""The same within hypothesis, where a question takes up to 2.6 times as long as alone (0.08 s alone, 0.21 s here)."""
LOADING = (
    "Has she ever had leprosy?", "What was billed altogether?", "What happened in 2019?", "Summarise this patient",
    "What does the record hold?", "Which notes mention smoking?", "Who is on her care team?", "How old is she?",
)  # fmt: skip
"""Questions that have everything read that a record reads once."""
MOST = 0.2
"""Seconds of processor time that a question may cost."""
AT_ONCE = 0.02
"""Seconds that a question costs however short it is, so that a growth is told from chance."""
SHORTER = (10, 20, 40)
"""Words first, so that what doubles with each word fails here and does not run for years."""
LARGEST = "Dannielle Jenkins"
PATIENTS = (LARGEST, "Adelina Maggio", "Ty Olson")
# fmt: off
FRAGMENTS = (
    "so ", "now ", "please ", "and so ", "ok, ", "! so ", "and ", "or ", "the ", "my ", "not ",
    "of the ", "in the ", "on with of for ", "is ", "was ", "what ", "when ", "who ", "x to ", "why ",
    "a-", "a ", "x ", "x x ", "x_", "x/", "x, ", "x: ", "x; ", "x. ", "x.y ", "x's ", "a/b ", "b ", "c ",
    "1 ", "1", "1.", "12-3 ", "1mg ", "5 mg ", "500 MG ", "1st ", "½", "²", "٣", "4548-4 ", "loinc ",
    "code code 1 ",
    "“x” ", '"x" ', '"', "'", "( ", "[x] ", ".total [x]", "]]]]", "((", "..", "- ", "-", "#", "~", "> ",
    ">= ", "· ", "¤ ", "$$", "{}", "\\", "<b>", "http://a.b/c?d=e&f=g ", "A ", "A) ", "A) B) ",
    "A) x B) y ", "(A) ", "? ",
    "é", "a\u0301", "\u0301", "İ", "ß", "ﷺ", "中", "中文 ", "病人", "😀", "👩\u200d👧 ", "\u200b", "रोगी ",
    "أدوية ", "Quels médicaments ", "x", "X", "Aa", "s'",
    "since since ", "before before ", "after after ", "before 2019 ", "since 2019 ", "until until ",
    "by by ", "between 2010 and ", "2010-", "2010/", "2010 - 2011 ",
    "19 ", "2 years ago ", "two years ", "twenty-", "half a ", "and a half ", "first ", "last ",
    "the last ", "the last 3 visits ", "within 30 days of ", "early 2019 ",
    "the end of ", "last year ", "may ", "march 4 ", "monday ", "summer ", "q1 2020 ", "40s ",
    "when she was 40 ", "aged 40 ", "as a child ", "birth ", "first year of life ",
    "before starting insulin ", "starting ", "stopped ", "diagnosed with ", "first diagnosis of x: ",
    "was first diagnosed, ", "treatment with ",
    "when she was admitted ", "last admission ", "visit for ", 'last visit of type "x" ',
    "in the report ", "report ", "of a report ", "transfusion of ",
    "above 5 mg ", "less than 3 ", "diabetes ", "diabetes or ", "diabetes and ", "diabetes, ",
    "type 2 diabetes ", "fracture of ", "cancer ", "pain in ", "pain ",
    "glucose ", "glucose and ", "glucose or ", "systolic ", "systolic diastolic bp ",
    "blood pressure and ", "cholesterol in ", "hdl ldl ", "vitamin ", "MRI of the ",
    "history of ", "suspected ", "no ", "isn't ", "can you ", "could you tell me ",
    "I need to know when ", "for x, ", "x, so ", "compared to ", "now and ",
    "diabetis ", "hypertention ", "colestorol ", "medicaton ", "asthmaa ", "zorblax ", "Ann Lee ",
    "Dr. Ann ", "seen by Ann Lee ", "Mr. A ", "patient named ",
    "Dannielle Jenkins's ", "visits of type x ", "supply of ", "get x delivered ", "rx ", "dx'd ",
    "# of ", "n = ? ", "times a day ", "lot number ", "chart note ",
)
# fmt: on
REMEMBERED = (
    linking._hits,
    linking._content,
    linking._phrases,
    linking._reworded,
    linking.is_known,
    linking.variants,
    strengths.apart,
)  # fmt: skip
"""What linking remembers of words."""


@pytest.fixture(scope="module")
def assistant() -> Iterator[Assistant]:
    """The fixtures, with all that questions load of the three records loaded."""
    opened = Assistant(open_location(str(records()), workers=0), model="none")
    for patient in PATIENTS:
        record = opened.record(patient, REFERENCE_DATE)
        for kind in record.counts:
            record.terms(kind)
        _ask(opened, patient, "What was her last HbA1c, and which medications is she taking?")
        for question in LOADING:
            _ask(opened, patient, question)
    gc.collect()
    gc.disable()
    yield opened
    gc.enable()


def _ask(assistant: Assistant, patient: str, question: str) -> Answer:
    return assistant.ask(patient, question, now=REFERENCE_DATE)


def _seconds(assistant: Assistant, patient: str, question: str) -> float:
    """Return the processor time of a question that nobody asked before."""
    for remembered in REMEMBERED:
        remembered.cache_clear()
    assistant.record(patient, REFERENCE_DATE)._made.clear()
    begun = process_time()
    _ask(assistant, patient, question)
    return process_time() - begun


def _fitting(fragments: Sequence[str], words: int = MOST_WORDS, letters: int = LONGEST_QUESTION) -> str:
    """Return the fragments, again and again, as many as fit into so many words and letters, at least one."""

    def repeated(times: int) -> str:
        return "".join(islice(cycle(fragments), times))[:letters]

    most = bisect_right(range(1, letters + 1), words, key=lambda times: words_of(repeated(times)))
    return repeated(max(most, 1))


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_a_fragment_repeated_costs_little_and_grows_with_its_length(
    fragment: str, assistant: Assistant
) -> None:
    for words in SHORTER:
        assert _seconds(assistant, LARGEST, _fitting([fragment], words)) < MOST
    for patient in PATIENTS:
        assert _seconds(assistant, patient, _fitting([fragment])) < MOST
        assert _seconds(assistant, patient, (fragment * LONGEST_QUESTION)[:LONGEST_QUESTION]) < MOST
    half = _seconds(assistant, LARGEST, _fitting([fragment], MOST_WORDS // 2, LONGEST_QUESTION // 2))
    assert _seconds(assistant, LARGEST, _fitting([fragment])) < 5 * half + AT_ONCE


def _words_of_all_kinds() -> st.SearchStrategy[str]:
    """Fragments, words of questions and of the lexicon, misspelt or not, and what nobody means."""
    asked = {word for example in islice(examples(), 0, None, 20) for word in example.wording.split()}
    said = sorted({*lexicon().words, *(word for word in asked if len(word) > 1)})
    known = st.sampled_from(said)
    slips = st.builds(
        lambda word, at: word[: at % len(word)] + word[at % len(word) + 1 :], known, st.integers(1, 9)
    )
    words = st.builds(
        lambda word, end: f"{word}{end}", known | slips, st.sampled_from([" ", ", ", "-", "? "])
    )
    return st.sampled_from(FRAGMENTS) | words | st.text(min_size=1, max_size=8)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    fragments=st.lists(_words_of_all_kinds(), min_size=1, max_size=150),
    asked=st.sampled_from(
        ["and ", "What was her last ", "How many ", "Is she ", "When was ", "For the form, "]
    ),
    patient=st.sampled_from(PATIENTS),
)
def test_fragments_in_any_order_cost_little(
    fragments: list[str], asked: str, patient: str, assistant: Assistant
) -> None:
    assert _seconds(assistant, patient, _fitting([asked, *fragments])) < AT_RANDOM


@pytest.mark.parametrize("joint", [" ", ", ", " and ", " or ", " before ", "? "])
def test_recorded_names_in_a_row_cost_little(joint: str, assistant: Assistant) -> None:
    record = assistant.record(LARGEST, REFERENCE_DATE)
    names = sorted({f"{term.display}{joint}" for kind in record.counts for term in record.terms(kind)})
    for begin in range(0, len(names), 40):
        question = _fitting(["What was her last ", *names[begin:]])
        assert _seconds(assistant, LARGEST, question) < MOST, question


HBA1C = "what was her last HbA1c?"


def test_as_many_words_as_may_be_are_read(assistant: Assistant) -> None:
    question = _fitting(["please "], MOST_WORDS - words_of(HBA1C)) + HBA1C
    assert words_of(question) == MOST_WORDS
    assert _ask(assistant, LARGEST, question).values == _ask(assistant, LARGEST, HBA1C).values != ()


def test_a_question_of_more_words_is_not_read_in_part(assistant: Assistant) -> None:
    answer = _ask(assistant, LARGEST, "please " * (MOST_WORDS + 1 - words_of(HBA1C)) + HBA1C)
    assert answer.answer.startswith(
        "This question has more words in a sentence than can be read without a model: ask it in at most 80 words"
    )
    assert (answer.plan, answer.values, answer.grounded) == ((), (), True)


def test_a_thing_named_in_more_words_than_any_name_is_not_understood(assistant: Assistant) -> None:
    answer = _ask(assistant, LARGEST, "Did he ever " + "billing 2010-" * 30)
    assert answer.outcome == "not understood"
