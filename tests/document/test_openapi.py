from pathlib import Path

import pytest

from refctl.core.paths import Paths
from refctl.core.plan import Plan, Run, Step
from refctl.document import openapi
from refctl.tools.node import Node
from refctl.workspace.facts import Facts

PATHS = Paths(Path("/p"))
FACTS = Facts(
    uv="uv",
    python="python",
    node=Node(Path("/node"), ("npm",), "", present=True),
    pnpm=Path("/pnpm"),
    env={},
    database=None,
    digests={},
    stamps={},
    present=frozenset(),
    interrupted=frozenset(),
)


@pytest.mark.parametrize(
    ("check", "endings"),
    [(False, ("scripts.openapi", "generate")), (True, ("--check", "generate:check"))],
)
def test_the_client_comes_after_the_document(*, check: bool, endings: tuple[str, str]) -> None:
    document, client = openapi.plan(PATHS, FACTS, check=check)

    assert client.needs == (document.id,)
    said = []
    for step in (document, client):
        (run,) = step.actions
        assert isinstance(run, Run)
        said.append(run.argv[-1])
    assert tuple(said) == endings


def test_what_differs_is_told_with_what_to_type(tmp_path: Path) -> None:
    def step(name: str, script: str) -> Step:
        return Step(name, name, (Run(("/bin/sh", "-c", script), cwd=tmp_path),))

    same = openapi.compare(Plan("docs", (step("a", "true"),)))
    assert (same.ok, same.data) == (True, {"differs": {}})

    other = openapi.compare(
        Plan("docs", (step("a", "echo '+ /todos' >&2; exit 1"), step("b", "true")))
    )
    assert (other.ok, other.data) == (False, {"differs": {"a": ["+ /todos"]}})
    assert other.lines == ("+ /todos", "Write them anew: refctl docs openapi")
