"""SQLite files: copied whole while others read and write them (`python -m refctl.tools.sqlite`)."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

MAGIC = b"SQLite format 3\0"


def is_database(path: Path) -> bool:
    """Return whether the file begins as a SQLite database does."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def copy(source: Path, target: Path, *, dump: bool) -> tuple[str, ...]:
    """Return the argv that copies a database; a `dump` is one file with nothing beside it."""
    kind = "dump" if dump else "restore"
    return (sys.executable, "-m", "refctl.tools.sqlite", kind, str(source), str(target))


def main(kind: str, source: Path, target: Path) -> int:
    """Copy what is sound; the target changes at once or, killed or failing, not at all."""
    try:
        with (
            closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as read,
            closing(sqlite3.connect(target, timeout=10)) as written,
        ):
            (verdict,) = read.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                sys.stderr.write(f"{source} is damaged: {verdict}\n")
                return 1
            read.backup(written)
            if kind == "dump":
                written.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        sys.stderr.write(f"{source} to {target}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
