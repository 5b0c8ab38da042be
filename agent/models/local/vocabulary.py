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
        silent: control tokens, which never reach a text; the marks of a thought are none.
    """

    tokenizer: PreTrainedTokenizerBase
    stops: frozenset[int]
    begin: int | None
    end: int | None
    silent: frozenset[int]
    _control: re.Pattern[str] = field(repr=False)

    @property
    def marks(self) -> list[int]:
        """The tokens around a thought; both, or none where a thought cannot be told from what is said."""
        return [] if self.begin is None or self.end is None else [self.begin, self.end]

    def count(self, text: str) -> int:
        """Return how many tokens a text is, without a template."""
        return len(self.tokenizer(text, add_special_tokens=False)["input_ids"])

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
    begin, end = (tokenizer.get_vocab().get(mark) for mark in (BEGIN, END))
    added = tokenizer.added_tokens_decoder
    control = {token for token, found in added.items() if found.special or _UNUSED.fullmatch(found.content)}
    silent = ({*tokenizer.all_special_ids} | control | stops) - {begin, end}
    names = {added[token].content for token in silent if token in added}
    return Vocabulary(
        tokenizer=tokenizer,
        stops=stops,
        begin=begin,
        end=end,
        silent=frozenset(silent),
        _control=_any_of({*names, *tokenizer.all_special_tokens}),
    )


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
    rest = sorted((name for name in names if name.strip() and not _UNUSED.fullmatch(name)), key=len)
    return re.compile("|".join([_UNUSED.pattern, *map(re.escape, reversed(rest))]))
