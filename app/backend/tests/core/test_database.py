import pytest
from sqlalchemy import text

from app.core.database import Database

SIGMAS = "\u03a3\u0391\u03a3"  # in lower case the last one looks another way
PAIRS = (
    ("ÉTÉ", "été"),
    (SIGMAS, SIGMAS.lower()),
    (SIGMAS, SIGMAS.casefold()),
    ("STRASSE", "straße"),
)


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 5_000)]
)
async def test_every_sqlite_connection_is_configured(
    database: Database, pragma: str, value: str | int
) -> None:
    async with database.sessions() as first, database.sessions() as second:
        for session in (first, second):
            assert await session.scalar(text(f"PRAGMA {pragma}")) == value


async def test_the_list_is_served_by_its_index(database: Database) -> None:
    query = "EXPLAIN QUERY PLAN SELECT title FROM todos WHERE user_id = 1 ORDER BY id DESC LIMIT 9"
    async with database.sessions() as session:
        plan = " ".join(str(row) for row in await session.execute(text(query)))

    assert "ix_todos_user_id_id" in plan
    assert "TEMP B-TREE" not in plan


async def test_sqlite_finds_text_in_any_case_of_any_alphabet(database: Database) -> None:
    async with database.sessions() as session:
        for one, other in (
            ("ÉTÉ", "été"),
            (SIGMAS, SIGMAS.lower()),
            (SIGMAS, SIGMAS.casefold()),
            ("STRASSE", "straße"),
        ):
            same = text("SELECT lower(:one) = lower(:other)")
            assert await session.scalar(same, {"one": one, "other": other}) == 1
