"""The tools -> a page that describes them to someone new: `python -m tools.calls.describe > docs/tools.md`.

All of it is taken from the tools' signatures and docstrings and from the tables by which plans are checked. Left out:
how a question becomes a plan (`agent`).
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from inspect import cleandoc, getdoc, signature
from typing import Any, get_args

from tools.calls import errors
from tools.calls.catalogue import TOOLS, Call, schemas, tool_function
from tools.calls.operations import OPERATIONS, Unit
from tools.calls.program import gives
from tools.calls.results import TIMED, Type
from tools.finding.windows import Relation
from tools.record.kinds import KINDS, label

EXAMPLE = (
    Call("find", {"kind": "medication", "concept": "insulin", "pick": "first"}, "a"),
    Call("measure", {"concept": "HbA1c", "pick": "last", "when": {"is": "before", "of": "a"}}, "b"),
)
"""The plan that the page shows."""
_TYPES: Mapping[Type, str] = {
    "entries": "things of the record, each with its name, its time and its status: problems, drugs, visits",
    "quantities": "measurements, each with its value, its unit and its time",
    "times": "days, or minutes where a time of day is recorded",
    "numbers": "counts, ages, lengths, amounts of money, with a unit if they have one",
    "truth": "yes or no",
    "names": "words of the record",
}
_RELATIONS: Mapping[Relation, str] = {
    "before": "strictly before it began",
    "after": "strictly after it began",
    "after end": "strictly after it ended; open where it goes on, or its end is not recorded",
    "at": "on the same day where it is a moment, as a day that was found is; overlapping it where it lasts",
    "during": "between its first and last day, or linked to it where it is a visit or stay",
    "nearest": "the one nearest in time, on either side; both where they are equally near",
}
_GIVES: Mapping[str, tuple[str, ...]] = {
    "find": ("give", "per"),
    "measure": ("give", "statistic", "how"),
    "profile": ("about",),
}
"""Tools whose results have a type by an argument: by which ones."""
_TOGETHER: Mapping[str, tuple[tuple[str, str], ...]] = {
    "anything with said": (("about", "name"), ("said", "Ann")),
    "a statistic with a test": (("statistic", "change"), ("test", "above")),
}
"""Arguments that make the type together."""
_MOST = 6
"""Choices of a tool that are listed one by one; more of them are what it gives otherwise."""
_HEAD = """\
# The tools

<!-- Made by `python -m tools.calls.describe`; change the docstrings instead. -->

The assistant answers a question about one patient by calling tools. Each tool is a function that reads the patient's \
FHIR R4 record, as of a day that counts as now, and returns **evidence**: an outcome, values for machines, the lines \
behind them, each with the resource that it comes from, what was searched, and what must be said with the answer. \
A tool never changes a record, never sees another patient, and uses no language model.

| outcome | means |
|---|---|
| `found` | the record says it |
| `none recorded` | the record was looked through, and there is none |
| `no value` | it is there, but the record leaves open what was asked for; the notes say why |
| `unreadable` | some of it could not be read, so that nothing is denied |
"""
_PLAN = """\
## A plan

A plan is a short program of calls. A call may build on what another found:

```json
{plan}
```

- `id`: by which other calls refer to this one: a small letter, then at most eleven small letters or digits, not \
`now`. Left out, the calls are `a`, `b`, `c` by their place.
- `tool` and `arguments`: as below. Words stay as people say them ("insulin", "since 2015"); the tools look up what \
they mean in this record.
- `answer`: ids of the calls that answer, in order. Left out, those to which no other call refers.

Ids, arguments and types are checked before anything runs; what is wrong is refused in a sentence that names the \
argument, its value, what was expected, and an example.
"""


def page() -> str:
    """Return the page, in Markdown."""
    parts = (
        _HEAD,
        _plan(),
        _when(),
        _types(),
        _operations(),
        _kinds(),
        *map(_tool, schemas(typed=True)),
        _errors(),
    )
    return "\n".join(parts)


def _plan() -> str:
    calls = ",\n  ".join(
        f'{{"id": "{call.id}", "tool": "{call.tool}", "arguments": {_json(call.arguments)}}}'
        for call in EXAMPLE
    )
    return _PLAN.replace("{plan}", f'{{"calls": [\n  {calls}],\n "answer": ["{EXAMPLE[-1].id}"]}}')


def _json(value: object) -> str:
    return str(value).replace("'", '"')


def _when() -> str:
    rows = [(f"`{name}`", meaning) for name, meaning in _RELATIONS.items()]
    return _section(
        "When",
        '`when` places a call next to what another found: `{"is": "before", "of": "a", "within": 30}`. `of` is the'
        f" call, which must give {_or(TIMED)}; `within`, if there, is at most so many days from its start (or end)."
        " Of several things found the first is meant, and the notes say so; of none, the call abstains. Two times of"
        " day are compared to the instant; where one side has only a day, the same day is neither before nor after."
        " `period` says a time in words; where both are there, both hold.",
        _table(("is", "means"), rows),
    )


def _types() -> str:
    rows = [
        (f"`{kind}`", meaning, "; ".join(_sources(kind)) or "calculate only")
        for kind, meaning in _TYPES.items()
    ]
    return _section(
        "Types of results",
        "What a call found has a type, by its tool and arguments.",
        _table(("type", "what", "of"), rows),
    )


def _sources(kind: Type) -> Iterator[str]:
    """Yield the tools that give a type, each with the arguments by which it does."""
    for tool in (name for name in TOOLS if name != "calculate"):
        by_type: dict[Type, list[tuple[str, str]]] = {}
        for argument, value, call in _choices(tool):
            by_type.setdefault(gives(call), []).append((argument, value))
        mine = by_type.get(kind, [])
        if len(mine) > _MOST and mine == max(by_type.values(), key=len):
            yield f"**{tool}** otherwise"
        elif mine:
            yield f"**{tool}** {'; '.join(_grouped(mine))}".strip()


def _grouped(choices: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield the arguments, each with its values."""
    for argument in dict.fromkeys(argument for argument, _ in choices):
        values = [f"`{value}`" for name, value in choices if name == argument and value]
        yield f"{argument} {', '.join(values)}".strip()


