from dataclasses import replace
from pathlib import Path

from refctl.core.paths import Paths
from refctl.core.plan import Remove, Run
from refctl.core.redact import Secret
from refctl.tools.node import Node
from refctl.workspace.facts import Facts, read_env, secrets_of
from refctl.workspace.setup import Wanted, plan

PATHS = Paths(Path("/p"))
DIGESTS = {"backend": "b", "frontend": "f", "seed": "s"}
READY = Facts(
    uv="uv",
    python="python",
    node=Node(Path("/node"), "", present=True),
    pnpm=Path("/pnpm"),
    env={},
    digests=DIGESTS,
    stamps=DIGESTS,
    present=frozenset({"pnpm", "backend", "frontend", "schema", "data"}),
    interrupted=frozenset(),
)
FRESH = replace(
    READY,
    node=Node(Path("/node"), "", present=False),
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


def test_env_files_are_read_as_dotenv_has_them(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# note\nexport A=1\nB='two words'\nC=x # note\n\n")
    assert read_env(file) == {"A": "1", "B": "two words", "C": "x"}


def test_the_demo_password_is_meant_to_be_shown() -> None:
    assert secrets_of({"JWT_SECRET_KEY": "k", "DEMO_PASSWORD": "d", "DEMO_EMAIL": "e"}) == ("k",)
