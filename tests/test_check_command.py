"""`refctl check` and git's hooks for real, in a small project."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REFCTL = str(Path(sys.executable).with_name("refctl"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "refctl.toml").write_text("")
    (tmp_path / "pyproject.toml").write_text('[tool.ruff.lint]\nselect = ["F401"]\n')
    (tmp_path / ".gitignore").write_text("/.refctl/\n.ruff_cache/\n")
    (tmp_path / "old.py").write_text("import os\nx=1\n")
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--message=feat: begin")
    return tmp_path


def run(folder: Path, *argv: str, **env: str) -> subprocess.CompletedProcess[str]:
    # Only the tools of refctl's own environment: the hook finds refctl there, too.
    path = os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"])
    # A commit needs an author; the caller may be inside a hook itself.
    around = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    # A developer's machine: in CI a check whose tool is missing fails.
    around.pop("CI", None)
    for who in ("AUTHOR", "COMMITTER"):
        around |= {f"GIT_{who}_NAME": "a", f"GIT_{who}_EMAIL": "a@example.com"}
    return subprocess.run(
        argv,
        cwd=folder,
        env={**around, "PATH": path, **env},
        capture_output=True,
        check=False,
        text=True,
    )


def git(folder: Path, *arguments: str) -> str:
    said = run(folder, "git", *arguments)
    assert said.returncode == 0, said.stderr
    return said.stdout


def check(project: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return run(project, REFCTL, "check", *arguments, **env)


def answer(project: Path, *arguments: str) -> dict[str, Any]:
    return dict(json.loads(check(project, *arguments, "--json").stdout)["data"])


def test_a_failing_check_exits_1_with_a_table_and_all_that_it_said(project: Path) -> None:
    said = check(project, "ruff", "format", "links")
    assert said.returncode == 1, said.stderr
    assert "refctl-ruff    failed  1" in said.stdout
    assert "  old.py:1:8: `os` imported but unused  [F401]\n" in said.stdout
    assert "nothing here for: backend-ruff, backend-format, links\n" in said.stdout
    assert said.stdout.endswith("0 passed, 2 failed, 0 skipped\n")


def test_fixers_go_first_and_one_after_another(project: Path) -> None:
    said = check(project, "ruff", "format", "--fix")
    assert said.returncode == 0, said.stdout
    assert (project / "old.py").read_text() == "x = 1\n"


def test_changed_looks_only_at_what_this_branch_changed(project: Path) -> None:
    git(project, "switch", "--quiet", "--create=work")
    assert answer(project, "ruff", "--changed")["checks"] == []
    (project / "new.py").write_text("import sys\n")
    data = answer(project, "ruff", "--changed")
    assert [finding["path"] for finding in data["checks"][0]["findings"]] == ["new.py"]
    assert answer(project, "ruff", "--staged")["checks"] == []
    git(project, "add", "new.py")
    (one,) = answer(project, "ruff", "--staged")["checks"]
    assert (one["status"], one["findings"][0]["rule"]) == ("failed", "F401")


def test_a_missing_tool_is_a_named_skip_and_in_ci_a_failure(project: Path) -> None:
    (project / "run.sh").write_text("#!/bin/sh\necho\n")
    said = check(project, "shellcheck", "--json", CI="")
    (one,) = json.loads(said.stdout)["data"]["checks"]
    note = "shellcheck is not here: put it on PATH, or into the group check of pyproject.toml"
    assert (said.returncode, one["status"], one["note"]) == (0, "skipped", note)
    # Nobody reads a skip there.
    said = check(project, "shellcheck", CI="true")
    assert said.returncode == 1
    assert "0 passed, 1 failed, 0 skipped" in said.stdout
    assert note in said.stdout


def test_sarif_has_a_run_for_each_check_that_looked(project: Path) -> None:
    check(project, "ruff", "syntax", "--sarif", "log.sarif")
    log = json.loads((project / "log.sarif").read_text())
    names = [run["tool"]["driver"]["name"] for run in log["runs"]]
    assert names == ["refctl-ruff", "syntax"]
    assert log["runs"][0]["results"][0]["ruleId"] == "F401"


def test_a_dry_run_shows_the_commands(project: Path) -> None:
    said = check(project, "refctl-format", "--fix", "--dry-run")
    assert [line.partition("ruff ")[2] for line in said.stdout.splitlines()] == [
        "format --quiet old.py",
        "format --check --output-format=concise old.py",
    ]
    assert (project / "old.py").read_text() == "import os\nx=1\n"


def test_wrong_names_and_choices_are_usage_errors(project: Path) -> None:
    assert check(project, "nonsense").returncode == 2
    assert check(project, "--changed", "--staged").returncode == 2
    assert check(project, "--sarif", str(project)).returncode == 2
    listed = check(project, "--list")
    assert "secrets" in listed.stdout


def test_hooks_block_a_bad_commit_and_let_a_good_one_pass(project: Path) -> None:
    planned = run(project, REFCTL, "hooks", "install", "--dry-run").stdout
    assert "write " in planned
    assert "remove" not in planned
    said = run(project, REFCTL, "hooks", "install")
    assert said.returncode == 0, said.stderr
    (project / "data.json").write_text("{")
    git(project, "add", "data.json")
    blocked = run(project, "git", "commit", "--message=fix: data")
    assert blocked.returncode != 0
    assert "data.json:1:2:" in blocked.stderr + blocked.stdout
    (project / "data.json").write_text("{}\n")
    git(project, "add", "data.json")
    blocked = run(project, "git", "commit", "--message=Data")
    assert blocked.returncode != 0
    assert "'Data' is not a Conventional Commit" in blocked.stderr
    kept = run(project, "git", "commit", "--file=.git/COMMIT_EDITMSG")
    assert "is not a Conventional Commit" in kept.stderr
    git(project, "commit", "--message=fix: data")
    assert git(project, "log", "--format=%s").splitlines() == ["fix: data", "feat: begin"]
    assert "hooks are in place" in run(project, REFCTL, "hooks", "install").stdout
    assert "Remove the commit-msg hook" in run(project, REFCTL, "hooks", "uninstall").stdout
    git(project, "commit", "--allow-empty", "--message=Anything")


def test_hooks_of_a_project_below_the_top_block_in_a_linked_work_tree(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    top = tmp_path_factory.mktemp("top")
    shutil.copytree(project, top / "sub", ignore=shutil.ignore_patterns(".git"))
    git(top, "init", "--quiet", "--initial-branch=main")
    git(top, "add", "--all")
    git(top, "commit", "--message=feat: begin")
    assert run(top / "sub", REFCTL, "hooks", "install").returncode == 0
    linked = tmp_path_factory.mktemp("linked") / "tree"
    git(top, "worktree", "add", "--quiet", "-b", "linked", str(linked))
    bad = linked / "sub" / "data.json"
    bad.write_text("{")
    git(linked, "add", "--all")
    for how in ((), ("--all",), ("sub/data.json",)):
        blocked = run(linked, "git", "commit", "--message=fix: data", *how)
        assert blocked.returncode != 0, how
        assert "data.json:1:2:" in blocked.stderr + blocked.stdout
    bad.write_text("{}\n")
    git(linked, "commit", "--all", "--message=fix: data")


def test_a_hook_of_somebody_else_stays(project: Path) -> None:
    hook = project / ".git" / "hooks" / "commit-msg"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\n")
    said = run(project, REFCTL, "hooks", "install")
    assert said.returncode == 3
    assert 'hint: call refctl from it: .venv/bin/refctl hooks run commit-msg "$@"' in said.stderr
    assert not hook.with_name("pre-commit").exists()
    assert "no hook of refctl's is here" in run(project, REFCTL, "hooks", "uninstall").stdout
    assert hook.read_text() == "#!/bin/sh\n"


def test_hooks_go_where_the_repository_says_unless_others_share_it(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    git(project, "config", "core.hooksPath", "tools/hooks")
    assert run(project, REFCTL, "hooks", "install").returncode == 0
    assert os.access(project / "tools" / "hooks" / "pre-commit", os.X_OK)
    shared = tmp_path_factory.mktemp("shared")
    git(project, "config", "core.hooksPath", str(shared))
    said = run(project, REFCTL, "hooks", "install")
    assert said.returncode == 3
    assert "which other repositories share" in said.stderr
    assert list(shared.iterdir()) == []


def test_the_hook_of_a_message_needs_its_file(project: Path) -> None:
    said = run(project, REFCTL, "hooks", "run", "commit-msg")
    assert said.returncode == 2
    said = run(project, REFCTL, "hooks", "run", "commit-msg", "absent")
    assert (said.returncode, "absent: No such file" in said.stderr) == (3, True)
