import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from refctl.tools import sqlite


def make(path: Path, rows: int) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (x TEXT)")
        connection.executemany("INSERT INTO t VALUES (?)", [("y" * 500,)] * rows)
        connection.commit()


def count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM t").fetchone()[0])


def test_a_dump_is_one_file_even_of_a_database_in_use(tmp_path: Path) -> None:
    source, target = tmp_path / "app.db", tmp_path / "dump"
    make(source, 3)
    with closing(sqlite3.connect(source)) as writer:
        writer.execute("INSERT INTO t VALUES ('only in the write-ahead log')")
        writer.commit()
        writer.execute("INSERT INTO t VALUES ('not committed')")
        assert sqlite.main("dump", source, target) == 0

    assert sqlite.is_database(target)
    assert count(target) == 4
    assert not list(tmp_path.glob("dump-*"))


def test_restoring_reaches_a_connection_that_is_open(tmp_path: Path) -> None:
    target, saved = tmp_path / "app.db", tmp_path / "dump"
    make(target, 1)
    make(saved, 900)
    with closing(sqlite3.connect(target)) as reader:
        assert reader.execute("SELECT count(*) FROM t").fetchone() == (1,)
        assert sqlite.main("restore", saved, target) == 0
        assert reader.execute("SELECT count(*) FROM t").fetchone() == (900,)


def test_a_damaged_dump_changes_nothing(tmp_path: Path) -> None:
    target, saved = tmp_path / "app.db", tmp_path / "dump"
    make(target, 2)
    make(saved, 900)
    content = bytearray(saved.read_bytes())
    content[20_000:40_000] = b"\xff" * 20_000
    saved.write_bytes(content)

    said = subprocess.run(
        sqlite.copy(saved, target, dump=False), capture_output=True, text=True, check=False
    )

    assert said.returncode == 1
    assert str(saved) in said.stderr
    assert count(target) == 2


def test_other_files_are_not_databases(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("SQLite")
    assert not sqlite.is_database(tmp_path / "x")
