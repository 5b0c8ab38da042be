"""What several calls found, some under one name -> the words by which each is told from the others.

"statin" and "statin" are "active statin" and "stopped statin". Left out: what differs in the result only.
"""

from collections.abc import Mapping, Sequence

from tools.calls.evidence import Evidence

Marks = tuple[str, str]
"""The words before and after a name, "" where none are needed."""
_BEFORE = ("status", "category")
_AFTER: Mapping[str, str] = {"route": "by {} route", "reason": "for {}", "place": "at {}", "who": "by {}"}
RELATED = ("active", "started", "ended")
"""How things lie in a time that they need not have happened in."""


def marks(named: Sequence[tuple[str, Evidence]]) -> list[Marks]:
    """Return what to say before and after each name, so that no two that stand for different things are the same.

    Args:
        named: what each is called, and what its call found; a constant has no arguments.
    """
    all_words = [_words(evidence) for _, evidence in named]
    groups = [_group(name, evidence) for name, evidence in named]
    return [
        _telling(own, [words for words, other in zip(all_words, groups, strict=True) if other == group])
        for own, group in zip(all_words, groups, strict=True)
    ]


def _group(name: str, evidence: Evidence) -> str:
    """Return what is the same of calls that are to be told apart: the kind of whole kinds, else the name."""
    return name if evidence.arguments.get("concept") else str(evidence.arguments.get("kind") or name)


def _words(evidence: Evidence) -> dict[str, str]:
    """Return the words for all that narrows a call; the name of a whole kind has its status and category."""
    said = {name: str(value) for name, value in evidence.arguments.items() if isinstance(value, str)}
    own = {"kind": said.get("kind", ""), **{name: said.get(name, "") for name in _BEFORE}}
    before = own if said.get("concept") else {}
    after = {name: form.format(said[name]) for name, form in _AFTER.items() if said.get(name)}
    related = f"{evidence.relation} " if evidence.relation in RELATED else ""
    return {**before, **after, "time": f"{related}{evidence.period}" if evidence.period else ""}


def _telling(own: Mapping[str, str], alike: Sequence[Mapping[str, str]]) -> Marks:
    differ = {name for words in alike for name in words if len({each.get(name, "") for each in alike}) > 1}
    before = [own[name] for name in _BEFORE if name in differ and own.get(name)]
    after = [own[name] for name in ("kind", *_AFTER, "time") if name in differ and own.get(name)]
    return " ".join(before), " ".join(after)
