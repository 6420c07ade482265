"""Say which migrations the database has and lacks, or empty a PostgreSQL database."""

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.core.config import BACKEND_DIR, Settings, get_settings

EMPTY_SQL = Path(__file__).with_name("empty.sql")


def status(settings: Settings) -> dict[str, Any]:
    """Return the database's kind, the revisions it is at, and those that are pending."""
    scripts = ScriptDirectory.from_config(Config(BACKEND_DIR / "alembic.ini"))
    file = make_url(settings.database_url).database
    # Looking would create it.
    absent = settings.is_sqlite and file not in {None, ":memory:"} and not Path(str(file)).exists()
    current = frozenset[str]() if absent else asyncio.run(current_revisions(settings))
    every = [*scripts.walk_revisions()][::-1]
    unknown = sorted(current - {script.revision for script in every})
    applied = {
        script.revision
        for revision in current - set(unknown)
        for script in scripts.iterate_revisions(revision, "base")
    }
    return {
        "environment": settings.environment,
        "kind": "sqlite" if settings.is_sqlite else "postgresql",
        "current": sorted(current),
        "heads": sorted(scripts.get_heads()),
        "pending": [
            {"revision": script.revision, "message": script.doc}
            for script in every
            if script.revision not in applied
        ],
        "unknown": unknown,
    }


async def current_revisions(settings: Settings) -> frozenset[str]:
    """Return the revisions that the database is at."""
    engine = create_async_engine(settings.database_url, poolclass=NullPool)
    async with engine.connect() as connection:
        heads = await connection.run_sync(
            lambda sync: MigrationContext.configure(sync).get_current_heads()
        )
    await engine.dispose()
    return frozenset(heads)


async def empty(settings: Settings) -> None:
    """Drop everything in the current schema."""
    engine = create_async_engine(settings.database_url, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.exec_driver_sql(EMPTY_SQL.read_text(encoding="utf-8"))
    await engine.dispose()


def main(argv: list[str] | None = None, settings: Settings | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m scripts.database", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("status", help="print the state as JSON")
    emptying = commands.add_parser("empty", help="drop all tables of a PostgreSQL database")
    emptying.add_argument("--yes", action="store_true", required=True, help="do it")
    arguments = parser.parse_args(argv)

    settings = settings or get_settings()
    try:
        if arguments.command == "status":
            print(json.dumps(status(settings)))
        elif settings.is_sqlite:
            print("An SQLite database is emptied by removing its file.", file=sys.stderr)
            return 1
        else:
            asyncio.run(empty(settings))
    except (DBAPIError, OSError) as error:
        reason = str(getattr(error, "orig", error)).strip()
        print(f"The database cannot be used: {reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
