"""Bring a database to the newest schema, and let the app's own role use it but not own it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import Connection, create_engine, make_url, text

_CONFIG = Path(__file__).parents[2] / "alembic.ini"


def config(connection: Connection) -> Config:
    config = Config(str(_CONFIG))
    config.attributes["connection"] = connection
    return config


def upgrade(owner_url: str, app_url: str) -> None:
    """Migrate as the owner, one migrator at a time, then grant the app's role what it needs."""
    engine = create_engine(owner_url)
    try:
        with engine.begin() as connection:
            connection.execute(text("select pg_advisory_xact_lock(hashtext('faraday migrations'))"))
            command.upgrade(config(connection), "head")
            _grant(connection, make_url(app_url).username or "")
    finally:
        engine.dispose()


def _grant(connection: Connection, role: str) -> None:
    if not role or connection.scalar(text("select current_user")) == role:
        return
    cursor = connection.connection.cursor()
    for statement in (
        "grant usage on schema public to {role}",
        "grant select, insert, update, delete on all tables in schema public to {role}",
        "grant usage, select on all sequences in schema public to {role}",
        "grant execute on all functions in schema public to {role}",
        "revoke update, delete, truncate on audit_events, audit_seals, audit_blocks, audit_roots from {role}",
        "revoke insert, update, delete on alembic_version from {role}",
    ):
        cursor.execute(sql.SQL(statement).format(role=sql.Identifier(role)))
