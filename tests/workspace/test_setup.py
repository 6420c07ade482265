from dataclasses import replace
from pathlib import Path

import pytest

from refctl.core.config import Config
from refctl.core.errors import ConfigurationError
from refctl.core.paths import Paths
from refctl.core.plan import Remove, Run
from refctl.core.redact import Secret
from refctl.tools.node import Node
from refctl.workspace import ready
from refctl.workspace.facts import Facts
from refctl.workspace.setup import Wanted, plan
from refctl.workspace.variables import KNOWN, database_file, read_env, secrets_of

PATHS = Paths(Path("/p"))
DIGESTS = {"backend": "b", "frontend": "f", "checks": "c", "seed": "s"}
READY = Facts(
    uv="uv",
    python="python",
    node=Node(Path("/node"), ("npm",), "", present=True),
    pnpm=Path("/pnpm"),
    env={},
    database=Path("/p/app/backend/app.db"),
    digests=DIGESTS,
    stamps=DIGESTS,
    present=frozenset({"pnpm", "backend", "frontend", "checks", "schema", "data"}),
    interrupted=frozenset(),
)
FRESH = replace(
    READY,
    node=Node(Path("/node"), ("npm",), "", present=False),
    stamps={},
    present=frozenset(),
)


def needs(facts: Facts, env_file: Secret | None = None) -> dict[str, tuple[str, ...]]:
    return {step.id: step.needs for step in plan(PATHS, facts, Wanted(), env_file=env_file)}


def test_nothing_is_done_where_all_is_ready() -> None:
    assert needs(READY) == {}


def test_a_fresh_checkout_installs_both_apps_at_once() -> None:
    assert needs(FRESH, Secret("x")) == {
        "env": (),
        "backend": (),
        "node": (),
        "pnpm": ("node",),
        "frontend": ("node", "pnpm"),
        "migrate": ("env", "backend"),
        "seed": ("env", "backend", "migrate"),
    }


def test_what_only_checks_need_is_installed_for_checks_alone() -> None:
    wanted = Wanted(backend=False, frontend=False, database=False, checks=True)
    (step,) = plan(PATHS, FRESH, wanted, env_file=None)
    (run,) = (action for action in step.actions if isinstance(action, Run))
    # A folder of their own: what they bring does not meet what refctl needs.
    assert run.env == {"UV_PROJECT_ENVIRONMENT": "/p/.refctl/tools/checks"}
    assert run.argv[6:8] == ("--only-group", "check")
    assert len(plan(PATHS, READY, wanted, env_file=None)) == 0


def test_mutmut_has_an_environment_of_its_own_for_each_half() -> None:
    wanted = Wanted(backend=False, frontend=False, database=False, mutation=("cli", "backend"))
    digests = {**DIGESTS, "mutation-cli": "c", "mutation-backend": "b"}
    fresh = replace(FRESH, digests=digests)
    steps = plan(PATHS, fresh, wanted, env_file=None)
    runs = [action for step in steps for action in step.actions if isinstance(action, Run)]
    assert [run.cwd for run in runs] == [PATHS.root, PATHS.backend]
    assert [run.env["UV_PROJECT_ENVIRONMENT"] for run in runs] == [
        "/p/.refctl/tools/mutation-cli",
        "/p/.refctl/tools/mutation-backend",
    ]
    # The project itself stays out: what is imported is the copy with the mutants.
    assert all(run.argv[-3:] == ("--group", "mutation", "--no-install-project") for run in runs)
    there = replace(fresh, stamps=digests, present=frozenset({"mutation-cli", "mutation-backend"}))
    assert len(plan(PATHS, there, wanted, env_file=None)) == 0


