"""A database's password, in a real PostgreSQL."""

from __future__ import annotations

import subprocess

from tests.secrets.project import CANARY, Project


def signs_in(project: Project, url: str, sql: str = "SELECT 1") -> str:
    said = subprocess.run(
        ["psql", "--no-psqlrc", "--no-password", "-tAc", sql, url],
        env=project.env,
        capture_output=True,
        check=False,
        text=True,
    )
    return said.stdout.strip() if said.returncode == 0 else said.stderr


def test_a_database_s_password_is_replaced_while_the_old_one_stays_good(
    project: Project, postgres: str
) -> None:
    project.run("set", "DATABASE_URL", "-e", "production", given=postgres)
    assert project.run("check", "-e", "production", "--database").returncode == 0
    assert signs_in(project, postgres, "CREATE TABLE one (); SELECT 1").endswith("1")

    said = project.run("rotate", "DATABASE_URL", "-e", "production", "--verbose")
    assert said.returncode == 0, said.stderr
    new = project.kept("production")["DATABASE_URL"]
    assert "app_next:" in new
    assert signs_in(project, postgres) == signs_in(project, new) == "1"
    # What either makes belongs to both.
    signs_in(project, new, "CREATE TABLE two (); DROP TABLE one")
    owners = "SELECT string_agg(relname || ' ' || relowner::regrole, ',') FROM pg_class"
    assert signs_in(project, new, f"{owners} WHERE relname IN ('one', 'two')") == "two app"
    (project.root / ".refctl/.rotate-1.sql").touch()  # as a kill leaves it
    early = project.run("rotate", "DATABASE_URL", "-e", "production")
    assert (early.returncode, "may be in use until" in early.stderr) == (2, True)

    project.age("production", 1)
    assert project.data("rotate", "DATABASE_URL", "-e", "production")["phase"] == "done"
    assert "password authentication failed" in signs_in(project, postgres)
    assert signs_in(project, new) == "1"
    assert project.data("rotate", "DATABASE_URL", "-e", "production")["phase"] == "swapped"
    back = project.kept("production")["DATABASE_URL"]
    assert "app:" in back
    assert signs_in(project, back) == "1"
    said = project.run("rotate", "DATABASE_URL", "-e", "production", "--at-once")
    assert said.returncode == 0, said.stderr
    for old in (back, new):
        assert "password authentication failed" in signs_in(project, old)
    assert signs_in(project, project.kept("production")["DATABASE_URL"]) == "1"
    assert CANARY not in "".join(project.said)
    assert not list((project.root / ".refctl").glob(".rotate-*"))


def test_a_database_that_was_initialised_with_another_password_is_found(
    project: Project, postgres: str
) -> None:
    place = postgres.partition("@")[2]
    url = f"postgresql://app:Zt7xRk29QmVn4LpYc8WsHd3@{place}"
    project.run("set", "DATABASE_URL", "-e", "production", given=url)
    data = project.data("check", "-e", "production", "--database")
    (found,) = data["findings"]
    assert found["problem"] == "the database was initialised with another password"
    assert "remove the volume, which loses its data" in found["hint"]
    said = project.run("rotate", "DATABASE_URL", "-e", "production")
    assert (said.returncode, "password authentication failed" in said.stderr) == (5, True)
    assert project.kept("production")["DATABASE_URL"] == url  # nothing was kept that nobody took

    gone = "postgresql://app:Zt7xRk29QmVn4LpYc8WsHd3@/app?host=/nowhere"
    project.run("set", "DATABASE_URL", "-e", "production", given=gone)
    data = project.data("check", "-e", "production", "--database")
    assert data["findings"] == []
    assert data["notes"] == ["production: the database did not answer: not asked for its password"]
