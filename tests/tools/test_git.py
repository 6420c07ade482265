import subprocess
from pathlib import Path

import pytest

from refctl.core.errors import ConfigurationError
from refctl.tools.git import changes


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--initial-branch", "main")
    for name in ("kept", "moved", "dropped", "edited"):
        (tmp_path / name).write_text(f"{name}\n" * 9)
    (tmp_path / ".gitignore").write_text("ignored\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    return tmp_path


def test_what_is_committed_staged_edited_and_new_counts_and_what_is_ignored_does_not(
    checkout: Path,
) -> None:
    git(checkout, "switch", "-c", "work")
    git(checkout, "mv", "moved", "to here")
    git(checkout, "commit", "-m", "move")
    (checkout / "dropped").unlink()
    git(checkout, "add", ".")
    (checkout / "edited").write_text("other")
    (checkout / "neu ä").write_text("")
    (checkout / "ignored").write_text("")
    # What others did meanwhile is not this work's.
    git(checkout, "stash", "--include-untracked")
    git(checkout, "switch", "main")
    (checkout / "theirs").write_text("")
    git(checkout, "add", ".")
    git(checkout, "commit", "-m", "theirs")
    git(checkout, "switch", "work")
    git(checkout, "stash", "pop", "--index")
    found = changes(checkout)
    assert found.files == ("dropped", "edited", "moved", "neu ä", "to here")
    assert found.since.startswith("main (")


def test_a_project_below_the_top_of_its_checkout_sees_its_own_files(checkout: Path) -> None:
    project = checkout / "project"
    project.mkdir()
    (project / "new").write_text("")
    (checkout / "kept").write_text("changed")
    assert changes(project).files == ("new",)


def test_a_branch_of_another_name_is_found_through_the_remote(checkout: Path) -> None:
    git(checkout, "branch", "--move", "trunk")
    clone = checkout / "clone"
    git(checkout, "clone", "--origin", "origin", str(checkout), str(clone))
    git(clone, "switch", "-c", "work")
    (clone / "new").write_text("")
    found = changes(clone)
    assert (found.files, found.since.split()[0]) == (("new",), "origin/trunk")


def test_without_git_or_a_default_branch_it_says_what_to_do(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "branch", "--move", "trunk")
    with pytest.raises(ConfigurationError, match="default branch is not in this checkout"):
        changes(checkout)
    (tmp_path / ".git").rename(tmp_path / "gone")
    with pytest.raises(ConfigurationError, match="is no git checkout"):
        changes(tmp_path)
