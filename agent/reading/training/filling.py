"""A wording of the corpus -> what the network learns from: its text with marks or names, and what is right.

Noise is made here: slips of the pen, words left out, a clause or a time beside the question.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from agent.reading.examples import Example
from agent.reading.form import SLOT, THINGS, Form
from agent.reading.marks import MARKS, mark
from agent.reading.slots import SPOKEN
from agent.reading.training.names import made_up, names, stranger

_PATIENT = re.compile(r"\b(?:the |this )?(?:patient|pt)('s)?\b(?!s)", re.I)
_SUBJECT = re.compile(r"\b(?:the patient|she|he)\b(?!')", re.I)
_PERSONS = (
    "this boy", "the boy", "this girl", "the lady", "this lady", "the gentleman", "this gentleman", "this man",
    "this woman", "the old man", "the old lady", "our patient", "this pt", "the kid", "the resident", "the client",
    "the little one", "the baby", "the child", "this chap", "the guy",
)  # fmt: skip
"""What a patient is called who is not called by name."""
_RECORDED: Mapping[str, float] = {"place": 0.4, "person": 0.4, "word": 0.15}
"""How often a slot that may be recorded nowhere is, so that it has a mark; of words those that name an insurer."""
_LITTLE = frozenset(
    {"the", "a", "an", "of", "is", "was", "were", "did", "does", "has", "have", "had", "her", "his", "my"}
)
_OTHERS = {
    "drug": ("substance",),
    "substance": ("drug",),
    "item": ("procedure",),
    "procedure": ("item", "test"),
    "vaccine": ("drug",),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot in a text.

    Attributes:
        start, end: where it stands.
        kind: its slot, "drug".
        role: what it does in the plan.
        said: it stands as words, else as a mark.
    """

    start: int
    end: int
    kind: str
    role: str
    said: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """A text for the network and what is right for it."""

    text: str
    form: Form
    slots: tuple[Slot, ...]
    author: str


def _with_spoken(text: str, form: Form) -> tuple[str, Form]:
    """The same with a number that stands in words as a slot."""
    match = re.search(rf"\b(?:{'|'.join(SPOKEN)})\b", text, re.I)
    if not match or "{number" in text:
        return text, form
    text = f"{text[: match.start()]}{{number}}{text[match.end() :]}"
    if form["n"] == str(SPOKEN[match.group().lower()]):
        return text, Form({**form.values, "n": "slot"}, (*form.roles, ("number", "n")))
    return text, form


