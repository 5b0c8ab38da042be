"""A wording is taught by one line of the corpus: fitted again, the network reads what it did not read before.

The encoder is a tiny one with weights by chance, as what is tested is the way from the line to the reading.
"""

from pathlib import Path

import pytest

from agent.reading.examples import examples
from agent.reading.marks import tokenizer
from agent.reading.network import Network

torch = pytest.importorskip("torch")
pytest.importorskip("onnx", reason="needs what fits the reader: pip install '.[reader]'")

KNOWN = """
["somebody"]
"find {problem} give=date pick=first" = ["When was {problem} diagnosed?", "{problem} since when", "onset of {problem}"]
"measure {test}" = ["What was the last {test}?", "latest {test}", "{test} now", "newest {test} please"]
"measure {test} pick=max" = ["highest {test}", "What was the peak {test}?", "{test} at its worst"]
"find medication status=active" = ["What is she taking?", "current drugs", "medication list"]
"""
TAUGHT = '"measure {test} pick=min" = ["tiddliest {test}", "{test}, the tiddliest", "What was the tiddliest {test}?"]\n'
QUESTION = "tiddliest [test]"
ROUNDS = 300


def fitted(folder: Path, lines: str) -> Network:
    from transformers import BertConfig, BertModel

    from agent.reading.training.export import export
    from agent.reading.training.fit import fit, values_of

    corpus, encoder, weights = folder / "corpus", folder / "encoder", folder / "weights"
    for each in (corpus, weights):
        each.mkdir(parents=True)
    (corpus / "topic.toml").write_text(lines)
    torch.manual_seed(0)
    tiny = BertConfig(
        vocab_size=tokenizer().get_vocab_size(), hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=256,
    )  # fmt: skip
    BertModel(tiny).save_pretrained(str(encoder))
    read = tuple(examples(corpus))
    export(fit(encoder, read, ROUNDS, 0, lambda line: None), values_of(read), weights)
    return Network(weights)


@pytest.mark.slow
@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::UserWarning", "ignore::torch.jit.TracerWarning"
)
def test_a_line_teaches_a_wording(tmp_path: Path) -> None:
    before = fitted(tmp_path / "before", KNOWN).scores(QUESTION).fields["pick"]
    after = fitted(tmp_path / "after", KNOWN + TAUGHT).scores(QUESTION).fields["pick"]
    assert before.get("min", 0.0) == 0.0
    assert max(after, key=lambda value: after[value]) == "min"
