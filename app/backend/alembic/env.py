"""How Alembic reaches the database."""

import asyncio

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import app.models  # noqa: F401  # registers the tables
from app.core.config import get_settings
from app.core.database import Base


def run_offline(url: str) -> None:
    """Print the SQL instead of executing it (`alembic upgrade head --sql`)."""
    context.configure(url=url, target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


async def run_online(url: str) -> None:
    """Execute the migrations."""
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # A batch migration drops and copies a table: with foreign keys on, dropping
            # a parent would delete every row that refers to it.
            await connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            await connection.commit()
        await connection.run_sync(migrate)
    await engine.dispose()


def migrate(connection: Connection) -> None:
    """Run on a synchronous view of the connection."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,  # SQLite cannot alter a column in place
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


# Tests name a database of their own; everybody else means the configured one.
database_url = context.config.attributes.get("database_url") or get_settings().database_url

if context.is_offline_mode():
    run_offline(database_url)
else:
    asyncio.run(run_online(database_url))
