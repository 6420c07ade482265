"""SQLite: a connection that is asked in one trip to its thread, and how each is set up."""

import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple, Self

import aiosqlite

ROWS_AT_ONCE = 64
UNAVAILABLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}


class Answer(NamedTuple):
    """What a statement gave."""

    rows: list[Any]
    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None


class Connection(aiosqlite.Connection):
    """A connection whose statements cost one trip to its thread each.

    aiosqlite's own cost four: to open the cursor, to execute, to fetch, to close. For a small
    query each trip costs more than the query. A result comes whole: there is no streaming.
    """

    def __init__(self, database: str, **options: Any) -> None:
        super().__init__(partial(sqlite3.connect, database, **options), ROWS_AT_ONCE)
        # As SQLAlchemy does it: a connection that was left open does not keep the process.
        self._thread.daemon = True
        self._unanswered = 0

    def cursor(self) -> "Cursor":  # type: ignore[override]  # entered, not awaited
        """Return a cursor; it costs no trip."""
        return Cursor(self)

    async def ask(self, method: str, sql: str, parameters: Iterable[Any]) -> Answer:
        """Execute a statement and return all that it gives."""
        self._unanswered += 1
        # Untyped, but the way in which aiosqlite's own methods reach the thread.
        run: Callable[..., Awaitable[Answer]] = self._execute
        try:
            answer = await run(_ask, self._conn, method, sql, parameters)
        except sqlite3.Error:
            self._unanswered -= 1  # a refusal is an answer
            raise
        self._unanswered -= 1
        return answer

    async def rollback(self) -> None:
        """Roll back what is open; where nothing is, that costs no trip.

        A statement whose caller went away may be about to open a transaction.
        """
        if not (self._unanswered or self.in_transaction):
            return
        await super().rollback()
        self._unanswered = 0


class Cursor:
    """The rows of one statement after another, as SQLAlchemy asks for them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._answer = Answer([])
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        """Begin: nothing is to be opened."""
        return self

    async def __aexit__(self, *_error: object) -> None:
        """End: nothing is open."""

    @property
    def description(self) -> Any:
        """The columns, where the statement has any."""
        return self._answer.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        return self._answer.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The number of the row that was inserted."""
        return self._answer.lastrowid

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> Self:
        """Execute a statement and take all its rows."""
        self._answer = await self._connection.ask("execute", sql, parameters)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> Self:
        """Execute a statement for each of the parameters."""
        self._answer = await self._connection.ask("executemany", sql, parameters)
        return self

    async def fetchone(self) -> Any:
        """Return the next row, or None."""
        rows = await self.fetchmany(1)
        return rows[0] if rows else None

    async def fetchmany(self, size: int | None = None) -> Sequence[Any]:
        """Return the next rows."""
        rows = self._answer.rows
        some = rows[: size or self.arraysize]
        del rows[: len(some)]
        return some

    async def fetchall(self) -> Sequence[Any]:
        """Return the rows that are left."""
        return await self.fetchmany(len(self._answer.rows) or 1)

    async def close(self) -> None:
        """Forget the rows."""
        self._answer.rows.clear()


def configure(busy_timeout_ms: int, connection: Any, _record: Any) -> None:
    """Let readers work beside a writer, enforce foreign keys, and wait for locks."""
    cursor = connection.cursor()
    # First: switching to WAL needs the lock, too.
    cursor.execute(f"PRAGMA busy_timeout={busy_timeout_ms}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
    # SQLite's own knows ASCII only: a search for "été" would miss "ÉTÉ"; Python's `lower` writes a
    # sigma at the end of a word in another way.
    connection.create_function("lower", 1, _lower, deterministic=True)


def is_unavailable(error: sqlite3.Error) -> bool:
    """Tell a database that is locked, full or gone from one that was asked nonsense."""
    # SQLite reports a missing table by the same class; the lower byte is the kind.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return code & 0xFF in UNAVAILABLE


def _ask(connection: sqlite3.Connection, method: str, sql: str, parameters: Any) -> Answer:
    cursor = connection.cursor()
    getattr(cursor, method)(sql, parameters)
    rows = cursor.fetchall() if cursor.description else []
    return Answer(rows, cursor.description, cursor.rowcount, cursor.lastrowid)


def _lower(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value
