"""Tiny Gemma 3 checkpoints with random weights: the real classes, files and tokens, small enough for a test.

The tokenizer is trained here on a few sentences and has Gemma's form: byte fallback, "▁" for blanks, control tokens.
"""

import json
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import (
    Gemma3Config,
    Gemma3ForCausalLM,
    Gemma3ForConditionalGeneration,
    Gemma3ImageProcessorPil,
    Gemma3Processor,
    Gemma3TextConfig,
    GemmaTokenizer,
    SiglipVisionConfig,
)

from tests.agent.models.real import CHAT_TEMPLATE

WINDOW = 16
"""Tokens of the sliding window: shorter than most prompts."""
_NAMED = ("<pad>", "<eos>", "<bos>", "<unk>", "<mask>")
_CONTROL = ("<start_of_turn>", "<end_of_turn>", "<start_of_image>", "<end_of_image>", "<image_soft_token>")
THOUGHT = ("<unused94>", "<unused95>")
_BYTES = tuple(f"<0x{byte:02X}>" for byte in range(256))
_TEXT = (
    "The latest HbA1c was 6.4 % on 2020-12-04.",
    "You are a careful assistant. Answer from the facts alone.",
    "Which medication does the patient take for diabetes?",
    '{"calls": [{"tool": "measure", "arguments": {"concept": "HbA1c"}}]}',
)


def tokenizer(*, thoughts: bool = True, template: str | None = CHAT_TEMPLATE) -> GemmaTokenizer:
    """Return a tokenizer of Gemma's form; the marks of a thought are no special tokens, as MedGemma has them."""
    marks = THOUGHT if thoughts else ()
    trained = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True))
    trained.normalizer = normalizers.Replace(" ", "▁")
    trained.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    first = [*_NAMED, *_CONTROL, *marks, *_BYTES]
    trained.train_from_iterator(
        _TEXT, trainers.BpeTrainer(vocab_size=500, special_tokens=first, show_progress=False)
    )
    learned = trained.get_vocab()
    merges = [tuple(pair) for pair in json.loads(trained.to_str())["model"]["merges"]]
    made = GemmaTokenizer(
        vocab=learned, merges=merges, extra_special_tokens=_pictures(), chat_template=template
    )
    made.add_tokens(list(_CONTROL), special_tokens=True)
    made.add_tokens(list(marks))
    return made


def _pictures() -> dict[str, str]:
    return {"boi_token": _CONTROL[2], "eoi_token": _CONTROL[3], "image_token": _CONTROL[4]}


def text_config(size: int) -> Gemma3TextConfig:
    """Return the configuration of a Gemma 3 with five layers, one of them with full attention."""
    return Gemma3TextConfig(
        vocab_size=size,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=5,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=16,
        query_pre_attn_scalar=16,
        sliding_window=WINDOW,
        layer_types=["sliding_attention"] * 4 + ["full_attention"],
        max_position_embeddings=2048,
        initializer_range=0.5,
        tie_word_embeddings=False,
    )


def save_text(
    folder: Path, *, thoughts: bool = True, template: str | None = CHAT_TEMPLATE, **how: Any
) -> Path:
    """Save a tiny Gemma 3 that reads text."""
    words = tokenizer(thoughts=thoughts, template=template)
    torch.manual_seed(0)
    Gemma3ForCausalLM(text_config(len(words))).save_pretrained(folder, **how)
    words.save_pretrained(folder)
    return folder


def save_multimodal(folder: Path) -> Path:
    """Save a tiny Gemma 3 that reads text and pictures, four tokens for each picture."""
    words = tokenizer()
    vision = SiglipVisionConfig(
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=28,
        patch_size=7,
    )
    named = {name: words.convert_tokens_to_ids(text) for name, text in _pictures().items()}
    config = Gemma3Config(
        text_config=text_config(len(words)).to_dict(),
        vision_config=vision.to_dict(),
        mm_tokens_per_image=4,
        boi_token_index=named["boi_token"],
        eoi_token_index=named["eoi_token"],
        image_token_index=named["image_token"],
        tie_word_embeddings=False,
    )
    torch.manual_seed(0)
    model = Gemma3ForConditionalGeneration(config)
    # It begins as zeros, which would make all pictures alike.
    torch.nn.init.normal_(model.model.multi_modal_projector.mm_input_projection_weight)
    model.save_pretrained(folder)
    shown = Gemma3ImageProcessorPil(size={"height": 28, "width": 28})
    Gemma3Processor(shown, words, chat_template=CHAT_TEMPLATE, image_seq_length=4).save_pretrained(folder)
    return folder
