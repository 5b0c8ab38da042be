"""The environment -> where downloads of the Hugging Face hub lie, and whether a token is at hand.

The variables and their order are those of huggingface_hub, which need not be installed.
https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Hub:
    """What the hub's client would find here.

    Attributes:
        cache: folder of the downloads; it need not exist.
        token: whether a token is at hand; the token itself is not kept.
    """

    cache: Path
    token: bool = False

    def folder(self, hub_id: str) -> Path:
        """Return where a model's download lies."""
        return self.cache / f"models--{hub_id.replace('/', '--')}"


def hub_of(environment: Mapping[str, str]) -> Hub:
    """Return the hub as the environment describes it."""
    caches = environment.get("XDG_CACHE_HOME") or "~/.cache"
    home = _path(environment.get("HF_HOME") or f"{caches}/huggingface")
    older = environment.get("HUGGINGFACE_HUB_CACHE") or str(home / "hub")
    cache = _path(environment.get("HF_HUB_CACHE") or older)
    return Hub(cache, _has_token(environment, home))


def _path(text: str) -> Path:
    return Path(os.path.expandvars(text)).expanduser()


def _has_token(environment: Mapping[str, str], home: Path) -> bool:
    if any(environment.get(name, "").strip() for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")):
        return True
    file = _path(environment.get("HF_TOKEN_PATH") or str(home / "token"))
    try:
        return bool(file.read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError):
        return False