@pytest.mark.parametrize(
    ("database", "url", "title"),
    [
        (Path("/p/app/backend/app.db"), "", "Migrate the database"),
        (Path("/q/other.db"), "sqlite:////q/other.db", "Migrate the database /q/other.db"),
        (None, "postgresql://me:canary@db:5432/shop", "Migrate the database shop at db"),
    ],
)
def test_another_database_than_the_usual_is_named(
    database: Path | None, url: str, title: str
) -> None:
    facts = replace(FRESH, database=database, env={"DATABASE_URL": url})
    steps = {step.id: step.title for step in plan(PATHS, facts, Wanted(), env_file=None)}
    assert steps["migrate"] == title


def test_a_changed_lock_installs_that_app_again() -> None:
    assert needs(replace(READY, stamps={**DIGESTS, "backend": "old"})) == {"backend": ()}


def test_an_interrupted_installation_starts_from_nothing() -> None:
    (step,) = plan(
        PATHS, replace(READY, interrupted=frozenset({"frontend"})), Wanted(), env_file=None
    )
    kinds = [type(action) for action in step.actions]
    assert Remove(Path("/p/app/frontend/node_modules")) in step.actions
    assert kinds.index(Run) > step.actions.index(Remove(Path("/p/app/frontend/node_modules")))


def test_a_lost_database_is_made_again() -> None:
    present = READY.present - {"schema", "data"}
    assert list(needs(replace(READY, present=present))) == ["migrate", "seed"]


def test_an_older_schema_is_migrated_and_its_data_kept() -> None:
    assert list(needs(replace(READY, present=READY.present - {"schema"}))) == ["migrate"]


def test_starting_over_removes_the_database_and_makes_a_new_one() -> None:
    steps = plan(PATHS, READY, Wanted(reset=True), env_file=None).steps
    assert [step.id for step in steps] == ["reset", "migrate", "seed"]
    assert Remove(Path("/p/app/backend/app.db-wal")) in steps[0].actions
    assert steps[1].needs == ("reset",)


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    for name in KNOWN:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "app" / "backend").mkdir(parents=True)
    return Paths(tmp_path)


def test_variables_are_read_as_the_backend_reads_them(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths.env.write_text('demo_email=a\nDEMO_PASSWORD="b c" # note\n')
    (paths.backend / ".env").write_text("DEMO_EMAIL=d\n")
    monkeypatch.setenv("ENVIRONMENT", "development")
    assert read_env(paths) == {
        "DEMO_EMAIL": "d",
        "DEMO_PASSWORD": "b c",
        "ENVIRONMENT": "development",
    }


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("", "app.db"),
        ("sqlite:///./other.db", "other.db"),
        ("sqlite+aiosqlite:///other.db?cache=shared", "other.db"),
    ],
)
def test_a_sqlite_url_names_a_file_beside_the_backend(paths: Paths, url: str, name: str) -> None:
    assert database_file(paths, {"DATABASE_URL": url}) == paths.backend / name


def test_an_absolute_sqlite_path_is_itself_and_postgresql_is_no_file(paths: Paths) -> None:
    assert database_file(paths, {"DATABASE_URL": "sqlite:////x/y.db"}) == Path("/x/y.db")
    assert database_file(paths, {"DATABASE_URL": "postgresql://u:p@h/d"}) is None


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(paths: Paths, url: str) -> None:
    with pytest.raises(ConfigurationError, match="in memory"):
        database_file(paths, {"DATABASE_URL": url})


def test_the_demo_password_is_meant_to_be_shown_and_a_database_password_is_not() -> None:
    url = "postgresql://u:canary@h/d"
    env = {"JWT_SECRET_KEY": "k", "DEMO_PASSWORD": "d", "DEMO_EMAIL": "e", "DATABASE_URL": url}
    assert secrets_of(env) == ("k", url, "canary")


def test_what_is_not_for_development_is_left_alone(paths: Paths) -> None:
    paths.frontend.mkdir()
    paths.env.write_text("ENVIRONMENT=production\n")
    with pytest.raises(ConfigurationError, match="ENVIRONMENT=production"):
        ready.plan(paths, Config(), Wanted())
