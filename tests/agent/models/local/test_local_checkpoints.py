"""Folders that hold a chat model, and every way in which they do not."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from transformers import (
    AutoTokenizer,
    BertConfig,
    BertLMHeadModel,
    Gemma3ForCausalLM,
    Gemma3ForConditionalGeneration,
    T5Config,
)

from agent.models.failures import ModelFailure
from agent.models.local import grow_in_place, open_local, opening
from agent.models.model import Model
from agent.models.names import ModelName, understand
from agent.models.options import ModelOptions, Precision
from tests.agent.models.local import tiny
from tests.agent.models.local.watching import chat_of


def opened(folder: Path, *, precision: Precision = "auto") -> Model:
    return open_local(understand(str(folder)), ModelOptions(precision=precision))


def test_a_checkpoint_with_a_vision_tower_is_opened_with_its_processor(picture_model: Model) -> None:
    checkpoint = chat_of(picture_model).checkpoint
    assert isinstance(checkpoint.model, Gemma3ForConditionalGeneration)
    assert checkpoint.processor is not None


def test_one_that_reads_text_is_opened_with_its_tokenizer(text_model: Model) -> None:
    checkpoint = chat_of(text_model).checkpoint
    assert isinstance(checkpoint.model, Gemma3ForCausalLM)
    assert checkpoint.processor is None


def test_a_processor_that_names_its_pictures_as_published_does_too(
    picture_folder: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(picture_folder, tmp_path / "published")
    file = folder / "processor_config.json"
    file.write_text(file.read_text().replace("ImageProcessorPil", "ImageProcessor"))
    assert chat_of(opened(folder)).checkpoint.processor is not None


def test_a_model_may_come_in_several_files(tmp_path: Path) -> None:
    folder = tiny.save_text(tmp_path / "sharded", max_shard_size="40KB")
    assert len(list(folder.glob("model-*.safetensors"))) > 1
    assert opened(folder).chat.invoke("HbA1c?", max_tokens=5).text


@pytest.mark.parametrize(("wish", "dtype"), [("auto", torch.float32), ("bf16", torch.bfloat16)])
def test_without_a_gpu_the_weights_are_exact_unless_bf16_is_wished_for(
    text_folder: Path, wish: Precision, dtype: torch.dtype
) -> None:
    assert chat_of(opened(text_folder, precision=wish)).checkpoint.model.dtype == dtype


def test_without_a_gpu_fewer_bits_are_refused(text_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelFailure) as raised:
        opened(text_folder, precision="4bit")
    assert raised.value.why == "not installed"
    assert str(raised.value) == "tiny-text in 4-bit needs a GPU, and none is here; type: --precision auto"


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda gpu: (24 << 30, 25 << 30))


@pytest.mark.usefixtures("gpu")
def test_fewer_bits_need_bitsandbytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "find_spec", lambda package: None)
    with pytest.raises(ModelFailure) as raised:
        opening.placed("medgemma", "8bit", gguf=False)
    assert str(raised.value) == "medgemma in 8-bit needs bitsandbytes; type: pip install bitsandbytes"


@pytest.mark.usefixtures("gpu")
@pytest.mark.parametrize("wish", ["auto", "bf16", "8bit", "4bit"])
def test_on_a_gpu_accelerate_places_the_weights(wish: Precision, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "find_spec", lambda package: object())
    placed = opening.placed("medgemma", wish, gguf=False)
    assert (placed["device_map"], placed["dtype"]) == ("auto", torch.bfloat16)
    bits = placed.get("quantization_config")
    assert [getattr(bits, "load_in_8bit", False), getattr(bits, "load_in_4bit", False)] == [
        wish == "8bit",
        wish == "4bit",
    ]
    if wish == "4bit":
        assert (bits.bnb_4bit_quant_type, bits.bnb_4bit_use_double_quant) == ("nf4", True)
        assert bits.bnb_4bit_compute_dtype == torch.bfloat16


@pytest.mark.usefixtures("gpu")
def test_a_gguf_file_is_unpacked_to_bf16_and_to_nothing_less() -> None:
    assert opening.placed("m.gguf", "auto", gguf=True) == {"dtype": torch.bfloat16, "device_map": "auto"}
    with pytest.raises(ModelFailure) as raised:
        opening.placed("m.gguf", "4bit", gguf=True)
    sentence = "m.gguf is unpacked to bf16 while it is read; for 4-bit, name the model of the hub."
    assert str(raised.value) == sentence


@pytest.mark.usefixtures("gpu")
def test_auto_takes_the_best_that_fits_both_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def best(model: str, free: list[int], context: int) -> Precision | None:
        asked.append((model, free, context))
        return "8bit" if model == "google/medgemma-27b-it" else None

    monkeypatch.setattr("agent.models.local.opening.best_precision", best)
    assert opening.fitting(understand("medgemma-27b"), ModelOptions()) == "8bit"
    assert asked == [("google/medgemma-27b-it", [24 << 30, 24 << 30], 8192)]
    assert opening.fitting(understand("medgemma-27b"), ModelOptions(precision="bf16")) == "bf16"
    with pytest.raises(ModelFailure) as raised:
        opening.fitting(ModelName("hub", "big/one", "big/one"), ModelOptions())
    assert str(raised.value) == "big/one fits the GPU in no precision; type: fhir-assistant doctor"


def _without(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def _writing(name: str, text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_text(text) and None  # type: ignore[func-returns-value]


def _cut(folder: Path) -> None:
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-1000])


def _first_shard(folder: Path) -> None:
    index = {"weight_map": {"lm_head.weight": "model-00001-of-00002.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def _fewer_weights(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    file = folder / "model.safetensors"
    kept = {
        name: weights
        for name, weights in load_file(file).items()
        if name != "model.layers.4.mlp.up_proj.weight"
    }
    save_file(kept, file, metadata={"format": "pt"})


NOT_WHOLE = [
    ("no configuration", _without("config.json"), "config.json is missing."),
    (
        "half a configuration",
        _writing("config.json", '{"model_type": "gem'),
        "config.json is no JSON object with settings.",
    ),
    (
        "an empty configuration",
        _writing("config.json", "{}"),
        "config.json is no JSON object with settings.",
    ),
    (
        "a list for a configuration",
        _writing("config.json", "[]"),
        "config.json is no JSON object with settings.",
    ),
    ("no tokenizer", _without("tokenizer_config.json"), "tokenizer_config.json is missing."),
    ("no weights", _without("model.safetensors"), "model.safetensors is missing."),
    ("a shard is missing", _first_shard, "model-00001-of-00002.safetensors is missing."),
    (
        "a page of HTML for weights",
        _writing("model.safetensors", "<html>" * 9),
        "model.safetensors is no safetensors file.",
    ),
    ("no bytes of weights", _writing("model.safetensors", ""), "model.safetensors is no safetensors file."),
    ("weights of a layer are missing", _fewer_weights, "it lacks model.layers.4.mlp.up_proj.weight."),
]


@pytest.mark.parametrize(
    ("break_it", "wrong"), [case[1:] for case in NOT_WHOLE], ids=[case[0] for case in NOT_WHOLE]
)
def test_a_checkpoint_that_is_not_whole_says_what_is_wrong(
    text_folder: Path, tmp_path: Path, break_it: Callable[[Path], None], wrong: str
) -> None:
    folder = shutil.copytree(text_folder, tmp_path / "broken")
    break_it(folder)
    with pytest.raises(ModelFailure) as raised:
        opened(folder)
    assert raised.value.why == "no weights"
    assert str(raised.value) == f"The checkpoint broken is not whole: {wrong}"


def test_weights_that_are_cut_short_say_by_how_much(text_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(text_folder, tmp_path / "broken")
    whole = (folder / "model.safetensors").stat().st_size
    _cut(folder)
    with pytest.raises(ModelFailure) as raised:
        opened(folder)
    size = f"model.safetensors ends after {whole - 1000:,} of {whole:,} bytes"
    assert str(raised.value) == f"The checkpoint broken is not whole: {size}."


UNREADABLE = [
    ("an unknown architecture", _writing("config.json", '{"model_type": "gemma9"}')),
    (
        "an architecture with code of its own, which is not run",
        _writing("config.json", '{"model_type": "x", "auto_map": {"AutoConfig": "evil.Config"}}'),
    ),
    ("no tokenizer in its file", _writing("tokenizer.json", '{"model": ')),
]


@pytest.mark.parametrize("break_it", [case[1] for case in UNREADABLE], ids=[case[0] for case in UNREADABLE])
def test_what_transformers_cannot_read_is_one_sentence(
    text_folder: Path, tmp_path: Path, break_it: Callable[[Path], None]
) -> None:
    folder = shutil.copytree(text_folder, tmp_path / "broken")
    break_it(folder)
    with pytest.raises(ModelFailure) as raised:
        opened(folder)
    assert raised.value.why == "no weights"
    assert str(raised.value).startswith("broken cannot be read as a model: ")
    assert "\n" not in str(raised.value)


def _bert(folder: Path) -> None:
    words = tiny.tokenizer(template=None)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    config.is_decoder = True
    BertLMHeadModel(config).save_pretrained(folder)
    words.save_pretrained(folder)


def _t5(folder: Path) -> None:
    tiny.save_text(folder)
    T5Config().save_pretrained(folder)


TUNED = "take one that is tuned for instructions (often named …-it or …-instruct)"
NO_CHAT = [
    (
        "a base model",
        lambda folder: tiny.save_text(folder, template=None),
        f"has no chat template, so it is no chat model: {TUNED}.",
    ),
    ("an encoder", _bert, f"has no chat template, so it is no chat model: {TUNED}."),
    ("a translator", _t5, "is a t5, which does not write text."),
]


@pytest.mark.parametrize(("make", "wrong"), [case[1:] for case in NO_CHAT], ids=[case[0] for case in NO_CHAT])
def test_what_is_no_chat_model_says_so(tmp_path: Path, make: Callable[[Path], None], wrong: str) -> None:
    make(tmp_path / "other")
    with pytest.raises(ModelFailure) as raised:
        opened(tmp_path / "other")
    assert raised.value.why == "no chat model"
    assert str(raised.value) == f"other {wrong}"


def test_memory_that_runs_out_while_loading_says_what_to_type(
    text_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr("agent.models.local.opening.AutoModelForCausalLM.from_pretrained", full)
    with pytest.raises(ModelFailure) as raised:
        opened(text_folder)
    assert raised.value.why == "memory"
    assert str(raised.value) == (
        "tiny-text does not fit into memory: --precision 4bit or a shorter --context needs less; "
        "fhir-assistant doctor shows what fits"
    )


@pytest.mark.parametrize("package", ["torch", "transformers", "accelerate", "jinja2", "PIL"])
def test_a_package_that_is_missing_is_named_with_the_command_that_installs_it(
    picture_folder: Path, package: str
) -> None:
    code = f"""if True:
        import sys
        from importlib.machinery import PathFinder
        class Missing(PathFinder):
            @classmethod
            def find_spec(cls, name, *rest):
                if name.partition(".")[0] == {package!r}:
                    return None
                return super().find_spec(name, *rest)
        sys.meta_path[:] = [Missing if finder is PathFinder else finder for finder in sys.meta_path]
        from agent.models.failures import ModelFailure
        from agent.models.local import open_local
        from agent.models.names import understand
        from agent.models.options import ModelOptions
        try:
            open_local(understand({str(picture_folder)!r}), ModelOptions())
        except ModelFailure as failure:
            print(failure.why, failure, sep=": ")
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    named = "pillow" if package == "PIL" else package
    install = "pip install 'fhir-record-assistant[medgemma]'"
    assert done.stdout.strip() == f"not installed: tiny-pictures needs the package {named}; type: {install}"


def test_torch_is_had_to_grow_its_memory_in_place_unless_it_was_set_up_already() -> None:
    ours = {"PYTORCH_ALLOC_CONF": "expandable_segments:True"}
    theirs = [{name: "max_split_size_mb:64"} for name in (*ours, "PYTORCH_CUDA_ALLOC_CONF")]
    for before, after in [({}, ours if sys.platform == "linux" else {}), *zip(theirs, theirs, strict=True)]:
        environment = dict(before)
        grow_in_place(environment)
        assert environment == after


def test_the_door_imports_no_torch() -> None:
    # transformers without torch is what some versions of LangChain look for themselves
    code = "import sys, agent.models.local; print([m for m in ('torch', 'accelerate') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_tokenizer_of_the_test_is_of_gemmas_form(text_folder: Path) -> None:
    words = AutoTokenizer.from_pretrained(text_folder)
    assert type(words).__name__ == "GemmaTokenizer"
    assert words.decode(words("HbA1c 💊", add_special_tokens=False)["input_ids"]) == "HbA1c 💊"
