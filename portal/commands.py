"""`fhir-assistant token` and `fhir-assistant key`: what a page, a program or an AI client carries to be let in.

Outside `portal.access`, since commands are listed where the portal's libraries are not installed.
"""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Annotated

import orjson
import typer

from agent.cli.options import AsJson, Patient, Records, one_patient, readable, source
from agent.cli.printing import say_aside
from portal.caller import Caller
from portal.cli import DatabaseUrl, database_url
from portal.keys import KEYS_VARIABLE, digest_of, hold, new_key
from tools.calls.errors import SetupError

token_app = typer.Typer(add_completion=False, rich_markup_mode=None)
key_app = typer.Typer(add_completion=False, rich_markup_mode=None)


@token_app.command("token")
def token(
    patient: Patient = "",
    hours: Annotated[
        float, typer.Option("--hours", min=0.01, max=744, help="After which it ends, at most 31 days.")
    ] = 8.0,
    user: Annotated[
        str, typer.Option("--user", callback=readable, help="Who will carry it, for the trail.")
    ] = "",
    records: Records = "",
    database: DatabaseUrl = "",
    as_json: AsJson = False,
) -> None:
    """Issue a token for one patient, for an AI client or a page; it is printed once and kept as a hash alone.

    A running portal over the same database takes it at once: Authorization: Bearer TOKEN.
    """
    with closing(source(records)) as opened:
        found = opened.find(one_patient(opened, patient))
    lifetime, now = timedelta(hours=hours), datetime.now(UTC)
    carrier = Caller(subject=f"token:{user}" if user else "", name=user, patient=found.reference)
    made = _issued(database_url(database), carrier, now, lifetime)
    expires = (now + lifetime).isoformat(timespec="seconds")
    if as_json:
        typer.echo(orjson.dumps({"token": made, "patient": found.reference, "expires": expires}))
        return
    typer.echo(made)
    say_aside(f"It shows {found.name} alone, until {expires}. It is not shown again.")


@key_app.command("key")
def key(
    name: Annotated[str, typer.Argument(help="Whose key it is, e.g. ward-portal.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Make an API key for a program that may see every patient; it is printed once and kept nowhere.

    Its SHA-256 goes into the environment of the portal, several with commas between them.
    """
    made = new_key()
    entry = f"{name}:{digest_of(made)}"
    hold({name: digest_of(made)})
    if as_json:
        typer.echo(orjson.dumps({"name": name, "key": made, KEYS_VARIABLE: entry}))
        return
    typer.echo(made)
    typer.echo(f"{KEYS_VARIABLE}={entry}")
    say_aside("The program carries the first line as Authorization: Bearer KEY; the portal gets the second.")


def _issued(url: str, carrier: Caller, now: datetime, lifetime: timedelta) -> str:
    try:
        from portal.access.tokens import issue
        from portal.database import Database
    except ModuleNotFoundError as missing:
        raise SetupError(
            f"Tokens need {missing.name}, which is not installed: pip install 'fhir-record-assistant[portal]'."
        ) from None
    database = Database(url)
    try:
        return issue(database, carrier, now, lifetime)
    finally:
        database.close()