def _choices(tool: str) -> Iterator[tuple[str, str, Call]]:
    """Yield the choices by which a tool's results have their type: an argument, its value, and such a call."""
    known = _properties(tool)
    by = [name for name in _GIVES.get(tool, ()) if name in known]
    if not by:
        yield "", "", Call(tool, {})
    for name in by:
        for value in known[name].get("enum", ()):
            yield name, value, Call(tool, {name: value})
    for words, arguments in _TOGETHER.items():
        if set(dict(arguments)) <= set(known):
            yield words, "", Call(tool, dict(arguments))


def _properties(tool: str) -> dict[str, dict[str, Any]]:
    properties: dict[str, dict[str, Any]] = _parameters()[tool]["properties"]
    return properties


def _parameters() -> dict[str, dict[str, Any]]:
    return {schema["name"]: schema["parameters"] for schema in schemas(typed=True)}


def _operations() -> str:
    rows = [
        (
            f"`{name}`",
            takes.count_in_words,
            " or ".join(takes.types),
            takes.gives or "truth of truths, else what the operands are",
        )
        for name, takes in OPERATIONS.items()
    ]
    return _section(
        "Operations of calculate",
        f"Units of time are {', '.join(get_args(Unit))}. Operands are ids of calls or constants: numbers, ISO dates or"
        " times, `now`.",
        _table(("operation", "operands", "of type", "gives"), rows),
    )


def _kinds() -> str:
    rows = [(f"`{word}`", ", ".join(types), label(types[0])) for word, types in KINDS.items()]
    return _section(
        "Kinds",
        "A `kind` is one of these words, or the name of a FHIR resource type.",
        _table(("kind", "FHIR", "what clinicians call it"), rows),
    )


def _tool(schema: Mapping[str, Any]) -> str:
    name, parameters = schema["name"], schema["parameters"]
    doc = _Docstring.of(getdoc(tool_function(name)) or "")
    required = parameters.get("required", [])
    defaults = {each.name: each.default for each in signature(tool_function(name)).parameters.values()}
    rows = [
        (f"`{argument}`", _may_be(form, defaults.get(argument)), doc.arguments.get(argument, ""))
        for argument, form in parameters["properties"].items()
    ]
    inside = ", ".join(f"{each}{'' if each in required else '?'}" for each in parameters["properties"])
    return _section(
        name,
        f"`{name}({inside})`",
        doc.summary,
        _table(("argument", "may be", "what it says"), rows),
        f"Returns: {doc.returns}",
        *(f"Refused with `{error}`: {why}" for error, why in doc.raises.items()),
    )


def _may_be(form: Mapping[str, Any], default: object) -> str:
    words = ", ".join(f"`{each}`" for each in form["enum"]) if "enum" in form else _form(form)
    return (
        f"{words}; `{default}` if left out"
        if default not in (None, ..., "") and isinstance(default, str)
        else words
    )


def _form(form: Mapping[str, Any]) -> str:
    if form.get("type") == "object":
        return "see [When](#when)"
    named = {"integer": "a whole number", "number": "a number", "boolean": "true or false", "array": "a list"}
    return named.get(form.get("type", ""), "text")


def _errors() -> str:
    tree = cleandoc(errors.__doc__ or "").split("\n\n")
    return _section(
        "Errors",
        "A finding that is not there is an answer, no error. What can go wrong, by who must act:",
        f"```\n{tree[1]}\n```",
    )


@dataclass(frozen=True, slots=True)
class _Docstring:
    """A docstring in its parts, each on one line."""

    summary: str
    arguments: Mapping[str, str]
    returns: str
    raises: Mapping[str, str]

    @classmethod
    def of(cls, text: str) -> "_Docstring":
        """Read a docstring in Google style."""
        sections: dict[str, list[str]] = {"": []}
        current = ""
        for line in text.splitlines():
            if line in ("Args:", "Returns:", "Raises:"):
                current = line.removesuffix(":")
                sections[current] = []
            else:
                sections[current].append(line)
        return cls(
            summary="\n\n".join(
                _one_line(each.splitlines()) for each in "\n".join(sections[""]).split("\n\n")
            ).strip(),
            arguments=_named(sections.get("Args", ())),
            returns=_one_line(sections.get("Returns", ())),
            raises=_named(sections.get("Raises", ())),
        )


def _named(lines: Iterable[str]) -> dict[str, str]:
    """Return what is said of each name: a name with a colon, and lines that stand further in."""
    found: dict[str, str] = {}
    name = ""
    for line in filter(str.strip, lines):
        if not line.startswith(" " * 5):
            name, _, line = line.strip().partition(":")
        found[name] = f"{found.get(name, '')} {line.strip()}".strip()
    return found


def _one_line(lines: Iterable[str]) -> str:
    return " ".join(" ".join(lines).split())


def _or(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}"


def _section(title: str, *paragraphs: str) -> str:
    return "\n\n".join((f"## {title}", *filter(None, paragraphs))) + "\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


if __name__ == "__main__":
    sys.stdout.write(page())
