import sqlite3
from pathlib import Path

from refctl.tools.alembic import current, heads, is_empty, next_revision, revisions


def revision(folder: Path, name: str, down: str) -> None:
    (folder / f"{name}.py").write_text(f'revision: str = "{name}"\ndown_revision = {down}\n')


def test_the_head_is_what_nothing_comes_after(tmp_path: Path) -> None:
    revision(tmp_path, "a", "None")
    revision(tmp_path, "b", "'a'")
    assert heads(tmp_path) == {"b"}
    revision(tmp_path, "c", "'a'")
    assert heads(tmp_path) == {"b", "c"}
    revision(tmp_path, "d", "('b', 'c')")
    assert heads(tmp_path) == {"d"}


def test_a_database_says_where_it_is(tmp_path: Path) -> None:
    file = tmp_path / "app.db"
    assert current(file) == frozenset()
    file.write_text("not a database, and long enough to be looked at as one" * 50)
    assert current(file) == frozenset()
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('b')")
    connection.close()
    assert current(file) == {"b"}


def test_the_next_number_comes_after_the_highest(tmp_path: Path) -> None:
    assert next_revision(tmp_path) == "0001"
    revision(tmp_path, "0009", "None")
    assert next_revision(tmp_path) == "0010"
    revision(tmp_path, "a", "'0009'")
    assert next_revision(tmp_path) == ""
    assert revisions(tmp_path) == {"0009", "a"}


def test_a_migration_that_does_nothing_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("import x\ndef upgrade() -> None:\n    pass\n")
    assert is_empty(file)
    file.write_text("def upgrade() -> None:\n    op.drop_table('t')\n")
    assert not is_empty(file)
