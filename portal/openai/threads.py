"""The messages of a stateless chat -> the kept conversation in which its earlier questions were asked.

A chat front end sends all messages each time. Its conversation is found by a hash of who asks and of the questions so
far; one that is not there (another branch of the chat, expired, deleted) is made anew by asking them again.
"""

import json
from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import Column, ForeignKey, Index, String, Table, delete, insert, select, update

from portal.caller import Caller
from portal.conversations.tables import conversations
from portal.database import Database, metadata

chats = Table(
    "chats",
    metadata,
    Column("conversation", ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("asked", String(64), nullable=False),
    Index("chats_asked", "asked"),
)
AGAIN = 12
"""Earlier questions that are asked again at most, the latest."""
_TAKEN = ""


def find(database: Database, caller: Caller, earlier: Sequence[str]) -> tuple[str, int]:
    """Take the conversation in which most of the earlier questions were asked, and nothing else.

    Nobody else finds it until it is kept again.

    Returns:
        Its id and how many of them were asked in it; "" and 0 if there is none.
    """
    keys = {key_of(caller, earlier[:many]): many for many in range(1, len(earlier) + 1)}
    if not keys:
        return "", 0
    whole = (conversations.c.scope == "{}") & (conversations.c.subject == caller.subject)
    known = select(chats).join(conversations).where(chats.c.asked.in_(keys) & whole)
    with database.writing() as connection:
        rows = connection.execute(known).all()
        for row in sorted(rows, key=lambda row: -keys[row.asked]):
            free = (chats.c.conversation == row.conversation) & (chats.c.asked == row.asked)
            if connection.execute(update(chats).where(free).values(asked=_TAKEN)).rowcount:
                return str(row.conversation), keys[row.asked]
    return "", 0


def keep(database: Database, caller: Caller, conversation: str, asked: Sequence[str]) -> None:
    """Let a conversation be found by the questions that were asked in it; one that was deleted is not kept."""
    with database.writing() as connection:
        connection.execute(delete(chats).where(chats.c.conversation == conversation))
        if connection.scalar(select(conversations.c.id).where(conversations.c.id == conversation)):
            row = {"conversation": conversation, "asked": key_of(caller, asked)}
            connection.execute(insert(chats).values(row))


def key_of(caller: Caller, asked: Sequence[str]) -> str:
    """Return the hash by which a conversation is found."""
    told = [caller.subject, caller.session, caller.patient, *asked]
    return sha256(json.dumps(told).encode()).hexdigest()
