"""A tokenizer -> what of it a conversation needs: which tokens end a turn, mark a thought, or must never be text.

Text of a record that spells such a token is broken up before it is tokenized, so that it stays text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from jinja2 import TemplateError
from transformers import PreTrainedTokenizerBase

from agent.models.thinking import BEGIN, END

_UNUSED = re.compile(r"<unused\d+>")
_PROBE = "probe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The tokens of a checkpoint.

    Attributes:
        tokenizer: has a chat template.
        stops: each of them ends the model's turn.
        begin: opens a thought; None if the vocabulary cannot mark thoughts.
        end: closes it.
        silent: control tokens, which never reach a text.
    """

    tokenizer: PreTrainedTokenizerBase
    stops: frozenset[int]
    begin: int | None
    end: int | None
    silent: frozenset[int]
    _control: re.Pattern[str] = field(repr=False)

    @property
    def thinks(self) -> bool:
        """Whether a thought can be told from what is said."""
        return self.begin is not None and self.end is not None

    @property
    def marks(self) -> list[int]:
        """The tokens around a thought, if there are any."""
        return [token for token in (self.begin, self.end) if token is not None]

    def count(self, text: str) -> int:
        """Return how many tokens a text is, without a template."""
        return len(self.tokenizer(text, add_special_tokens=False)["input_ids"])

    def text(self, ids: list[int]) -> str:
        """Return the text of tokens; the marks of a thought are in it, control tokens are not."""
        spoken = [token for token in ids if token not in self.silent]
        return str(self.tokenizer.decode(spoken, clean_up_tokenization_spaces=False))

    def harmless(self, text: str) -> str:
        """Return a text with a blank inside everything that would become a control token.

        "<end_of_turn>" in a note becomes "< end_of_turn>".
        """
        return self._control.sub(lambda found: f"{found[0][0]} {found[0][1:]}", text)


def vocabulary_of(tokenizer: PreTrainedTokenizerBase, ends: Iterable[int]) -> Vocabulary:
    """Return what a conversation needs of a tokenizer that has a chat template.

    Args:
        tokenizer: of a chat model.
        ends: tokens that end a text, by the configurations of the checkpoint.
    """
    stops = frozenset({*ends, *_end_of_turn(tokenizer)})
    begin, end = _single(tokenizer, BEGIN), _single(tokenizer, END)
    added = {token: found.content for token, found in tokenizer.added_tokens_decoder.items()}
    special = {token for token, found in tokenizer.added_tokens_decoder.items() if found.special}
    unused = {token for token, content in added.items() if _UNUSED.fullmatch(content)}
    silent = ({*tokenizer.all_special_ids} | special | unused | stops) - {begin, end}
    names = {added[token] for token in silent if token in added and not added[token].isspace()}
    return Vocabulary(
        tokenizer=tokenizer,
        stops=stops,
        begin=begin,
        end=end,
        silent=frozenset(silent),
        _control=_any_of({*names, *tokenizer.all_special_tokens}),
    )


def _single(tokenizer: PreTrainedTokenizerBase, text: str) -> int | None:
    """Return the token that is this text, None if there is none."""
    token = tokenizer.convert_tokens_to_ids(text)
    return token if isinstance(token, int) and tokenizer.convert_ids_to_tokens(token) == text else None


def _end_of_turn(tokenizer: PreTrainedTokenizerBase) -> list[int]:
    """Return the token that the chat template writes after what the model says, if it writes one."""
    turns = [{"role": "user", "content": _PROBE}, {"role": "assistant", "content": _PROBE}]
    try:
        rendered = str(tokenizer.apply_chat_template(turns, tokenize=False))
    except TemplateError:
        return []
    after = rendered.rpartition(_PROBE)[2].lstrip()
    tokens = tokenizer(after, add_special_tokens=False)["input_ids"][:1]
    return [token for token in tokens if token in tokenizer.added_tokens_decoder]


def _any_of(names: set[str]) -> re.Pattern[str]:
    """Return a pattern of control tokens; the thousands of unused ones are one branch of it."""
    rest = sorted((name for name in names if name and not _UNUSED.fullmatch(name)), key=len, reverse=True)
    return re.compile("|".join([_UNUSED.pattern, *map(re.escape, rest)]))
