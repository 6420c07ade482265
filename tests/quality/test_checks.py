from pathlib import Path

import pytest

from refctl.core.errors import UsageError
from refctl.quality.checks import Site, Tree, choose, files, listed, plan
from refctl.quality.findings import READERS
from refctl.quality.kinds import KINDS, Kind

BY_NAME = {kind.name: kind for kind in KINDS}
TREE = (
    ".ci/run",
    ".github/dependabot.yml",
    ".github/workflows/test.yml",
    "README.md",
    "app/backend/app/main.py",
    "app/backend/uv.lock",
    "app/frontend/pnpm-lock.yaml",
    "app/frontend/src/app/page.tsx",
    "app/frontend/src/lib/api-client/sdk.gen.ts",
    "deploy/docker/backend.Dockerfile",
    "pyproject.toml",
    "refctl/main.py",
    "uv.lock",
)
SITE = Site(
    root=Path("/p"),
    bins={"refctl": Path("/r"), "backend": Path("/b"), "frontend": Path("/f"), "tools": Path("/t")},
    programs={"python": Path("/r/python3"), "uv": Path("/uv")},
    env={"frontend": {"PATH": "/node"}},
    words={"state": "/p/.refctl", "first_load_kb": "195", "made_up_secrets": "^(?:pw)$"},
)


def seen(name: str, changed: set[str] | None = None) -> tuple[str, ...]:
    tree = Tree(TREE, frozenset({".ci/run"}), None if changed is None else frozenset(changed))
    return files(BY_NAME[name], tree)


def test_every_check_has_a_name_of_its_own_and_a_reader() -> None:
    assert len(BY_NAME) == len(KINDS)
    assert {kind.read for kind in KINDS} <= READERS.keys()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("refctl-ruff", ("refctl/main.py",)),
        ("backend-mypy", ("app/backend/app/main.py",)),
        ("frontend-eslint", ("app/frontend/src/app/page.tsx",)),
        ("shellcheck", (".ci/run",)),
        ("hadolint", ("deploy/docker/backend.Dockerfile",)),
        ("workflows", (".github/workflows/test.yml",)),
        ("yaml", (".github/dependabot.yml", ".github/workflows/test.yml")),
        ("schema-dependabot", (".github/dependabot.yml",)),
        ("schema-compose-spec", ()),
        ("syntax", ("pyproject.toml",)),
        ("refctl-audit", ("uv.lock",)),
        ("secrets", TREE),
    ],
)
def test_each_check_looks_at_its_own_files(name: str, expected: tuple[str, ...]) -> None:
    assert seen(name) == expected


@pytest.mark.parametrize(
    ("name", "changed", "expected"),
    [
        ("refctl-ruff", {"refctl/main.py", "gone.py"}, ("refctl/main.py",)),
        ("refctl-ruff", {"README.md"}, ()),
        # New rules concern every file.
        ("refctl-ruff", {"pyproject.toml"}, ("refctl/main.py",)),
        # A type may be wrong anywhere once one file has changed, or is gone.
        ("backend-mypy", {"app/backend/gone.py"}, ("app/backend/app/main.py",)),
        ("backend-mypy", {"refctl/main.py"}, ()),
        ("links", {"docs/gone.png"}, ("README.md",)),
        ("workflows", {".github/workflows/gone.yml"}, (".github/workflows/test.yml",)),
        ("workflows", {".github/dependabot.yml"}, (".github/workflows/test.yml",)),
        ("workflows", {"README.md"}, ()),
        ("backend-audit", {"app/backend/uv.lock"}, ("app/backend/uv.lock",)),
        ("secrets", {"README.md"}, ("README.md",)),
        ("secrets", set(), ()),
    ],
)
def test_changes_limit_what_is_looked_at(
    name: str, changed: set[str], expected: tuple[str, ...]
) -> None:
    assert seen(name, changed) == expected


def test_commands_run_where_their_files_are_with_the_programs_of_their_room() -> None:
    eslint = plan(BY_NAME["frontend-eslint"], seen("frontend-eslint"), SITE)
    (look,), (fix,) = eslint.commands, eslint.fix
    assert look.argv[0] == "/f/eslint"
    assert look.argv[-1] == fix.argv[-1] == "src/app/page.tsx"
    assert "--fix" in fix.argv
    assert (look.cwd, look.env) == (Path("/p/app/frontend"), {"PATH": "/node"})
    bundle = plan(BY_NAME["frontend-bundle"], seen("frontend-bundle"), SITE).commands[0]
    assert bundle.argv == ("/r/python3", "-m", "refctl.quality.own.bundle", ".", "195")
    export, audit = plan(BY_NAME["backend-audit"], seen("backend-audit"), SITE).commands
    assert (export.argv[0], export.cwd) == ("/uv", Path("/p/app/backend"))
    assert export.argv[-1] == audit.argv[-1] == "/p/.refctl/audit-backend.txt"


def names(*wanted: str) -> list[str]:
    return [kind.name for kind in choose(wanted)]


def test_a_part_of_a_name_is_a_name() -> None:
    assert names() == [kind.name for kind in KINDS if not kind.asked]
    assert (names("secrets"), names("history")) == (["secrets"], ["history"])
    assert names("links") == ["links"]
    assert names("mypy", "links") == ["refctl-mypy", "backend-mypy", "links"]
    assert names("audit") == ["refctl-audit", "backend-audit", "frontend-audit"]
    # By the tools that it is made of, too.
    assert names("actionlint") == names("zizmor") == ["workflows"]


def test_a_wrong_name_gets_the_nearest_one() -> None:
    with pytest.raises(UsageError, match="no such check: rufff") as caught:
        choose(("rufff",))
    assert caught.value.hint == "refctl check ruff"
    with pytest.raises(UsageError) as caught:
        choose(("action-lint",))
    assert caught.value.hint == "refctl check actionlint"


def test_the_list_says_what_each_looks_at() -> None:
    table = listed(("links",)).table
    assert table is not None
    assert table.rows == (("links", "links inside the repository"),)


def test_only_what_is_narrow_is_given_files() -> None:
    def takes(kind: Kind) -> bool:
        return any("{files}" in command for command in kind.commands)

    # Links are looked at in all Markdown files, whatever changed.
    assert all(takes(kind) == kind.narrow for kind in KINDS if kind.name != "links")
