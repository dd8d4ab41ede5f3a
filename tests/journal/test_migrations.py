from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import gnothi.journal
from gnothi.journal.journal import Journal
from gnothi.journal.tables import HEAD, metadata


def test_migrations_lead_to_the_tables(journal: Journal) -> None:
    """A database that was migrated has exactly the tables that the code works with."""
    with journal.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_newest_migration_is_known() -> None:
    """The version that is opened without Alembic is the newest one."""
    folder = f"{gnothi.journal.__path__[0]}/migrations"
    assert ScriptDirectory(folder).get_current_head() == HEAD
