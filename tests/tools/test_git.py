import subprocess
from pathlib import Path

import pytest

from refctl.core.errors import ConfigurationError
from refctl.tools import git


def run(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a project below the top of its repository, with a branch that has left main."""
    run(tmp_path, "init", "--quiet", "--initial-branch=main")
    root = tmp_path / "project"
    root.mkdir()
    for name in ("kept.py", "gone.py", "old name.py"):
        (root / name).write_text(f"# {name}\n" * 9)
    (root / ".gitignore").write_text("*.log\n")
    (tmp_path / "outside.py").write_text("")
    run(tmp_path, "add", "--all")
    run(tmp_path, "commit", "--message=feat: begin")
    run(tmp_path, "switch", "--quiet", "--create=work")
    return root


def test_files_are_tracked_or_new_and_not_ignored(project: Path) -> None:
    (project / "new.py").write_text("")
    (project / "noise.log").write_text("")
    (project / "gone.py").unlink()
    assert git.files(project) == (".gitignore", "kept.py", "new.py", "old name.py")


def test_changes_are_counted_from_where_the_branch_left_the_default_one(project: Path) -> None:
    assert git.changes(project).files == ()
    assert git.changes(project).since.startswith("main (")
    (project / "kept.py").write_text("changed")
    run(project, "commit", "--all", "--message=fix: x")
    run(project, "mv", "old name.py", "näme.py")
    (project / "gone.py").unlink()
    (project / "new.py").write_text("")
    (project.parent / "outside.py").write_text("changed")
    found = git.changes(project).files
    assert found == ("gone.py", "kept.py", "new.py", "näme.py", "old name.py")
    assert git.staged(project) == {"old name.py", "näme.py"}


def test_what_the_default_branch_got_since_does_not_count(project: Path) -> None:
    run(project, "switch", "--quiet", "main")
    (project / "kept.py").write_text("changed on main")
    run(project, "commit", "--all", "--message=fix: x")
    run(project, "switch", "--quiet", "work")
    assert git.changes(project).files == ()


def test_before_the_first_commit_everything_is_new(tmp_path: Path) -> None:
    run(tmp_path, "init", "--quiet")
    (tmp_path / "a").write_text("")
    assert git.changes(tmp_path) == git.Changes("the beginning", ("a",))


def test_a_branch_of_another_name_is_found_through_the_remote(project: Path) -> None:
    top = project.parent
    run(top, "switch", "--quiet", "main")
    run(top, "branch", "--move", "trunk")
    run(top, "clone", "--quiet", str(top), str(top / "clone"))
    clone = top / "clone"
    run(clone, "switch", "--quiet", "--create=other")
    (clone / "new").write_text("")
    found = git.changes(clone)
    assert (found.files, found.since.split()[0]) == (("new",), "origin/trunk")


def test_without_the_default_branch_the_error_says_how_to_get_it(project: Path) -> None:
    run(project, "branch", "--move", "main", "trunk")
    with pytest.raises(ConfigurationError, match="default branch is not in this checkout"):
        git.changes(project)


def test_without_a_repository_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="not in a git repository"):
        git.files(tmp_path)
    with pytest.raises(ConfigurationError, match="not in a git repository"):
        git.hooks(tmp_path)


def test_below_the_top_a_hook_of_a_linked_work_tree_sees_its_own_names(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = project.parent
    run(project, "worktree", "add", "--quiet", "-b", "linked", str(top / "other"))
    other = top / "other" / "project"
    (other / "kept.py").write_text("changed")
    run(other, "add", "kept.py")
    # What git 2.39 sets there; 'git commit FILE' names an index of its own.
    private = top / ".git" / "worktrees" / "other"
    monkeypatch.setenv("GIT_DIR", str(private))
    monkeypatch.setenv("GIT_PREFIX", "")
    monkeypatch.setenv("GIT_INDEX_FILE", str((private / "index").rename(private / "next.lock")))
    assert git.files(other) == (".gitignore", "gone.py", "kept.py", "old name.py")
    assert git.staged(other) == {"kept.py"}
    assert git.prefix(other) == "project/"


def test_an_index_is_named_from_the_top(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "kept.py").write_text("changed")
    run(project, "add", "kept.py")
    (project.parent / ".git" / "index").rename(project.parent / ".git" / "next.lock")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next.lock")
    assert git.staged(project) == {"kept.py"}


def test_a_shell_script_needs_no_ending(project: Path) -> None:
    texts = {"run": "#!/usr/bin/env bash\n", "use": "#!/usr/bin/env python3\n", "x.py": "#!/bin/sh"}
    for name, text in texts.items():
        (project / name).write_text(text)
    assert git.scripts(project, tuple(texts)) == {"run"}


def test_hooks_are_where_git_looks_for_them(project: Path) -> None:
    top = project.parent
    assert git.hooks(project) == top / ".git" / "hooks"
    assert git.prefix(project) == "project/"
    run(project, "worktree", "add", "--quiet", str(top / "other"))
    other = top / "other" / "project"
    # Work trees share one folder of hooks.
    assert git.hooks(other) == top / ".git" / "hooks"
    assert git.owned(other) == (top / "other", top / ".git")
    run(project, "config", "core.hooksPath", "tools/hooks")
    assert git.hooks(project) == top / "tools" / "hooks"
