"""The corpus can be read and run, and the weights are those of the corpus."""

import random
from collections import defaultdict

from agent.reading.examples import examples
from agent.reading.form import FIELDS, SLOT
from agent.reading.marked import SLOT_OF, Slot
from agent.reading.marks import WEIGHTS
from agent.reading.network import network
from agent.reading.program import NoPlaceError, program_of
from agent.reading.training.filling import Filler

CORPUS = tuple(examples())
TYPES = {slot: name for name, slot in SLOT_OF.items()}
MADE = {"number": "3", "nth": "2", "limit": "7", "time": "in 2019", "length": "30 days"}


def test_every_wording_has_the_slots_of_what_it_asks_for() -> None:
    lacking = {
        each.wording: each.heading
        for each in CORPUS
        if {name for name, _ in each.form.roles} - {slot[1] + slot[2] for slot in SLOT.finditer(each.wording)}
    }
    assert lacking == {}


def test_what_the_corpus_asks_for_can_nearly_always_be_planned() -> None:
    headings = {each.heading: each.form for each in CORPUS if each.form["act"] == "answer"}
    refused = {}
    for heading, form in headings.items():
        roles: dict[str, list[Slot]] = defaultdict(list)
        for name, role in form.roles:
            kind = name.rstrip("0123456789")
            text = MADE.get(kind, name)
            roles[role].append(
                Slot(kind, text, 0, 1, types=(TYPES.get(kind, "DiagnosticReport"),), value=text)
            )
        try:
            program_of(form, roles)
        except NoPlaceError as error:
            refused[heading] = str(error)
    assert len(refused) < 0.08 * len(headings), refused


def test_the_weights_are_those_of_the_corpus() -> None:
    """Of a sample of what it learned, the network has nearly every field right."""
    net, filler = network(WEIGHTS), Filler(1)
    sample = random.Random(1).sample([each for each in CORPUS if each.form["act"] == "answer"], 200)
    right = 0
    for each in sample:
        fields = net.scores(filler.plain(each).text).fields
        right += all(max(fields[name], key=fields[name].__getitem__) == each.form[name] for name in FIELDS)
    assert right >= 0.9 * len(sample)


def test_the_weights_are_small() -> None:
    assert sum(file.stat().st_size for file in WEIGHTS.iterdir()) < 25_000_000
