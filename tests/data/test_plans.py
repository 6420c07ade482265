from pathlib import Path

from refctl.core.paths import Paths
from refctl.core.plan import Remove, Rename, Run, WriteFile
from refctl.core.redact import MASK, Secret
from refctl.data import plans
from refctl.data.target import Target

PATHS = Paths(Path("/p"))
FILE = Path("/p/app/backend/app.db")
SQLITE = Target("development", FILE)
POSTGRES = Target("staging", None, "postgresql://u@h/d", {"PGPASSWORD": Secret("canary")})
PYTHON = "/p/app/backend/.venv/bin/python"


def test_emptying_sqlite_removes_what_lies_beside_it_and_fills_it_again() -> None:
    empty, migrate, seed = plans.reset(PATHS, SQLITE)

    assert empty.actions == tuple(
        Remove(FILE.with_name(name)) for name in ("app.db", "app.db-wal", "app.db-shm")
    )
    assert (migrate.needs, seed.needs) == (("empty",), ("migrate",))


def test_what_others_rely_on_is_not_filled_with_demo_data() -> None:
    empty, migrate = plans.reset(PATHS, POSTGRES)

    assert empty.actions == (
        Run(
            (PYTHON, "-m", "scripts.database", "empty", "--yes"),
            cwd=PATHS.backend,
            env={"ENVIRONMENT": "staging"},
        ),
    )
    assert migrate.id == "migrate"


def test_a_dump_is_private_before_it_holds_anything_and_appears_when_it_is_whole(
    postgres_tools: Path,
) -> None:
    (step,) = plans.dump(PATHS, POSTGRES, Path("/d/x"), Path("/d/.x.tmp"))
    made, run, renamed = step.actions

    assert made == WriteFile(Path("/d/.x.tmp"), "", mode=0o600)
    assert isinstance(run, Run)
    assert run.argv[0] == str(postgres_tools / "pg_dump")
    assert run.argv[-2:] == ("--file=/d/.x.tmp", "--dbname=postgresql://u@h/d")
    assert renamed == Rename(Path("/d/.x.tmp"), Path("/d/x"))


def test_a_password_is_in_no_argument_and_no_description(postgres_tools: Path) -> None:
    assert postgres_tools.is_dir()
    for plan in (
        plans.dump(PATHS, POSTGRES, Path("/d/x"), Path("/d/y")),
        plans.restore(PATHS, POSTGRES, Path("/d/x"), Path("/d/y")),
    ):
        said = "\n".join(plan.describe())
        assert f"PGPASSWORD='{MASK}'" in said
        assert "canary" not in said + str(plan.as_json())


def test_restoring_empties_and_fills_in_one_transaction(postgres_tools: Path) -> None:
    read, restore = plans.restore(PATHS, POSTGRES, Path("/d/x"), Path("/s.sql"))
    execute, removed = restore.actions

    assert restore.needs == (read.id,)
    assert isinstance(execute, Run)
    assert execute.argv[0] == str(postgres_tools / "psql")
    assert "--single-transaction" in execute.argv
    assert execute.argv[-3:-1] == ("--file=/p/app/backend/scripts/empty.sql", "--file=/s.sql")
    assert removed == Remove(Path("/s.sql"))


def test_a_revision_takes_the_next_number() -> None:
    (step,) = plans.revision(PATHS, SQLITE, "due dates", number="0003", compare=True)
    (run,) = step.actions

    assert isinstance(run, Run)
    assert run.argv == (
        *(PYTHON, "-m", "alembic", "revision", "--message", "due dates"),
        *("--rev-id", "0003", "--autogenerate"),
    )
