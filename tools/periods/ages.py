"""Times of a life -> `Named`: "age 40", "when she was 40", "her forties", "as a child", "birth".

Ages are completed years. Stages of life are spans of ages (see STAGES); the label says which.
"""

import re

from tools.periods.arithmetic import ahead, birthday, plus_days
from tools.periods.period import Clock, Form, Groups, Named, NotInRecord
from tools.periods.words import LENGTHS, UNIT, WORD_NUMBER, iso, length, number

STAGES: dict[str, tuple[int, int]] = {
    # first and last age
    "newborn": (0, 0), "neonate": (0, 0), "baby": (0, 1), "infant": (0, 1), "toddler": (1, 3),
    "child": (0, 12), "kid": (0, 12), "boy": (0, 12), "girl": (0, 12), "teenager": (13, 19), "teen": (13, 19),
    "adolescent": (13, 19), "adult": (18, 130), "young adult": (18, 25), "minor": (0, 17),
    "senior": (65, 130),
    "infancy": (0, 1), "childhood": (0, 12), "early childhood": (0, 5), "adolescence": (13, 19),
    "teens": (13, 19),
    "adulthood": (18, 130), "middle age": (40, 64), "old age": (65, 130),
}  # fmt: skip
_TENS = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")


def _ages(clock: Clock, first: int, last: int, label: str, lead: str = "") -> Named:
    if clock.born is None:
        raise NotInRecord
    begin = birthday(clock.born, first)
    end = plus_days(birthday(clock.born, last + 1), -1) if last < 130 else None
    days = f"{iso(begin)} to {iso(end)}" if end else f"since {iso(begin)}"
    point = begin if first == last else None
    return Named(begin, end, f"{label} ({days})", point=point, loose=183, lead=lead)


def _whole(text: str | None) -> int | None:
    value = number(re.sub(r"(?:st|nd|rd|th)$", "", text or ""))
    return None if value is None or value > 130 else int(value)


def _age(groups: Groups, clock: Clock) -> Named | None:
    age = _whole(groups["n"])
    return None if age is None else _ages(clock, age, age, f"age {age}", lead="at")


def _between(groups: Groups, clock: Clock) -> Named | None:
    first, last = _whole(groups["a"]), _whole(groups["b"])
    if first is None or last is None:
        return None
    first, last = sorted((first, last))
    return _ages(clock, first, last, f"between age {first} and {last}")


def _under(groups: Groups, clock: Clock) -> Named | None:
    age = _whole(groups["n"])
    if age is None:
        return None
    until = _ages(clock, age, age, "").first
    return Named(clock.born, plus_days(until, -1) if until else None, f"before age {age}", lead="")


def _over(groups: Groups, clock: Clock) -> Named | None:
    age = _whole(groups["n"])
    return None if age is None else Named(_ages(clock, age, age, "").first, None, f"since age {age}", lead="")


def _stage(groups: Groups, clock: Clock) -> Named:
    stage = " ".join((groups["stage"] or "").lower().split())
    said = (
        f"in {stage}"
        if stage.endswith(("y", "hood", "ence", "age", "teens")) and stage != "baby"
        else f"as a{'n' * (stage[0] in 'ai')} {stage}"
    )
    return _ages(clock, *STAGES[stage], said)


def _decade_of_life(groups: Groups, clock: Clock) -> Named | None:
    word = (groups["tens"] or "").lower()
    first = int(word[0]) * 10 if word[0].isdigit() else (_TENS.index(word) + 2) * 10
    return _ages(clock, first, first + 9, f"between age {first} and {first + 9}")


def _birthday(groups: Groups, clock: Clock) -> Named | None:
    age = _whole(groups["n"])
    if age is None:
        return None
    day = _ages(clock, age, age, "").first
    return Named(day, day, f"turning {age} ({day})", lead="on")


def _birth(groups: Groups, clock: Clock) -> Named:
    if clock.born is None:
        raise NotInRecord
    return Named(clock.born, clock.born, f"birth ({iso(clock.born)})", lead="at")


def _of_life(groups: Groups, clock: Clock) -> Named | None:
    span = length(groups["length"] or "")
    if clock.born is None:
        raise NotInRecord
    if span is None:
        return None
    last = plus_days(ahead(clock.born, span), -1)
    said = span.text.removeprefix("1 ")
    return Named(clock.born, last, f"the first {said} of life (until {iso(last)})")


