from datetime import datetime, timedelta
from pathlib import Path

from portal.caller import LOCAL
from portal.conversations.expiring import expire
from portal.conversations.kept import Kept
from tests.portal.portal_for_tests import ADELINA, NOON, a_portal


def test_what_expires_is_forgotten_with_what_follow_ups_refer_to(tmp_path: Path) -> None:
    portal = a_portal(tmp_path)

    def long_ago() -> datetime:
        return NOON - timedelta(days=portal.settings.limits.days + 1)

    old = Kept(portal.database, long_ago).begin(LOCAL, ADELINA, {}).id
    young = portal.kept.begin(LOCAL, ADELINA, {}).id
    assistant = portal.desk.assistant(LOCAL)
    for id in (old, young):
        assistant.ask(ADELINA, "What was her last HbA1c?", now=portal.desk.today(), conversation=id)
    assert expire(portal) == 1
    before = {
        id: assistant.ask(ADELINA, "And before that?", now=portal.desk.today(), conversation=id).values
        for id in (old, young)
    }
    assert before == {old: (), young: (7.3,)}
    portal.answering.close(1)
