"""`refctl db` for real, on both databases."""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from refctl.core.lock import hold
from refctl.tools.alembic import current, heads
from tests.checkout import clean_environment, make_checkout

SERVE = """
import sys, tempfile, warnings
warnings.simplefilter("ignore")
try:
    import pgserver
except ImportError:
    sys.exit()
from pathlib import Path
with tempfile.TemporaryDirectory() as folder:
    server = pgserver.get_server(folder, cleanup_mode="delete")
    print(server.get_uri(), Path(pgserver.__file__).parent / "pginstall" / "bin", flush=True)
    sys.stdin.read()
    server.cleanup()
"""


@dataclass(frozen=True)
class Checkout:
    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "app/backend/app.db"

    def db(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "refctl", "db", *arguments],
            cwd=self.folder,
            env={**clean_environment(), **env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            text=True,
        )

    def data(self, *arguments: str, **env: str) -> Any:
        said = self.db(*arguments, "--json", **env)
        assert said.returncode == 0, said.stdout + said.stderr
        answer = json.loads(said.stdout)
        assert answer["command"] == f"db {arguments[0]}"
        return answer["data"]


@pytest.fixture(scope="module")
def checkout() -> Iterator[Checkout]:
    with tempfile.TemporaryDirectory() as folder:
        # Started by root, PostgreSQL runs as another user, out of this checkout's environment.
        Path(folder).chmod(0o755)
        made = Checkout(make_checkout(Path(folder)))
        said = made.db("reset")  # there is nothing to lose: nobody is asked
        assert said.returncode == 0, said.stderr
        yield made


@pytest.fixture(scope="module")
def postgres(checkout: Checkout) -> Iterator[dict[str, str]]:
    """The variables of a checkout that uses PostgreSQL."""
    with subprocess.Popen(
        [str(checkout.folder / "app/backend/.venv/bin/python"), "-c", SERVE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        said = server.stdout.readline().split()
        if not said:
            pytest.skip("pgserver is not installed: it has wheels for Python 3.11 and 3.12")
        yield {"DATABASE_URL": said[0], "PATH": f"{said[1]}{os.pathsep}{os.environ['PATH']}"}
        server.communicate()


def todos(checkout: Checkout) -> int:
    with closing(sqlite3.connect(checkout.database)) as connection:
        return int(connection.execute("SELECT count(*) FROM todos").fetchone()[0])


def test_status_says_where_the_database_is_and_what_it_lacks(
    checkout: Checkout, tmp_path: Path
) -> None:
    (head,) = heads(checkout.folder / "app/backend/alembic/versions")
    report = checkout.data("status")
    assert report["current"] == report["heads"] == [head]
    assert (report["kind"], report["database"]) == ("sqlite", str(checkout.database))

    new = tmp_path / "new.db"
    said = checkout.db("status", DATABASE_URL=f"sqlite:///{new}")
    assert said.returncode == 0, said.stderr
    assert "0001     Users, todos and refresh tokens." in said.stdout
    assert "pending: refctl db migrate" in said.stdout
    assert not new.exists()


def test_a_dump_is_private_kept_and_restored(checkout: Checkout, tmp_path: Path) -> None:
    file = tmp_path / "x.dump"
    before = todos(checkout)
    assert before > 0
    assert checkout.data("dump", str(file))["bytes"] == file.stat().st_size
    assert file.stat().st_mode & 0o777 == 0o600
    again = checkout.db("dump", str(file))
    assert (again.returncode, "add --yes" in again.stderr) == (2, True)
    assert checkout.db("dump", str(file), "--yes").returncode == 0

    with closing(sqlite3.connect(checkout.database)) as connection:
        connection.execute("DELETE FROM todos")
        connection.commit()
    refused = checkout.db("restore", str(file))
    assert (refused.returncode, "add --yes" in refused.stderr) == (2, True)
    assert todos(checkout) == 0
    assert checkout.db("restore", str(file), "--yes").returncode == 0
    assert todos(checkout) == before
    assert [path.name for path in tmp_path.iterdir()] == ["x.dump"]


def test_a_dump_can_go_to_stdout(checkout: Checkout) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "refctl", "db", "dump", "-"],
        cwd=checkout.folder,
        env=clean_environment(),
        capture_output=True,
        check=True,
    )
    assert said.stdout.startswith(b"SQLite format 3\0")
    assert not list((checkout.folder / ".refctl").glob("*dump*"))
    assert checkout.db("dump", "-", "--json").returncode == 2


def test_what_is_served_is_neither_emptied_nor_replaced(checkout: Checkout, tmp_path: Path) -> None:
    file = tmp_path / "x.dump"
    assert checkout.db("dump", str(file)).returncode == 0
    before = checkout.database.stat().st_ino
    locks = checkout.folder / ".refctl" / "locks"
    with hold(locks, "dev-backend", purpose="running the backend"):
        for command in (("reset",), ("restore", str(file))):
            said = checkout.db(*command, "--yes")
            assert said.returncode == 7
            assert f"process id {os.getpid()} is running the backend" in said.stderr
    assert checkout.database.stat().st_ino == before


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"nothing of the kind", "is not a dump"),
        (b"PGDMP", "is a dump of PostgreSQL, and development uses SQLite"),
    ],
)
def test_a_file_that_is_no_dump_for_this_database_is_refused(
    checkout: Checkout, tmp_path: Path, content: bytes, reason: str
) -> None:
    file = tmp_path / "x"
    file.write_bytes(content)
    said = checkout.db("restore", str(file), "--yes")
    assert (said.returncode, reason in said.stderr) == (3, True)


