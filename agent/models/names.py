"""A model string -> what it names. Nothing is imported, loaded or asked; a file or folder is looked at."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from tools.calls.errors import BadArgument

Kind = Literal["none", "auto", "hub", "folder", "gguf", "endpoint"]

MEDGEMMA = {
    "medgemma-27b": "google/medgemma-27b-it",
    "medgemma-27b-text": "google/medgemma-27b-text-it",
    "medgemma-1.5-4b": "google/medgemma-1.5-4b-it",
    "medgemma-4b": "google/medgemma-4b-it",
}
"""Short names, the default first. The 27B is the multimodal one, trained on FHIR records."""
_SEEING = (
    "medgemma",
    "gemma-3-4b",
    "gemma-3-12b",
    "gemma-3-27b",
    "gemma-4",
    "-vl",
    "llava",
    "pixtral",
    "gpt-4o",
    "gpt-5",
)
"""What the names of models have in them that read pictures; none of those with "text" in their names does."""
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]*[\w-]")
_WISH = f"none, auto, {', '.join(MEDGEMMA)}, a hub id, a folder, a .gguf file that exists, or openai:BASE_URL#NAME"


@dataclass(frozen=True, slots=True)
class ModelName:
    """A model string, understood.

    Attributes:
        kind: "none" and "auto" as they are; "hub" a repository, "folder" and "gguf" a path, "endpoint" a server.
        name: as answers report it; of a path its last part.
        where: hub id, path, or base URL.
    """

    kind: Kind
    name: str
    where: str = ""


def understand(model: str) -> ModelName:
    """Return what a model string names.

    >>> understand("medgemma-27b").where
    'google/medgemma-27b-it'
    >>> understand("openai:http://127.0.0.1:8000/v1#medgemma")
    ModelName(kind='endpoint', name='medgemma', where='http://127.0.0.1:8000/v1')

    Raises:
        BadArgument: it names nothing.
    """
    text = model.strip()
    if text in ("none", "auto"):
        return ModelName("none" if text == "none" else "auto", text)
    if text.startswith("openai:"):
        return _endpoint(text)
    if text in MEDGEMMA:
        return ModelName("hub", MEDGEMMA[text], MEDGEMMA[text])
    path = Path(text).expanduser()
    if path.suffix == ".gguf" and path.is_file():
        return ModelName("gguf", path.name, str(path))
    if text and path.is_dir():
        return ModelName("folder", path.resolve().name, str(path))
    if _HUB_ID.fullmatch(text) and path.suffix != ".gguf":
        return ModelName("hub", text, text)
    raise BadArgument("--model", model, _WISH, "medgemma-27b")


def reads_pictures(name: str) -> bool:
    """Tell whether a model behind a server is of a family that reads pictures, by the name it is served under.

    >>> reads_pictures("medgemma"), reads_pictures("google/medgemma-27b-text-it"), reads_pictures("llama-3.3-70b")
    (True, False, False)
    """
    known = name.casefold()
    return "text" not in known and any(part in known for part in _SEEING)


def _endpoint(text: str) -> ModelName:
    base, _, name = text.removeprefix("openai:").partition("#")
    try:
        parts = urlsplit(base)
        there = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none
        there = False
    if not there or not name:
        raise BadArgument("--model", text, "openai:BASE_URL#NAME", "openai:http://127.0.0.1:8000/v1#medgemma")
    return ModelName("endpoint", name, base.rstrip("/"))