_N = rf"(?P<n>[0-9]{{1,3}}|{WORD_NUMBER})"
_OLD = r"(?:years? old|years? of age|yo|y/o|yrs? old|year-old)"
_WHO = r"(?:he|she|they|i|the patient|the pt|patient|·+)"
_WHOSE = r"(?:his|her|their|my|the patient's|the)"
_STAGE = "|".join(sorted(STAGES, key=len, reverse=True))
_NOT_AMOUNT = r"(?!\s*(?:mg|kg|lb|%|\.[0-9]|weeks?|months?|days?|cm|or|/|pounds))"

FORMS: list[Form] = [
    Form(
        rf"between (?:the )?ages? (?:of )?(?P<a>[0-9]+|{WORD_NUMBER})(?: (?:and|to)(?: age)? "
        rf"|\s*-\s*)(?P<b>[0-9]+|{WORD_NUMBER})",
        _between,
    ),
    Form(
        rf"(?:from|at|in) (?:the )?ages? (?:of )?(?P<a>[0-9]+|{WORD_NUMBER})(?: to (?:age )?"
        rf"|\s*-\s*)(?P<b>[0-9]+|{WORD_NUMBER})",
        _between,
    ),
    Form(
        rf"(?:while|when|whilst|as|at the time|back when) {_WHO} (?:was|were) (?:age |aged )?{_N}(?:"
        rf" {_OLD})?{_NOT_AMOUNT}",
        _age,
    ),
    Form(rf"(?:while|when|back when)(?: (?:mr|mrs|ms)\.?)?(?: [^\W\d_][\w'-]*){{1,3}} was {_N} {_OLD}", _age),
    Form(rf"(?:while|when|whilst) (?:age |aged )?{_N} {_OLD}", _age),
    Form(rf"(?:while|when|whilst) (?:age|aged) {_N}{_NOT_AMOUNT}", _age),
    Form(rf"(?:the )?age {_N}(?=:)", _age),
    Form(rf"(?:under|below|younger than) (?:the )?age (?:of )?{_N}", _under),
    Form(
        rf"(?:before|prior to) (?:turning|{_WHO} (?:had )?(?:turned|was|were)(?: age)?) {_N}(?:"
        rf" {_OLD})?{_NOT_AMOUNT}",
        _under,
    ),
    Form(rf"(?:over|above|past|older than|from) (?:the )?age (?:of )?{_N}(?: (?:on|onwards?))?", _over),
    Form(
        rf"(?:since|after|from when|once) (?:turning|{_WHO} (?:had )?(?:turned|was|were)(?: age)?) {_N}(?:"
        rf" {_OLD})?{_NOT_AMOUNT}",
        _over,
    ),
    Form(rf"(?:the )?age (?:of )?{_N}(?: years?)?", _age, bare=False),
    Form(rf"aged {_N}(?: years?)?", _age),
    Form(rf"{_N} {_OLD}", _age, bare=False),
    Form(rf"{_WHOSE} {_N}(?:st|nd|rd|th) birthday", _birthday, bare=False),
    Form(
        rf"(?:turning {_N}|when {_WHO} turned {_N.replace('<n>', '<n2>')})",
        lambda g, c: _birthday({"n": g["n"] or g["n2"]}, c),
    ),
    Form(
        rf"(?:as|while|when {_WHO} (?:was|were)(?: still)?|since {_WHO} (?:was|were))(?: still)? an?"
        rf" (?:little |young )?(?P<stage>{_STAGE})",
        _stage,
    ),
    Form(
        rf"in (?:{_WHOSE} )?(?:early |late )?(?P<stage>infancy|childhood|early childhood|adolescence"
        rf"|adulthood|teens|middle age|old age)",
        _stage,
    ),
    Form(
        r"(?:(?:his|her|their|my|the patient's) )?(?P<stage>infancy|childhood|early childhood|adolescence"
        r"|adulthood|teens)",
        _stage,
        bare=False,
    ),
    Form(
        rf"(?:his|her|their|my|the patient's) (?P<tens>{'|'.join(_TENS)}|[2-9]0'?s)",
        _decade_of_life,
        bare=False,
    ),
    Form(
        rf"(?:when|while) {_WHO} (?:was|were) in (?:his|her|their|my) (?P<tens>{'|'.join(_TENS)}|[2-9]0'?s)",
        _decade_of_life,
    ),
    Form(rf"(?:the |{_WHOSE} )?first (?P<length>{LENGTHS}|{UNIT}) of (?:life|{_WHOSE} life)", _of_life),
    Form(
        r"(?:the |his |her |their |my )?(?<!of\s)birth(?! (?:date|control|weight|place|name|certificate|order"
        r"|mark|defect)|-)",
        _birth,
        bare=False,
    ),
    Form(rf"(?:when )?{_WHO} (?:was|were) born", _birth, bare=False),
]
