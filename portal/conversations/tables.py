"""The tables of conversations, questions, attempts at them and feedback.

An answer and the events that led to it are JSON in the row of its question, written in one transaction. LangGraph
keeps what a follow-up refers to in tables of its own.
"""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from portal.database import metadata

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("subject", String(500), nullable=False),
    Column("patient", String(100), nullable=False),
    Column("scope", Text, nullable=False),
    Column("created", Float, nullable=False),
    Column("touched", Float, nullable=False),
    Index("conversations_of", "subject", "patient"),
    Index("conversations_touched", "touched"),
)
questions = Table(
    "questions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("is_reply", Boolean, nullable=False),
    Column("scope", Text, nullable=False),
    Column("status", String(10), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("lease", Float, nullable=False),
    Column("cancelling", Boolean, nullable=False),
    Column("events", Text, nullable=False),
    Column("answer", Text),
    Column("error", Text),
    Column("created", Float, nullable=False),
    Column("finished", Float),
    Index("questions_of", "conversation", "position"),
)
attempts = Table(
    "attempts",
    metadata,
    Column("question", ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("begun", Float, nullable=False),
)
"""Attempts whose run has begun; one that was given back (`Kept.release`) is not here any more."""
feedback = Table(
    "feedback",
    metadata,
    Column("question", ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True),
    Column("subject", String(500), primary_key=True),
    Column("verdict", String(10), nullable=False),
    Column("comment", Text, nullable=False),
    Column("at", Float, nullable=False),
)