class Filler:
    """Fills wordings; the same seed gives the same texts."""

    def __init__(
        self, seed: int, asides: Sequence[str] = (), narrowing: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self._rng = random.Random(seed)
        self._names = names()
        self._asides = asides
        self._narrowing = narrowing or {}
        self._left = ""

    @property
    def left(self) -> str:
        """The words of the slot {left} of the last wording that has one."""
        return self._left

    def plain(self, example: Example) -> Filled:
        """Return the wording with marks, without noise."""
        return self._fill(example, example.wording, example.form, words=0.0)

    def noisy(self, example: Example, other: Example) -> Filled:
        """Return the wording with some slots in words, and with what people do to a question.

        Args:
            example: the wording.
            other: a question that may stand before it in the conversation and does not matter.
        """
        text, form = self.disturbed(example, other)
        return self._fill(example, text, form, words=0.3)

    def disturbed(self, example: Example, other: Example) -> tuple[str, Form]:
        """Return a wording with what people do to a question, and what it then asks for.

        Words that narrow it in a way that no plan can say are the slot {left}; see `left`.
        """
        rng, text, form = self._rng, example.wording, example.form
        if rng.random() < 0.06 and ">>" not in text + other.wording and form["act"] == "answer":
            text = SLOT.sub(r"{\g<1>9}", other.wording) + f" >> {text}"
        if form["act"] == "answer" and "{name}" not in text and rng.random() < 0.12:
            text = self._named(text)
        if "{name}" in text and ">>" not in text and rng.random() < 0.35:
            text, form = text.replace("{name}", stranger(rng)), Form({"act": "another patient"})
        if rng.random() < 0.08 and ">>" not in text:
            text = _SUBJECT.sub(rng.choice(_PERSONS), text, count=1)
        if rng.random() < 0.12:
            text, form = self._timed(text, form)
        if rng.random() < 0.2 and form["act"] == "answer" and ">>" not in text:
            text = self._beside(text)
        if rng.random() < 0.1 and form["act"] == "answer" and ">>" not in text and self._narrowing:
            text = self._narrowed(text)
        if rng.random() < 0.25:
            text = text.rstrip("?.! ")
        if rng.random() < 0.12:
            text = self._shortened(text)
        if rng.random() < 0.18:
            text = self._slipped(text)
        return text, form

    def _fill(self, example: Example, text: str, form: Form, words: float) -> Filled:
        text, form = _with_spoken(text.replace(" >> ", f" {mark('then')} "), form)
        roles = dict(form.roles)
        out, slots, at = "", [], 0
        for match in SLOT.finditer(text):
            out += text[at : match.start()]
            kind, name = match[1], match[1] + match[2]
            said, shown = self._shown(kind, words)
            if kind != "name":
                slots.append(Slot(len(out), len(out) + len(shown), kind, roles.get(name, "aside"), said))
            out += shown
            at = match.end()
        out += text[at:]
        return Filled(out, form, tuple(slots), example.author)

    def _shown(self, kind: str, words: float) -> tuple[bool, str]:
        rng = self._rng
        if kind == "left":
            return True, self._left
        if kind in _RECORDED:
            recorded = rng.random() < _RECORDED[kind]
            return (
                (False, mark("item" if kind == "word" else kind)) if recorded else (True, made_up(kind, rng))
            )
        if kind in THINGS and rng.random() < words:
            return True, rng.choice(self._names[kind]) if rng.random() < 0.6 else made_up(kind, rng)
        if kind == "limit":
            return False, mark("number" if rng.random() < 0.5 else "amount")
        if kind in _OTHERS and words and rng.random() < 0.1:
            return False, mark(rng.choice(_OTHERS[kind]))
        return False, mark(kind if kind in MARKS else "thing")

    def _timed(self, text: str, form: Form) -> tuple[str, Form]:
        """The same with a time beside it, where the plan has a place for one and none yet."""
        takes = (
            ">>" not in text
            and form["tool"] in ("find", "measure", "costs", "notes")
            and not form["event"]
            and not form["then"]
        )
        if not takes or "{time}" in text or any(role in ("on", "since", "period") for _, role in form.roles):
            return text, form
        if re.search(r"\b(?:ever|now|current|still|latest|today)\b", text, re.I) or form["status"]:
            return text, form
        bare = text.rstrip(" ?.!")
        timed = f"{bare} {{time}}" if self._rng.random() < 0.75 else f"{{time}}, {bare}"
        return timed + text[len(bare) :].strip(), replace(form, roles=(*form.roles, ("time", "period")))

    def _named(self, text: str) -> str:
        """The same with a name for the patient."""
        if _PATIENT.search(text):
            return _PATIENT.sub(r"{name}\1", text, count=1)
        bare = text.rstrip(" ?.!")
        return self._rng.choice(
            (f"{{name}}: {text}", f"{bare} for {{name}}{text[len(bare) :]}", f"For {{name}}, {text}")
        )

    def _narrowed(self, text: str) -> str:
        """The same with words that narrow it and have no place in any plan."""
        rng = self._rng
        where = rng.choice(("before", "after", "after", "apart"))
        self._left = rng.choice(self._narrowing[where])
        things = [m for m in SLOT.finditer(text) if m[1] in THINGS]
        if where != "apart" and things and (where == "before" or rng.random() < 0.6):
            thing = rng.choice(things)
            at = thing.start() if where == "before" else thing.end()
            return (
                f"{text[:at]}{{left}} {text[at:]}"
                if where == "before"
                else f"{text[:at]} {{left}}{text[at:]}"
            )
        bare = text.rstrip(" ?.!")
        return (
            bare
            + rng.choice((" {left}", ", {left}", " ({left})") if where == "apart" else (" {left}",))
            + text[len(bare) :]
        )

    def _beside(self, text: str) -> str:
        if not self._asides:
            return text
        aside = SLOT.sub(r"{\g<1>8}", self._rng.choice(self._asides))
        return f"{aside.rstrip()} {text}" if self._rng.random() < 0.6 else f"{text} {aside}"

    def _shortened(self, text: str) -> str:
        words = text.split(" ")
        little = [at for at, word in enumerate(words) if word.lower() in _LITTLE]
        if not little or len(words) < 5:
            return text
        dropped = self._rng.choice(little)
        return " ".join(word for at, word in enumerate(words) if at != dropped)

    def _slipped(self, text: str) -> str:
        rng = self._rng
        words = [match for match in re.finditer(r"(?<![{\w])[a-zA-Z]{4,}(?![}\w])", text)]
        if not words:
            return text
        word = rng.choice(words)
        at = rng.randrange(word.start() + 1, word.end() - 1)
        slip = rng.choice(("drop", "swap", "double", "other"))
        if slip == "drop":
            return text[:at] + text[at + 1 :]
        if slip == "swap":
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        if slip == "double":
            return text[:at] + text[at] + text[at:]
        return text[:at] + rng.choice("aeiourstln") + text[at + 1 :]
