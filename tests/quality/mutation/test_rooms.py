from pathlib import Path

from refctl.core.paths import Paths
from refctl.quality.mutation.rooms import NAMES, READER, plan
from refctl.tools.node import Node
from refctl.workspace.facts import Facts

PATHS = Paths(Path("/p"))
FACTS = Facts(
    uv="uv",
    python="python",
    node=Node(Path("/node"), ("npm",), "", present=True),
    pnpm=None,
    env={},
    database=None,
    digests={},
    stamps={},
    present=frozenset(),
    interrupted=frozenset(),
)


def test_every_room_works_outside_of_the_source() -> None:
    rooms = plan(PATHS, FACTS, NAMES, Path("/p/reports"))
    assert [room.name for room in rooms] == ["cli", "backend", "frontend"]
    assert [room.source for room in rooms] == [PATHS.root, PATHS.backend, PATHS.frontend]
    assert [room.work for room in rooms] == [Path(f"/p/.refctl/mutation/{name}") for name in NAMES]
    assert READER.is_file()


def test_mutmut_runs_in_its_copy_and_its_reader_beside_it() -> None:
    (room,) = plan(PATHS, FACTS, ("backend",), Path("/p/reports"))
    tools = "/p/.refctl/tools/mutation-backend/bin"
    assert (room.run.argv, room.run.cwd) == ((f"{tools}/mutmut", "run"), room.work)
    assert room.read is not None
    assert (room.read.argv, room.read.cwd) == ((f"{tools}/python", str(READER)), room.work)


def test_stryker_runs_in_the_frontend_and_is_told_where_else_to_write() -> None:
    (room,) = plan(PATHS, FACTS, ("frontend",), Path("/p/reports"))
    assert room.run.cwd == PATHS.frontend
    assert room.run.argv[0] == "/node/node"
    assert "json,html,progress-append-only" in room.run.argv
    assert room.run.env["STRYKER_WORK"] == str(room.work)
    assert room.run.env["STRYKER_REPORTS"] == "/p/reports/mutation/stryker"
    assert (room.read, room.report) == (None, Path("/p/reports/mutation/stryker/mutation.json"))
