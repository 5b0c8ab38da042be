"""A piece of a draft in another language -> the same in the words of English reports, for the English checks.

Every word is replaced by the one it stands for, dates and numbers by the record's way of writing them; quotes
and recorded texts stay. What has no English word must be the record's own, and is checked as such. Left out:
grammar; what is checked is what is claimed.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from agent.check.language import Language
from agent.check.notation import NUMBER, UNREADABLE, decimal, iso
from agent.check.tokens import stem
from agent.check.vocabulary import allowed
from tools.wording.text import words

_KEPT = re.compile("\ue010(\\d+)\ue011")
_QUOTED = re.compile(r"[„“”\"«»]\s*([^„“”\"«»]*?)\s*[„“”\"«»]")
_MARK = "[\ue000\ue010]\\d+[\ue001\ue011]"
_WORD = r"\w*[^\W\d_]\w*"
_PART = re.compile(
    rf"(?P<mark>{_MARK})|(?P<number>{NUMBER})|(?P<unreadable>{UNREADABLE})|(?P<word>{_WORD}(?:/{_WORD}|'?))"
)
_TOLD = re.compile(r"^(“|the (?:number|date) )(.*?)(”? is not in )")
_AMOUNT_BEFORE = re.compile(r"\d\s*(?:%|\ue000\d+\ue001|[\w/µ³²]*)\s*$")
_AMOUNT_AFTER = re.compile(r"\s*[-−]?\d")


@dataclass
class Gloss:
    """Translates the pieces of one statement.

    Attributes:
        language: of the draft.
        recorded: the words of the evidence; they need no translation.
        asked: those of what was looked for; they are not translated even where they could be.
        unknown: words and digits met that mean nothing in the language and are not in the evidence.
        denials: how many words met deny for themselves.
    """

    language: Language
    recorded: frozenset[str]
    asked: frozenset[str]
    unknown: list[str] = field(default_factory=list)
    denials: int = 0
    _kept: list[str] = field(default_factory=list)
    _said: dict[str, str] = field(default_factory=dict)

    def english(self, masked: str) -> str:
        """Return a piece in English words; masks of recorded texts stay where they are."""
        text = unicodedata.normalize("NFC", masked)
        text = _QUOTED.sub(lambda match: self._keep(f"“{match[1]}”"), text)
        for pattern in self.language.dates:
            text = pattern.sub(self._date, text)
        text = self.language.phrase.sub(self._phrase, text.replace("’", "'"))
        text = _PART.sub(self._part, text)
        while _KEPT.search(text):
            text = _KEPT.sub(lambda match: self._kept[int(match[1])], text)
        return text

    def as_said(self, reason: str) -> str:
        """Return a reason with the draft's own words, numbers and dates in it."""
        if reason.startswith("no single source says"):
            return "no single source says all of it"
        return _TOLD.sub(lambda match: match[1] + self._original(match[2]) + match[3], reason)

    def _original(self, english: str) -> str:
        for word, said in sorted(self._said.items(), key=lambda pair: -len(pair[0])):
            found = re.search(rf"(?<![\w.]){re.escape(word)}(?![\w.])", english)
            if found:
                return f"{english[: found.start()]}{said}{english[found.end() :]}"
        return english

    def _date(self, match: re.Match[str]) -> str:
        return self._keep(self._meant(match[0], iso(match, self.language.months)))

    def _phrase(self, match: re.Match[str]) -> str:
        said = " ".join(match[0].lower().split())
        return self._keep(self._meant(match[0], self.language.phrases[said]))

    def _part(self, match: re.Match[str]) -> str:
        if match["word"]:
            return self._word(match)
        if match["number"]:
            return self._meant(match[0], decimal(match[0]))
        return self._refuse(match) if match["unreadable"] else match[0]

    def _word(self, match: re.Match[str]) -> str:
        said = match[0].lower()
        meant = self.language.english.get(said, self.language.english.get(said.rstrip("'")))
        if said in self.language.between and _between_amounts(match):
            return "to"
        if meant is None or (self.asked.intersection(words(said)) and not _plain(meant)):
            meant = self._own(match)
        self.denials += meant in ("no", "not", "without")
        return self._meant(match[0], meant) + " " * said.endswith("'")

    def _own(self, match: re.Match[str]) -> str:
        """Return a word as it stands; what the English checks would pass though it is not recorded is refused."""
        unit = match.string[: match.start()].rstrip()[-1:].isdigit()
        for word in words(match[0]):
            letter = len(word) == 1 and not unit
            if (letter or _plain(word)) and word not in self.recorded:
                return self._refuse(match)
        return match[0].rstrip("'")

    def _refuse(self, match: re.Match[str]) -> str:
        self.unknown.append(match[0])
        return match[0]

    def _meant(self, said: str, english: str) -> str:
        said_words = words(english)
        for word in {english, *said_words, *map(stem, said_words)} if "/" not in english else ():
            if word != said:
                self._said.setdefault(word, said)
        return english

    def _keep(self, text: str) -> str:
        self._kept.append(text)
        return f"\ue010{len(self._kept) - 1}\ue011"


def _between_amounts(match: re.Match[str]) -> bool:
    before, after = match.string[: match.start()], match.string[match.end() :]
    return bool(_AMOUNT_BEFORE.search(before) and _AMOUNT_AFTER.match(after))


def _plain(english: str) -> bool:
    return all(len(word) > 1 and stem(word) in allowed("plain") for word in words(english))
