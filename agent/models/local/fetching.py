"""A hub id -> the folder its checkpoint lies in, fetched from the hub where the cache does not hold all of it.

Once it is there, nobody is asked. Weights are taken as safetensors alone: other forms can run code when read.
"""

import errno
from collections.abc import Callable
from pathlib import Path

from huggingface_hub import errors, snapshot_download

from agent.models.failures import ModelFailure
from agent.models.machine.memory import damage

HUB = "https://huggingface.co"
_WANTED = ["*.json", "*.jinja", "*.model", "*.safetensors"]


def fetch(hub_id: str, tell: Callable[[str], None]) -> Path:
    """Return the folder of a hub's model.

    Args:
        hub_id: e.g. "google/medgemma-27b-it".
        tell: hears that something is fetched.

    Raises:
        ModelFailure: it is neither here nor to be had.
    """
    cached = _cached(hub_id)
    if cached is not None and not damage(cached):
        return cached
    tell(f"Fetching {hub_id} from the hub; what has come already is kept.")
    try:
        return Path(snapshot_download(hub_id, allow_patterns=_WANTED))
    except (OSError, errors.HTTPError, errors.XetDownloadError, errors.HFValidationError) as error:  # type: ignore[attr-defined]
        raise _failure(hub_id, error) from error


def _cached(hub_id: str) -> Path | None:
    try:
        return Path(snapshot_download(hub_id, allow_patterns=_WANTED, local_files_only=True))
    except (errors.LocalEntryNotFoundError, errors.HFValidationError):
        return None


def _failure(hub_id: str, error: BaseException) -> ModelFailure:
    """Return the sentence for what stood in the way; the narrower kinds of error come first."""
    get = f"type: hf download {hub_id}"
    if isinstance(error, errors.GatedRepoError):
        accept = f"open {HUB}/{hub_id}, accept its terms, and type: hf auth login"
        return ModelFailure("gated", f"The hub gives {hub_id} only to who accepted its terms: {accept}")
    status = next(
        (e.response.status_code for e in (error, error.__cause__) if isinstance(e, errors.HfHubHTTPError)), 0
    )
    if isinstance(error, errors.RepositoryNotFoundError | errors.HFValidationError):
        sentence = f"The hub shows no {hub_id}: check the spelling, or, if it is private, type: hf auth login"
    elif status in (401, 403):
        return ModelFailure(
            "gated", f"The hub refuses {hub_id} to this token ({status}): type: hf auth login"
        )
    elif isinstance(error, errors.IncompleteSnapshotError):
        sentence = (
            f"The download of {hub_id} is not complete and the hub cannot be reached; with a network, {get}"
        )
    elif isinstance(error, errors.LocalEntryNotFoundError):
        sentence = f"{hub_id} is not in the cache and the hub cannot be reached; with a network, {get}"
    elif isinstance(error, OSError) and error.errno == errno.ENOSPC:
        sentence = f"The disk has no room for {hub_id}: set HF_HOME to a folder that has, then {get}"
    else:
        sentence = f"The download of {hub_id} broke off ({type(error).__name__}); to go on with it, {get}"
    return ModelFailure("no weights", sentence)
