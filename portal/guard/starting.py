"""What the operator decided -> nothing, if it is safe to start with; else what to do about it.

On this computer alone anybody who sits at it may ask. What others can reach needs to know who they are, over https.
"""

from portal.keys import KEYS_VARIABLE, hold, keys_from
from portal.names import host_of, is_safe, is_this_computer, origin_of
from portal.settings import SECRET_VARIABLE, Settings
from tools.calls.errors import SetupError

__all__ = ["keys_from", "ready"]

_SHORTEST_SECRET = 32
_A_KEY = f"{KEYS_VARIABLE}=ward-portal:SHA256 (`fhir-assistant key ward-portal` prints one)"
_AN_ISSUER = "FHIR_ASSISTANT_ISSUER=https://login.example.org"


def ready(settings: Settings) -> None:
    """Refuse to start where strangers could read records.

    Raises:
        SetupError: that is so, or something was written wrongly; the message shows no secret.
    """
    hold(settings.keys)
    if settings.url and not origin_of(settings.url):
        raise SetupError(f"--url {settings.url}: expected an address, e.g. https://assistant.example.org.")
    _origins(settings)
    _secret(settings)
    _issuer(settings)
    _reach(settings)


def _reach(settings: Settings) -> None:
    """Others reach it if it listens for them, or if something on this computer passes their requests on."""
    named = [
        (f"--host {settings.host}", settings.local),
        (f"--url {settings.url}", not settings.url or is_this_computer(host_of(settings.url))),
        *((f"FHIR_ASSISTANT_HOSTS, {host}", is_this_computer(host)) for host in settings.hosts),
    ]
    beyond = [option for option, is_local in named if not is_local]
    if beyond and not settings.authenticates:
        raise SetupError(
            f"{beyond[0]}: others can reach the portal there, and nobody would have to say who they are: expected"
            f" {_A_KEY} or {_AN_ISSUER}; or --host 127.0.0.1 for this computer alone."
        )
    _url(settings, bool(beyond))


def _url(settings: Settings, beyond: bool) -> None:
    if not beyond or is_safe(settings.url) or (settings.plain_http and settings.url):
        return
    raise SetupError(
        f"--url {settings.url or '(not given)'}: others can reach the portal, and what they send and read must not be"
        " open on the way: expected https://, where browsers reach it, e.g. --url https://assistant.example.org; or"
        " FHIR_ASSISTANT_PLAIN_HTTP=1 and an http:// address on a network that is closed."
    )


def _origins(settings: Settings) -> None:
    for origin in settings.origins:
        if origin != origin_of(origin):
            raise SetupError(
                f"--origin {origin}: expected scheme, host and port as browsers write them, without a path,"
                f" e.g. {origin_of(origin) or 'https://ward.example.org'}."
            )


def _secret(settings: Settings) -> None:
    if settings.secret and len(settings.secret) < _SHORTEST_SECRET:
        raise SetupError(
            f"{SECRET_VARIABLE}: {len(settings.secret)} characters: expected at least {_SHORTEST_SECRET} random ones,"
            " e.g. of `openssl rand -hex 32`."
        )


def _issuer(settings: Settings) -> None:
    if settings.issuer and not is_safe(settings.issuer):
        raise SetupError(
            f"FHIR_ASSISTANT_ISSUER {settings.issuer}: expected https://, as in the tokens' iss, e.g. {_AN_ISSUER}."
        )
    if settings.issuer and not settings.audience:
        raise SetupError(
            f"FHIR_ASSISTANT_ISSUER {settings.issuer}: expected FHIR_ASSISTANT_AUDIENCE as well, the name of this"
            " portal in the tokens' aud, e.g. FHIR_ASSISTANT_AUDIENCE=fhir-assistant."
        )
