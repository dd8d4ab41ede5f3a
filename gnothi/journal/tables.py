"""The journal's tables. Their history is in ``migrations``; a test holds the two together."""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

HEAD = "0001"
"""The newest migration; a database that says so is opened without loading Alembic."""

metadata = MetaData()

_Number = BigInteger().with_variant(Integer, "sqlite")

interactions = Table(
    "interactions",
    metadata,
    # Order of arrival: ids of the same millisecond sort by chance, these never do.
    Column("number", _Number, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("at", String, nullable=False),
    Column("day", String(10), nullable=False),
    Column("session", String, nullable=False),
    Column("person", String),
    Column("device", String),
    Column("domain", String),
    Column("intent", String),
    Column("status", String),
    Column("text", Text, nullable=False),
    Column("document", Text, nullable=False),
    Index("interactions_by_day", "day", "number"),
    Index("interactions_by_session", "session", "number"),
    Index("interactions_by_person", "person", "number"),
    Index("interactions_by_intent", "intent", "number"),
    sqlite_autoincrement=True,
)
"""One row a turn: ``document`` is the whole turn, the other columns find it."""

signals = Table(
    "signals",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=True),
    Column(
        "interaction",
        String,
        ForeignKey("interactions.id", ondelete="CASCADE"),
        nullable=False,
    ),
    # Hash of the whole signal: attaching it again after a crash changes nothing.
    Column("digest", String(64), nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("at", String, nullable=False),
    Column("value", Float, nullable=False),
    Column("document", Text, nullable=False),
    Index("signals_by_interaction", "interaction", "number"),
    sqlite_autoincrement=True,
)

entries = Table(
    "entries",
    metadata,
    Column("namespace", String, primary_key=True),
    Column("person", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
    Index("entries_by_person", "person"),
)
"""Memory of skills; ``person`` is empty for what belongs to the household."""

erasures = Table(
    "erasures",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=True),
    Column("at", String, nullable=False),
    Column("turns", Integer, nullable=False),
    Column("entries", Integer, nullable=False),
    sqlite_autoincrement=True,
)
"""That something was erased, and how much; never whose."""
