"""The same questions on a small and on a large record -> how much more a model reads, our way and the navigator's."""

from collections.abc import Sequence
from datetime import date

from agent.cli.bars import Row, quantile
from agent.cli.questions import Question
from evaluation.bench import answering, prompting, published
from evaluation.bench.growing import Grown
from evaluation.bench.tokens import Tokens

_BAR = 1.25
"""What is flat: names that the questions leave open, and counts with more digits, take a little more room."""


def measure(small: Grown, large: Grown, wordings: Sequence[str], now: date, tokens: Tokens) -> list[Row]:
    """Return rows of the prompts on the large record over those on the small one."""
    ours, theirs = zip(*(_read(grown, wordings, now, tokens) for grown in (small, large)), strict=True)
    return [
        _row("prompts, 20 000 resources over 1 000", ours, _BAR, tokens),
        _row("navigator: prompts, 20 000 resources over 1 000", theirs, None, tokens),
    ]


def _read(grown: Grown, wordings: Sequence[str], now: date, tokens: Tokens) -> tuple[list[int], list[int]]:
    """Return the tokens of each question's prompts, our way and the navigator's."""
    asked = tuple(Question(str(n), grown.reference, text, now) for n, text in enumerate(wordings))
    answers = answering.ask(grown, [asked]).answers
    chart = published.opened(grown, answers[0][0], tokens)
    ours = [answer.usage.prompt_tokens for answer in prompting.prompted(grown, answers, tokens)]
    return ours, [published.navigated(answer, chart).tokens for answer in answers[0]]


def _row(what: str, read: Sequence[Sequence[int]], bar: float | None, tokens: Tokens) -> Row:
    small, large = (sum(each) / len(each) for each in read)
    middle = [quantile(each, 0.5) for each in read]
    told = (
        f"{len(read[0])} questions; mean {large:.0f} over {small:.0f} tokens,"
        f" median {middle[1]} over {middle[0]}; {tokens.how}"
    )
    return Row(f"{what}, mean", large / small, "times", bar, told)
