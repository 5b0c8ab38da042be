"""A tiny Gemma 3 as a .gguf file: what llama.cpp's converter would write, in float32."""

from pathlib import Path

import gguf
import torch
from transformers import Gemma3ForCausalLM

from tests.agent.models.local import tiny
from tests.agent.models.real import CHAT_TEMPLATE

_LAYER = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "post_attention_layernorm": "post_attention_norm",
    "pre_feedforward_layernorm": "ffn_norm",
    "post_feedforward_layernorm": "post_ffw_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
_WHOLE = {"embed_tokens": "token_embd", "norm": "output_norm"}


def save(file: Path, *, template: str | None = CHAT_TEMPLATE) -> Path:
    """Save a tiny Gemma 3 with random weights as a .gguf file."""
    words = tiny.tokenizer(template=None)
    torch.manual_seed(0)
    model = Gemma3ForCausalLM(tiny.text_config(len(words)))
    writer = gguf.GGUFWriter(file, "gemma3")
    _configuration(writer, model)
    _vocabulary(writer, words, template)
    for name, weights in model.model.state_dict().items():
        # Gemma's norms are kept as 1 + weight in these files.
        writer.add_tensor(_named(name), (weights + ("norm" in name)).float().numpy())
    writer.add_tensor("output.weight", model.lm_head.weight.detach().float().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def _configuration(writer: gguf.GGUFWriter, model: Gemma3ForCausalLM) -> None:
    config = model.config
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_key_length(config.head_dim)
    writer.add_value_length(config.head_dim)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_sliding_window(config.sliding_window)
    writer.add_rope_freq_base(1_000_000.0)


def _vocabulary(writer: gguf.GGUFWriter, words: tiny.GemmaTokenizer, template: str | None) -> None:
    tokens = [words.convert_ids_to_tokens(number) for number in range(len(words))]
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([-float(number) for number in range(len(tokens))])
    writer.add_token_types([_type(token) for token in tokens])
    writer.add_bos_token_id(words.bos_token_id)
    writer.add_eos_token_id(words.eos_token_id)
    writer.add_unk_token_id(words.unk_token_id)
    writer.add_pad_token_id(words.pad_token_id)
    if template is not None:
        writer.add_chat_template(template)


def _type(token: str) -> int:
    if token.startswith("<0x"):
        return int(gguf.TokenType.BYTE)
    return int(
        gguf.TokenType.CONTROL if token.startswith("<") and token.endswith(">") else gguf.TokenType.NORMAL
    )


def _named(name: str) -> str:
    stem = name.removesuffix(".weight")
    if stem in _WHOLE:
        return f"{_WHOLE[stem]}.weight"
    _, number, rest = stem.split(".", 2)
    return f"blk.{number}.{_LAYER[rest]}.weight"


def with_template(file: Path, copy: Path) -> Path:
    """Copy a .gguf file with a chat template, by gguf's own tool."""
    from gguf.scripts.gguf_new_metadata import MetadataDetails, copy_with_new_metadata

    reader = gguf.GGUFReader(file)
    writer = gguf.GGUFWriter(copy, "gemma3")
    template = {gguf.Keys.Tokenizer.CHAT_TEMPLATE: MetadataDetails(gguf.GGUFValueType.STRING, CHAT_TEMPLATE)}
    copy_with_new_metadata(reader, writer, template, [])
    return copy
