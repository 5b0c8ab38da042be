"""The tables of the trail: what was kept can be read, never changed or deleted, whoever asks the database.

SQLite and PostgreSQL refuse it by triggers. What waits to be posted stands in a table of its own, row by row: with
several processes, ids are not always kept in their order, so that a position would step over some.
"""

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    event,
)

from portal.database import metadata

_NUMBER = BigInteger().with_variant(Integer, "sqlite")
trail = Table(
    "trail",
    metadata,
    Column("id", _NUMBER, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("patient", String(100), nullable=False),
    Column("subject", String(500), nullable=False),
    Column("resource", Text, nullable=False),
    CheckConstraint("id > 0", name="trail_id"),
    Index("trail_of", "patient", "id"),
    Index("trail_at", "at"),
    sqlite_autoincrement=True,
)
"""`at`: seconds since 1970; `patient`: "Patient/…" or ""; `resource`: the AuditEvent or Provenance as JSON."""
outbox = Table(
    "trail_outbox",
    metadata,
    Column("event", ForeignKey("trail.id"), primary_key=True),
    Column("not_before", Float, nullable=False),
    Column("refused", Boolean, nullable=False),
    Index("trail_outbox_next", "refused", "not_before"),
)
"""What was not posted yet; what the server `refused` is tried again when a portal starts."""

_ONLY = "the trail is append-only"
_SQLITE = (
    f"CREATE TRIGGER trail_not_updated BEFORE UPDATE ON trail BEGIN SELECT RAISE(ABORT, '{_ONLY}'); END",
    f"CREATE TRIGGER trail_not_deleted BEFORE DELETE ON trail BEGIN SELECT RAISE(ABORT, '{_ONLY}'); END",
    "CREATE TRIGGER trail_not_replaced BEFORE INSERT ON trail WHEN EXISTS (SELECT 1 FROM trail WHERE id = NEW.id)"
    f" BEGIN SELECT RAISE(ABORT, '{_ONLY}'); END",
)
"""`INSERT OR REPLACE` deletes without the trigger on deletions."""
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION trail_is_append_only() RETURNS trigger LANGUAGE plpgsql AS"
    f" 'BEGIN RAISE EXCEPTION ''{_ONLY}''; END'",
    "CREATE TRIGGER trail_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON trail"
    " FOR EACH STATEMENT EXECUTE FUNCTION trail_is_append_only()",
)
for _dialect, _statements in (("sqlite", _SQLITE), ("postgresql", _POSTGRESQL)):
    for _statement in _statements:
        _ddl = DDL(_statement)  # type: ignore[no-untyped-call]
        event.listen(trail, "after_create", _ddl.execute_if(dialect=_dialect))
