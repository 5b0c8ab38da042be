"""A draft -> its statements, each with the pieces between citations.

Recorded names and facts are masked while the draft is split: "Dr. Smith" ends no sentence and "No known
allergy" denies nothing. A lead-in that ends with ":" takes the citations of the list below it.
"""

import re
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field

from agent.check.citations import CITATION, references_in

_MASK = re.compile("\ue000(\\d+)\ue001")
_LATE = re.compile("\\s*\ue000(\\d+)\ue001[.,;]?")
_RESERVED = str.maketrans("", "", "\ue000\ue001\ue010\ue011")
_SENTENCE_END = re.compile(r"(?<=[.!?])(?=\s)|(?<=[.!?][\"”)])(?=\s)")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_CLAUSE = re.compile(
    r"[,;:]\s|\s(?:and|to(?!\s\d{4}-\d)|then|but|versus|vs\.?|while|whereas)\s", re.IGNORECASE
)
_ABBREVIATION = re.compile(r"\b(?:dr|mr|mrs|ms|st|e\.g|i\.e|vs|approx|no)\.$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Joints:
    """Where a sentence goes on though it seems to end.

    Attributes:
        abbreviation: matches the end of a part that ends with an abbreviation.
        ordinal: matches one that ends within a date, "4." or "Dez."; None where dates have no full stop.
        after_ordinal: matches what may follow it in the same date.
        ands: words that only join two citations.
    """

    abbreviation: re.Pattern[str]
    ordinal: re.Pattern[str] | None = None
    after_ordinal: re.Pattern[str] | None = None
    ands: frozenset[str] = frozenset()

    def hold(self, left: str, right: str) -> bool:
        """Tell whether what seems to be two sentences is one."""
        if self.abbreviation.search(left):
            return True
        if self.ordinal is None or self.after_ordinal is None:
            return False
        return bool(self.ordinal.search(left) and self.after_ordinal.match(right))


ENGLISH = Joints(_ABBREVIATION)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a statement and the resources cited at its end; `masked` hides recorded text."""

    masked: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or list item.

    Attributes:
        text: as drafted.
        pieces: in order; the last one has all of the statement's citations if it has none of its own.
        references: every citation.
    """

    text: str
    pieces: tuple[Piece, ...]
    references: tuple[str, ...]

    @property
    def masked(self) -> str:
        """All of it, with what is recorded hidden."""
        return "".join(piece.masked for piece in self.pieces)


@dataclass
class Masks:
    """Recorded texts, hidden while a draft is split."""

    texts: list[str] = field(default_factory=list)

    def hide(self, draft: str, recorded: Set[str]) -> str:
        """Replace citations and recorded texts, the longest first; characters that mark them are dropped."""
        draft = draft if draft.isascii() else draft.translate(_RESERVED)
        draft = CITATION.sub(lambda m: self._mark(m[0]) if references_in(m[1]) else m[0], draft)
        repeated = [text for text in recorded if len(text) > 3 and text in draft]
        for text in sorted(repeated, key=lambda text: (-len(text), text)):
            if text in draft:
                draft = re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", lambda m: self._mark(m[0]), draft)
        return draft

    def show(self, masked: str, as_: Callable[[str], str] | None = None) -> str:
        """Put the texts back, each as `as_` gives it."""
        while mark := _MASK.search(masked):
            text = self.texts[int(mark[1])]
            masked = f"{masked[: mark.start()]}{as_(text) if as_ else text}{masked[mark.end() :]}"
        return masked

    def opened(self, masked: str, texts: Set[str]) -> str:
        """Put only some texts back."""
        return _MASK.sub(lambda m: self.texts[int(m[1])] if self.texts[int(m[1])] in texts else m[0], masked)

    def citation(self, mark: str) -> tuple[str, ...]:
        """Return the references behind a mark; () if it hides something else."""
        match = CITATION.fullmatch(self.texts[int(mark)])
        return references_in(match[1]) if match else ()

    def _mark(self, text: str) -> str:
        self.texts.append(text)
        return f"\ue000{len(self.texts) - 1}\ue001"


def statements(draft: str, masks: Masks, recorded: Set[str], joints: Joints = ENGLISH) -> list[Statement]:
    """Split a draft into its statements."""
    lines = masks.hide(draft, recorded).splitlines()
    found: list[Statement] = []
    for n, line in enumerate(lines):
        for sentence in _sentences(_BULLET.sub("", line), joints, masks):
            below = _below(lines[n + 1 :], masks) if sentence.rstrip().endswith(":") else ()
            found.append(_statement(sentence, masks, below, joints.ands))
    return found


def clauses(masked: str) -> list[str]:
    """Split a piece where a new subject or value may begin."""
    return [part for part in _CLAUSE.split(masked) if part.strip()]


def bare(masked: str) -> str:
    """Return a piece without what is recorded."""
    return _MASK.sub(" ", masked)


def _sentences(line: str, joints: Joints, masks: Masks) -> list[str]:
    parts: list[str] = []
    for part in _SENTENCE_END.split(line):
        late = _late_citations(part, masks) if parts else 0
        if late:
            parts[-1], part = parts[-1] + part[:late], part[late:]
        if parts and not late and joints.hold(parts[-1], part):
            parts[-1] += part
        elif part.strip():
            parts.append(part)
    return parts


def _late_citations(part: str, masks: Masks) -> int:
    """Return where the citations end that a part begins with: they are of the sentence before it."""
    end = 0
    for found in _LATE.finditer(part):
        if found.start() != end or not masks.citation(found[1]):
            break
        end = found.end()
    return end


def _below(lines: Iterable[str], masks: Masks) -> tuple[str, ...]:
    references: list[str] = []
    for line in lines:
        if not line.strip() and references:
            break
        references += [r for mark in _MASK.findall(line) for r in masks.citation(mark)]
    return tuple(dict.fromkeys(references))


def _statement(sentence: str, masks: Masks, below: tuple[str, ...], ands: frozenset[str]) -> Statement:
    pieces: list[Piece] = []
    text, position = "", 0
    own: list[str] = []
    for match in _MASK.finditer(sentence):
        references = masks.citation(match[1])
        if not references:
            continue
        between = sentence[position : match.start()]
        if own and between.strip(" ,;.and") and between.strip(" ,;.") not in ands:
            pieces.append(Piece(text, tuple(own)))
            text, own = "", []
        text, own, position = text + between, [*own, *references], match.end()
    if own:
        pieces.append(Piece(text, tuple(own)))
    rest = sentence[position:]
    everything = tuple(dict.fromkeys([*[r for piece in pieces for r in piece.references], *below]))
    if rest.strip(' .,;:!?)”"'):
        pieces.append(Piece(rest, everything))
    return Statement(masks.show(sentence).strip(), tuple(pieces), everything)
