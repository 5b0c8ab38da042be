"""What a call to an endpoint stumbled over -> one sentence that says what it was and what to do.

What a server writes about an error is read but never repeated, because servers repeat the prompt in it; numbers and
names of models are. The key is in no sentence.
"""

import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from socket import gaierror

import httpx2
import openai

from agent.models.endpoint.address import Address
from agent.models.endpoint.patience import CutOff, asked_to_wait, causes
from agent.models.failures import ModelFailure

KEY = "FHIR_ASSISTANT_MODEL_KEY"
_TOO_LONG = re.compile(r"context[ _](?:length|size|window)\D{0,24}(\d{3,8})?", re.IGNORECASE)
_PINNED = re.compile(r"pinned to '([^']{1,200})'")
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A model behind a server, as sentences need it.

    Attributes:
        address: where the server is.
        name: the model, as the server knows it.
        keyed: a key is sent.
        timeout: seconds for one call.
        models: the names of the models at a base URL; None if it does not tell.
    """

    address: Address
    name: str
    keyed: bool
    timeout: float
    models: Callable[[str], list[str] | None]

    def failure(self, error: Exception, tries: int, *, late: bool, begun: bool) -> ModelFailure:
        """Return the failure that an error is.

        Args:
            error: what was raised.
            tries: how often it was tried.
            late: the time for the call is over.
            begun: a part of the answer had come.
        """
        if late:
            return ModelFailure("time", f"{self.address.shown} did not finish within {self.timeout:g} s.")
        if isinstance(error, openai.APIStatusError):
            return ModelFailure("endpoint", self._status(error, tries))
        if isinstance(error, openai.APIConnectionError | CutOff):
            return ModelFailure("endpoint", self._connection(error, tries, begun))
        if isinstance(error, openai.APIError):
            said = "broke off with an error of its own: look into its log"
        else:
            said = "sent something that is no chat completion: is it the base URL of a model?"
        return ModelFailure("endpoint", f"{self.address.shown} {said}{'' if said.endswith('?') else '.'}")

    def _status(self, error: openai.APIStatusError, tries: int) -> str:
        code, where = error.status_code, self.address.shown
        if code in (401, 403):
            wish = "put the right one" if self.keyed else "put one"
            return f"{where} {'refuses the' if self.keyed else 'wants a'} key ({code}): {wish} into {KEY}."
        if code in (400, 413, 422) and (sizes := _TOO_LONG.findall(told(error))):
            return self._too_long(max(sizes, key=len))
        if code == 404 or (code == 400 and self.name in told(error)):
            return self._not_found(error)
        if code == 429 or code >= 500:
            return self._unwell(error, tries)
        if 300 <= code < 400:
            return f"{where} sends elsewhere ({code}), and records do not follow: write the final address in --model."
        return f"{where} refused the request ({code}): look into its log."

    def _too_long(self, context: str) -> str:
        size = f"of {context} tokens " if context else ""
        return (
            f"The prompt and the answer do not fit the context {size}of {self.name} at {self.address.shown}: "
            "start the server with a longer one."
        )

    def _not_found(self, error: openai.APIStatusError) -> str:
        where, base = self.address.shown, self.address.base
        pinned = _PINNED.search(told(error))
        offered = [pinned[1]] if pinned else self.models(base)
        if offered and self.name in offered:
            return f"{where} refused the request ({error.status_code}): look into its log."
        if offered:
            return f"{where} has no model {_short(self.name)}; it offers {_listed(offered)}."
        if offered is not None:
            return f"{where} has no model {_short(self.name)}, and offers none."
        if not base.endswith("/v1") and self.models(f"{base}/v1") is not None:
            return f"{where} is no base URL ({error.status_code}): write openai:{where}/v1#{self.name}."
        return f"{where} is no base URL of a model ({error.status_code}): it usually ends with /v1."

    def _unwell(self, error: openai.APIStatusError, tries: int) -> str:
        where, code, often = self.address.shown, error.status_code, _often(tries)
        if code == 429:
            pause = asked_to_wait(error)
            later = f", and asks to come back in {pause:.0f} s" if pause >= 1 else ""
            return f"{where} is too busy ({code}{often}){later}."
        return f"{where} failed ({code}{often}): look into its log."

    def _connection(self, error: Exception, tries: int, begun: bool) -> str:
        where, why = self.address.shown, list(causes(error))
        if begun:
            return f"{where} broke off in the middle of the answer."
        if any(isinstance(cause, gaierror) for cause in why):
            return f"The host {self.address.host} is not known here: correct the address in --model."
        if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in why):
            return f"The certificate of {where} is not trusted: name its authority's file in SSL_CERT_FILE."
        if any(isinstance(cause, ssl.SSLError) for cause in why):
            return f"{where} does not speak TLS as it should: is it http:// instead?"
        if any(isinstance(cause, httpx2.ProxyError) for cause in why):
            return f"The proxy does not let through to {where}: put {self.address.host} into NO_PROXY, or ask for it."
        if any(isinstance(cause, ConnectionRefusedError) for cause in why):
            return f"Nothing listens at {where}: start the server, or correct the address in --model."
        if any(isinstance(cause, httpx2.ConnectTimeout | httpx2.ConnectError) for cause in why):
            return f"{where} cannot be reached: correct the address in --model, or open the way to it."
        return f"{where} broke off before it answered{_often(tries).replace(',', '')}: look into its log."


def told(error: openai.APIStatusError) -> str:
    """Return what the server wrote about an error, for reading only."""
    return f"{error.code} {error.type} {error.response.text[:20_000]}"


def _often(tries: int) -> str:
    return f", {tries} times" if tries > 1 else ""


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(_short(name) for name in names[:_SHOWN]) + more


def _short(name: str) -> str:
    return repr(name if len(name) <= 80 else name[:77] + "...")
