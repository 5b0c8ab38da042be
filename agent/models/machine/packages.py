"""Which packages for models are installed, and for what torch was built, without importing any of them.

Left out: whether they work together.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

USES = {
    "torch": "any model on this machine",
    "transformers": "any model on this machine",
    "accelerate": "any model on this machine",
    "bitsandbytes": "8-bit and 4-bit",
    "llguidance": "any model on this machine",
    "pillow": "images",
    "gguf": ".gguf files",
    "langchain-openai": "openai:BASE_URL#NAME",
}
"""Packages by their name at the registry, and what needs them."""
COUNTING = ("torch", "transformers")
"""Needed to count the parameters of a model that is not known."""
LOCAL = (*COUNTING, "accelerate", "llguidance")
"""Needed to run any model on this machine."""
PIP = "pip install 'fhir-record-assistant[medgemma]'"
"""Installs what a model on this machine needs."""
PIP_ENDPOINT = "pip install 'fhir-record-assistant[endpoint]'"
"""Installs what a model behind a server needs."""
_BUILT = re.compile(r"^(cuda|hip)\b[^=\n]*=\s*'([\d.]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Torch:
    """A torch that is installed.

    Attributes:
        version: e.g. "2.13.0+cpu".
        cuda: the CUDA it was built for, e.g. "12.6", "" if for none.
        rocm: the ROCm it was built for, "" if for none.
    """

    version: str
    cuda: str = ""
    rocm: str = ""

    @property
    def build(self) -> str:
        """What it was built for, e.g. "CUDA 12.6", "ROCm 6.4" or "CPU"."""
        return f"CUDA {self.cuda}" if self.cuda else f"ROCm {self.rocm}" if self.rocm else "CPU"


@dataclass(frozen=True, slots=True)
class Packages:
    """The packages of `USES` that are installed.

    Attributes:
        versions: by name.
        torch: how torch was built, None if it is not installed.
    """

    versions: Mapping[str, str] = field(default_factory=dict)
    torch: Torch | None = None

    def lacking(self, needed: Iterable[str]) -> list[str]:
        """Return those that are not installed."""
        return [name for name in needed if name not in self.versions]


def installed() -> Packages:
    """Return what is installed; takes some 10 ms."""
    return Packages({name: found for name in USES if (found := _version(name))}, _torch())


def _torch() -> Torch | None:
    """Return the torch that is installed, as its own file of versions says."""
    try:
        here = distribution("torch")
        text = Path(str(here.locate_file("torch/version.py"))).read_text(encoding="utf-8")
    except PackageNotFoundError:
        return None
    except OSError:
        text = ""
    built = dict(_BUILT.findall(text))
    return Torch(here.version, built.get("cuda", ""), built.get("hip", ""))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
