"""Alembic migrations of the journal, applied when a database is opened."""
