"""The tables of CDS Hooks: tokens that were used, cards that were given, what became of them."""

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text

from portal.database import metadata

tokens = Table(
    "hook_tokens",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("ends", Float, nullable=False),
    Index("hook_tokens_end", "ends"),
)
cards = Table(
    "hook_cards",
    metadata,
    Column("card", String(36), primary_key=True),
    Column("client", String(500), nullable=False),
    Column("given", Float, nullable=False),
    Index("hook_cards_given", "given"),
)
feedback = Table(
    "hook_feedback",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("card", String(36), nullable=False),
    Column("client", String(500), nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("suggestions", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("received", Float, nullable=False),
    Index("hook_feedback_of", "card"),
)
