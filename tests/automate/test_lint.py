"""`refctl ci lint` with the real actionlint and zizmor."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from refctl.automate.lint import lint
from refctl.core.paths import Paths
from refctl.tools import actionlint, zizmor

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".refctl" / "tools"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of this repository's workflows, known to git."""
    shutil.copytree(ROOT / ".github", tmp_path / ".github")
    (tmp_path / "refctl.toml").touch()
    for words in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.usefixtures("tools")
def test_this_repositorys_workflows_have_no_finding() -> None:
    result = lint(Paths(ROOT))
    assert (result.ok, result.data["findings"]) == (True, [])


@pytest.mark.usefixtures("tools")
@pytest.mark.parametrize(
    ("linter", "before", "after", "rule"),
    [
        (None, "    timeout-minutes: 10\n", "", "refctl/timeout"),
        (actionlint, "runs-on: macos-latest", "runs-on: macos-newest", "actionlint/runner-label"),
        (zizmor, "make install", "echo ${{ github.head_ref }}", "zizmor/template-injection"),
    ],
    ids=["refctl", "actionlint", "zizmor"],
)
def test_each_linter_finds_what_is_its_own(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    linter: ModuleType | None,
    before: str,
    after: str,
    rule: str,
) -> None:
    program = actionlint.find_actionlint(TOOLS)
    if linter is actionlint and program is None:
        pytest.skip(f"{actionlint.NAME} is not here: {actionlint.HINT}")
    if program is not None:  # it is this checkout's, and the project is another
        monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    file = project / ".github/workflows/test.yml"
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))

    said = subprocess.run(
        [sys.executable, "-m", "refctl", "ci", "lint", "--json"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    answer = json.loads(said.stdout)
    assert (said.returncode, answer["ok"]) == (1, False)
    assert rule in {one["rule"] for one in answer["data"]["findings"]}
    files = {one["path"] for one in answer["data"]["findings"]}
    assert files == {".github/workflows/test.yml"}


def test_a_linter_that_is_missing_says_how_to_get_it_and_fails_in_ci(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The one beside the interpreter and those on PATH are out of sight.
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("HOME", str(tmp_path))
    git = shutil.which("git")
    assert git is not None
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").symlink_to(git)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    monkeypatch.delenv("CI", raising=False)
    result = lint(Paths(project))
    assert result.ok
    assert result.data["ran"] == ["refctl"]
    assert result.lines[1] == f"actionlint is not here: {actionlint.HINT}"
    assert result.lines[2] == f"zizmor is not here: {zizmor.HINT}"
    # Nobody reads there what was left out.
    monkeypatch.setenv("CI", "true")
    assert not lint(Paths(project)).ok


def test_a_file_that_cannot_be_read_hides_nothing_in_the_others(project: Path) -> None:
    folder = project / ".github" / "workflows"
    (folder / "broken.yml").write_text("on: push\njobs: [\n")
    whole = folder / "test.yml"
    whole.write_text(whole.read_text().replace("    timeout-minutes: 10\n", "", 1))

    found = lint(Paths(project), offline=True).data["findings"]

    assert {(one["path"].rpartition("/")[2], one["rule"]) for one in found} >= {
        ("broken.yml", "syntax"),
        ("test.yml", "refctl/timeout"),
    }