@pytest.mark.parametrize(
    ("revision", "reason"), [(None, "names no migration"), ("9999", "at 9999, which this checkout")]
)
def test_a_database_of_something_else_is_refused(
    checkout: Checkout, tmp_path: Path, revision: str | None, reason: str
) -> None:
    file = tmp_path / "x"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        if revision:
            connection.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
        connection.commit()
    said = checkout.db("restore", str(file), "--yes")
    assert (said.returncode, reason in said.stderr) == (3, True)


def test_a_new_revision_is_numbered_migrated_and_pointless_ones_are_not_written(
    checkout: Checkout, tmp_path: Path
) -> None:
    saved = str(tmp_path / "saved")
    assert checkout.db("dump", saved).returncode == 0
    versions = checkout.folder / "app/backend/alembic/versions"
    (head,) = heads(versions)
    assert checkout.data("revision", "-m", "nothing", "--autogenerate")["file"] is None
    written = checkout.folder / checkout.data("revision", "-m", "due dates")["file"]
    try:
        assert written.name == f"{int(head) + 1:04}_due_dates.py"
        refused = checkout.db("revision", "-m", "more", "--autogenerate")
        assert (refused.returncode, "refctl db migrate" in refused.stderr) == (5, True)
        (applied,) = checkout.data("migrate")["applied"]
        assert applied["revision"] == f"{int(head) + 1:04}"
        assert checkout.data("migrate")["applied"] == []
        assert current(checkout.database) == heads(versions)
    finally:
        written.unlink()
    ahead = checkout.db("migrate")
    assert (ahead.returncode, "which this checkout lacks" in ahead.stderr) == (3, True)
    assert checkout.db("restore", saved, "--yes").returncode == 0


def test_deployments_are_not_seeded_and_lose_data_only_where_they_are_named(
    checkout: Checkout, tmp_path: Path
) -> None:
    env = {
        "ENVIRONMENT": "production",
        "DATABASE_URL": "postgresql://u:canary-pw@127.0.0.1:9/d",
        "JWT_SECRET_KEY": "Qm7xRk29ZtVn4LpYc8WsHd3Jf6Gb1Ea5",
    }
    said = checkout.db("seed", **env)
    assert (said.returncode, "no place in production" in said.stderr) == (3, True)
    said = checkout.db("reset", "--yes", **env)
    assert (said.returncode, "--environment production" in said.stderr) == (2, True)
    said = checkout.db("status", **env)
    assert said.returncode == 5
    assert "postgresql://u@127.0.0.1:9/d did not say" in said.stderr
    (tmp_path / "bin").mkdir()
    missing = checkout.db("dump", "x", **{**env, "PATH": str(tmp_path / "bin")})
    assert (missing.returncode, "postgresql-client" in missing.stderr) == (4, True)


@pytest.mark.parametrize("command", [("migrate",), ("reset",), ("seed",), ("dump", "x")])
def test_a_dry_run_shows_the_plan_and_does_nothing(
    checkout: Checkout, command: tuple[str, ...]
) -> None:
    before = checkout.database.stat()
    report = checkout.data(*command, "--dry-run")
    assert report["plan"]["steps"]
    after = checkout.database.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert not (checkout.folder / "x").exists()


def test_postgresql_is_reset_dumped_and_restored(
    checkout: Checkout, postgres: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "x.dump"
    said = checkout.db("reset", "--yes", **postgres)
    assert said.returncode == 0, said.stderr
    assert checkout.data("status", **postgres)["kind"] == "postgresql"
    assert checkout.data("dump", str(file), **postgres)["bytes"] == file.stat().st_size
    assert file.stat().st_mode & 0o777 == 0o600

    def sql(text: str) -> str:
        return subprocess.run(
            ["psql", "--no-psqlrc", "-tA", "-c", text, postgres["DATABASE_URL"]],
            env={**os.environ, **postgres},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()

    count = sql("SELECT count(*) FROM todos")
    assert int(count) > 0
    sql("DELETE FROM todos; CREATE TABLE later (id int)")

    torn = tmp_path / "torn.dump"
    torn.write_bytes(file.read_bytes()[:-2000])
    said = checkout.db("restore", str(torn), "--yes", **postgres)
    assert (said.returncode, "nothing was changed" in said.stderr) == (5, True)
    assert sql("SELECT to_regclass('later')") == "later"

    assert checkout.db("restore", str(file), "--yes", **postgres).returncode == 0
    assert sql("SELECT count(*) FROM todos") == count
    assert sql("SELECT to_regclass('later')") == ""
    assert not list((checkout.folder / ".refctl").glob("restore*"))


@pytest.mark.parametrize("command", [("reset", "--yes"), ("status",), ("migrate",)])
def test_an_environment_that_is_not_configured_does_not_get_this_checkouts_file(
    checkout: Checkout, command: tuple[str, ...]
) -> None:
    before = checkout.database.stat()
    said = checkout.db(*command, "--environment", "production")
    assert said.returncode == 3
    assert "production needs PostgreSQL" in said.stderr
    assert "refctl config validate --environment production" in said.stderr
    assert checkout.database.stat() == before
