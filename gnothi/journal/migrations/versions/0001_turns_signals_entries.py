"""Turns, their signals, the memory of skills, and what was erased."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables of the first version."""
    _interactions()
    _signals()
    _entries()
    _erasures()


def downgrade() -> None:
    """Drop every table, and with them everything that was recorded."""
    for table in ("erasures", "entries", "signals", "interactions"):
        op.drop_table(table)


def _interactions() -> None:
    op.create_table(
        "interactions",
        sa.Column("number", _Number, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("session", sa.String, nullable=False),
        sa.Column("person", sa.String),
        sa.Column("device", sa.String),
        sa.Column("domain", sa.String),
        sa.Column("intent", sa.String),
        sa.Column("status", sa.String),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    for name in ("day", "session", "person", "intent"):
        op.create_index(f"interactions_by_{name}", "interactions", [name, "number"])


def _signals() -> None:
    op.create_table(
        "signals",
        sa.Column("number", _Number, primary_key=True, autoincrement=True),
        sa.Column(
            "interaction",
            sa.String,
            sa.ForeignKey("interactions.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("value", sa.Float, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("signals_by_interaction", "signals", ["interaction", "number"])


def _entries() -> None:
    op.create_table(
        "entries",
        sa.Column("namespace", sa.String, primary_key=True),
        sa.Column("person", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_index("entries_by_person", "entries", ["person"])


def _erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("number", _Number, primary_key=True, autoincrement=True),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("turns", sa.Integer, nullable=False),
        sa.Column("entries", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
