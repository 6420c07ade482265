from pathlib import Path

import pytest

from refctl.core.paths import Paths
from refctl.core.plan import Remove, Run, WriteFile
from refctl.develop import built
from refctl.tools.node import Node

SOURCES = ("src/app/page.tsx", "package.json", "pnpm-lock.yaml")
NODE = Node(Path("/node/bin"), ("npm",), "pinned", present=True)


@pytest.fixture
def frontend(tmp_path: Path) -> Path:
    folder = tmp_path / "app" / "frontend"
    for name in (
        "src/app/page.tsx",
        "package.json",
        "cypress/e2e/a.cy.ts",
        ".next/x",
        "pnpm-lock.yaml",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


@pytest.mark.parametrize("name", SOURCES)
def test_a_changed_source_asks_for_another_build(frontend: Path, name: str) -> None:
    before = built.digest(frontend)
    (frontend / name).write_text("changed")
    assert built.digest(frontend) != before


def test_a_renamed_source_asks_for_another_build(frontend: Path) -> None:
    before = built.digest(frontend)
    (frontend / "src/app/page.tsx").rename(frontend / "src/page.tsx")
    assert built.digest(frontend) != before


@pytest.mark.parametrize(
    "name", ["cypress/e2e/a.cy.ts", ".next/x", "node_modules/y", "next-env.d.ts"]
)
def test_what_a_build_does_not_read_asks_for_none(frontend: Path, name: str) -> None:
    before = built.digest(frontend)
    (frontend / name).parent.mkdir(exist_ok=True)
    (frontend / name).write_text("changed")
    assert built.digest(frontend) == before


def test_what_was_built_last_is_not_built_again(frontend: Path) -> None:
    paths = Paths(frontend.parents[1])
    (step,) = built.build(paths, NODE, "abc")
    assert [type(action) for action in step.actions] == [Remove, Run, Run, WriteFile]
    stamp = step.actions[-1]
    assert isinstance(stamp, WriteFile)
    stamp.path.parent.mkdir(parents=True)
    stamp.path.write_text(str(stamp.content))
    assert built.build(paths, NODE, "abc") == ()
    assert built.build(paths, NODE, "other") != ()
