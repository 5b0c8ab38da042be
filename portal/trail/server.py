"""An event of the trail -> a create on a FHIR server, https://hl7.org/fhir/R4/http.html#create.

Nothing but AuditEvent and Provenance is created; a redirect is never followed. References are those of the records:
where these lie on the same server they are its own, where they are files they are told by identifier alone, as a
server could hold somebody else under the same id.
"""

from collections.abc import Mapping
from typing import Any

import httpx
import orjson

from portal.trail.outbox import Waiting
from tools.calls.errors import SetupError
from tools.sources.live import Authorization, from_environment
from tools.sources.live.trouble import Denied, Failed

SCOPE = "system/AuditEvent.c system/Provenance.c"
_KINDS = ("AuditEvent", "Provenance")
_HEADERS = {
    "Content-Type": "application/fhir+json",
    "Accept": "application/fhir+json",
    "Prefer": "return=minimal",
}
_SECONDS = 10.0
_LONGEST_WAIT = 300.0
_LATER = frozenset({401, 403, 408, 425, 429})
"""What says nothing about the event: it is posted again later."""


class NotTaken(Exception):
    """The server takes this event in no way; the text is a part of a sentence."""


class Unavailable(Exception):
    """Nothing can be posted now.

    Attributes:
        wait: seconds after which the server wants to be asked again, 0 if it did not say.
    """

    def __init__(self, why: str, wait: float = 0.0) -> None:
        super().__init__(why)
        self.wait = wait


class TrailServer:
    """The server that a trail is posted to.

    Args:
        base: of the FHIR server.
        auth: gives tokens, None where it wants none.
        seconds: for one request.
    """

    def __init__(self, base: str, auth: Authorization | None, seconds: float = _SECONDS) -> None:
        self.base = base.rstrip("/")
        self._auth = auth
        self._client = httpx.AsyncClient(headers=_HEADERS, timeout=seconds, follow_redirects=False)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def post(self, event: Waiting) -> None:
        """Create an event there.

        Raises:
            NotTaken: the server does not want this one.
            Unavailable: it can be tried again.
        """
        resource = orjson.loads(event.resource)
        if resource["resourceType"] not in _KINDS:
            raise NotTaken("is not part of a trail")
        resource.pop("id")
        body = orjson.dumps(as_seen_by(self.base, resource))
        try:
            await self._tried(f"{self.base}/{resource['resourceType']}", body)
        except (Denied, Failed) as trouble:
            raise Unavailable(str(trouble)) from None
        except httpx.HTTPError as trouble:
            raise Unavailable(f"it cannot be reached ({type(trouble).__name__})") from None

    async def _tried(self, address: str, body: bytes) -> None:
        token = await self._auth.token(self._client) if self._auth else ""
        answer = await self._answered(address, body, token)
        if answer.status_code == httpx.codes.UNAUTHORIZED and self._auth:
            another = await self._auth.token(self._client, token)
            if another != token:
                answer = await self._answered(address, body, another)
        _judge(answer)

    async def _answered(self, address: str, body: bytes, token: str) -> httpx.Response:
        """The status and headers; whatever is said besides is not read."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self._client.stream("POST", address, content=body, headers=headers) as answer:
            return answer


def trail_server(base: str, environment: Mapping[str, str]) -> TrailServer:
    """Return the server that the operator named, with what the environment says about authorization.

    Raises:
        SetupError: the address is none, or open to the network.
    """
    try:
        url = httpx.URL(base)
    except httpx.InvalidURL:
        url = httpx.URL("")
    local = url.host in ("localhost", "127.0.0.1", "::1")
    if (
        not url.host
        or url.userinfo
        or url.query
        or not (url.scheme == "https" or (local and url.scheme == "http"))
    ):
        raise SetupError(
            "--trail: expected the base URL of a FHIR server, over https or on this machine,"
            " e.g. https://audit.example.org/fhir."
        )
    return TrailServer(base, from_environment(base, environment, "TRAIL", SCOPE))


def as_seen_by(base: str, resource: Any) -> Any:
    """Return a resource with its references as the server at `base` must read them.

    >>> as_seen_by("https://a.example/fhir", {"reference": "https://a.example/fhir/Patient/1", "type": "Patient"})
    {'reference': 'Patient/1', 'type': 'Patient'}
    >>> as_seen_by("https://a.example/fhir", {"reference": "Patient/1", "type": "Patient"})
    {'type': 'Patient', 'identifier': {'value': 'Patient/1'}}
    """
    if isinstance(resource, list):
        return [as_seen_by(base, part) for part in resource]
    if not isinstance(resource, dict):
        return resource
    told = resource.get("reference")
    if isinstance(told, str) and told.startswith(f"{base}/"):
        return {**resource, "reference": told.removeprefix(f"{base}/")}
    if isinstance(told, str) and not told.startswith(("#", "http://", "https://")):
        rest = {name: value for name, value in resource.items() if name != "reference"}
        return {**rest, "identifier": {"value": told}}
    return {name: as_seen_by(base, value) for name, value in resource.items()}


def _judge(answer: httpx.Response) -> None:
    status = answer.status_code
    if answer.is_success:
        return
    if answer.is_redirect or 300 <= status < 400:
        raise Unavailable(f"it sends to another address ({status}), which is not followed")
    if status >= 500 or status in _LATER:
        raise Unavailable(f"it says {status}", _wait(answer.headers.get("Retry-After", "")))
    raise NotTaken(f"is refused ({status})")


def _wait(told: str) -> float:
    return min(float(told), _LONGEST_WAIT) if told.isdecimal() and len(told) < 9 else 0.0
