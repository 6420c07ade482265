"""The next version of real repositories."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from refctl.core.errors import ConfigurationError
from refctl.release import preview
from tests.release.repository import Repository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def due(repository: Repository, *, prerelease: str = "", build: str = "") -> str | None:
    seen = preview.look(str(repository.folder), prerelease=prerelease, build=build)
    found = seen.next.version
    return str(found) if found else None


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (("Initial commit",), None),
        (("chore: x", "docs: y"), None),
        (("feat: x",), "0.1.0"),
        (("fix!: x",), "0.1.0"),
        (("feat: x", "v0.1.0"), None),
        (("feat: x", "v0.1.0", "docs: y"), None),
        (("feat: x", "v0.1.0", "fix: y"), "0.1.1"),
        (("feat: x", "v0.1.0", "fix: y", "feat: z", "fix: w"), "0.2.0"),
        (("feat: x", "v0.1.0", "feat!: y"), "0.2.0"),
        (("feat: x", "v1.2.3", "feat!: y"), "2.0.0"),
        (("feat: x", "v9.9.9", "feat: y"), "9.10.0"),
        # The newest is the highest, not the last.
        (("feat: x", "v2.0.0", "fix: y", "v1.9.0", "fix: z"), "2.0.1"),
        (("feat: x", "v1.9.0", "fix: y", "v1.10.0", "fix: z"), "1.10.1"),
        # Only what is strictly a version counts.
        (("fix: x", "v1.0", "v1.2.3.4", "v01.2.3", "fix: y"), "0.1.0"),
        (("feat: x", "v1.0.0+build.5", "fix: y"), "1.0.1"),
        # Pre-releases, and what comes after them.
        (("feat: x", "v1.0.0", "feat: y", "v1.1.0-rc.1"), "1.1.0"),
        (("feat: x", "v1.0.0", "feat: y", "v1.1.0-rc.1", "fix: z"), "1.1.0"),
        (("feat: x", "v1.0.0", "feat: y", "v1.1.0-rc.1", "fix!: z"), "2.0.0"),
        (("feat: x", "v1.0.0-rc.1", "fix: y"), "1.0.0"),
        # Another version that somebody asked for.
        (("feat: x", "v0.3.0", "chore: go\n\nRelease-As: 1.0.0"), "1.0.0"),
        (("feat: x", "v0.3.0", "fix: y\n\nrelease-as: v0.5.0", "feat: z"), "0.5.0"),
        (("feat: x", "v0.3.0", "fix: y\n\nRelease-As: 0.5.0", "v0.5.0", "fix: z"), "0.5.1"),
    ],
)
def test_the_next_version(
    repository: Repository, steps: tuple[str, ...], expected: str | None
) -> None:
    assert due(repository.story(*steps)) == expected


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (("feat: x",), "0.1.0-rc.1"),
        (("feat: x", "v1.0.0", "docs: y"), None),
        (("feat: x", "v1.0.0", "fix: y"), "1.0.1-rc.1"),
        (("feat: x", "v1.0.0", "fix: y", "v1.0.1-rc.1"), None),
        (("feat: x", "v1.0.0", "fix: y", "v1.0.1-rc.1", "docs: z"), None),
        (("feat: x", "v1.0.0", "fix: y", "v1.0.1-rc.1", "fix: z"), "1.0.1-rc.2"),
        (("feat: x", "v1.0.0", "fix: y", "v1.0.1-rc.1", "feat: z"), "1.1.0-rc.1"),
        (
            ("feat: x", "v1.0.0", "feat: y", "v1.1.0-rc.9", "fix: z", "v1.1.0-rc.10", "fix: a"),
            "1.1.0-rc.11",
        ),
        (("feat: x", "v1.0.0", "feat: y", "v1.1.0-rc.2", "fix!: z"), "2.0.0-rc.1"),
        (("feat: x", "v1.0.0", "feat!: y", "v2.0.0-rc.1", "feat!: z"), "2.0.0-rc.2"),
        (("feat: x", "v1.0.0", "feat: y", "v1.1.0-beta.3", "fix: z"), "1.1.0-rc.1"),
    ],
)
def test_the_next_pre_release(
    repository: Repository, steps: tuple[str, ...], expected: str | None
) -> None:
    assert due(repository.story(*steps), prerelease="rc") == expected


def test_what_was_taken_back_since_a_pre_release_does_not_lower_its_version(
    repository: Repository,
) -> None:
    repository.story("feat: x", "v1.0.0", "fix: y")
    breaking = repository.commit("feat!: z")
    repository.story("v2.0.0-rc.1", f'Revert "feat!: z"\n\nThis reverts commit {breaking}.')
    assert due(repository) == "2.0.0"
    assert due(repository, prerelease="rc") == "2.0.0-rc.2"


def test_a_pre_release_does_not_come_before_what_there_is(repository: Repository) -> None:
    repository.story("feat: x", "v1.0.0-rc.1", "fix: y")
    with pytest.raises(ConfigurationError, match=r"1\.0\.0-alpha\.1, which does not come after"):
        due(repository, prerelease="alpha")


def test_build_metadata_is_added(repository: Repository) -> None:
    assert due(repository.story("feat: x", "v1.0.0", "fix: y"), build="42") == "1.0.1+42"


def test_a_branch_has_its_channel(repository: Repository) -> None:
    repository.story("feat: x", "v1.0.0", "feat: y")
    for branch, version in {
        "next": "1.1.0",
        "beta": "1.1.0-beta.1",
        "alpha": "1.1.0-alpha.1",
        "1.x": "1.1.0",
    }.items():
        repository.git("switch", "--quiet", "--create", branch)
        found = preview.look(str(repository.folder)).next
        assert (str(found.version), found.channel.name) == (
            version,
            {"1.x": "1.x"}.get(branch, branch),
        )


def test_a_tag_of_another_branch_does_not_count(repository: Repository) -> None:
    repository.story("feat: x", "v1.0.0")
    repository.git("switch", "--quiet", "--create", "next")
    repository.story("feat!: y", "v2.0.0", "feat: z", "v2.1.0-rc.1")
    repository.git("switch", "--quiet", "main")
    repository.story("fix: w")
    assert due(repository) == "1.0.1"
    assert due(repository, prerelease="rc") == "1.0.1-rc.1"


def test_a_tag_of_something_that_is_no_commit_does_not_count(repository: Repository) -> None:
    repository.story("feat: x", "v1.0.0", "fix: y")
    blob = repository.git("hash-object", "-w", ".git/config")
    repository.git("tag", "v9.0.0", blob)
    repository.git("tag", "v9.1.0-rc.1", blob)
    assert due(repository) == "1.0.1"


def test_a_version_that_another_branch_has_is_refused(repository: Repository) -> None:
    repository.story("feat: x", "v1.0.0")
    repository.git("switch", "--quiet", "--create", "next")
    repository.story("feat: y", "v1.1.0")
    repository.git("switch", "--quiet", "main")
    repository.story("feat: z")
    with pytest.raises(ConfigurationError, match=r"v1\.1\.0 is there already") as caught:
        due(repository)
    assert "git merge v1.1.0" in caught.value.hint


def test_pre_releases_of_another_branch_keep_their_numbers(repository: Repository) -> None:
    repository.story("feat: x", "v1.0.0")
    repository.git("switch", "--quiet", "--create", "other")
    repository.story("feat: y", "v1.1.0-rc.1")
    repository.git("switch", "--quiet", "main")
    repository.story("feat: z")
    assert due(repository, prerelease="rc") == "1.1.0-rc.2"


@pytest.mark.parametrize("branch", ["1.x", "v1.x", "1.0.x"])
def test_a_maintenance_branch_keeps_to_its_series(repository: Repository, branch: str) -> None:
    repository.story("feat: x", "v1.0.0")
    repository.git("branch", branch)
    repository.story("feat!: y", "v2.0.0")
    repository.git("switch", "--quiet", branch)
    repository.story("fix: z")
    assert due(repository) == "1.0.1"
    repository.story("v1.0.1", "feat!: w")
    with pytest.raises(ConfigurationError, match=rf"{branch.removeprefix('v')} alone") as caught:
        due(repository)
    assert (caught.value.exit_code, "git revert" in caught.value.hint) == (3, True)


def test_a_minor_series_takes_no_feature(repository: Repository) -> None:
    repository.story("feat: x", "v1.0.0")
    repository.git("switch", "--quiet", "--create", "1.0.x")
    repository.story("feat: y")
    with pytest.raises(ConfigurationError, match=r"1\.0\.x releases 1\.0\.x alone.*1\.1\.0"):
        due(repository)


def test_a_series_without_a_release_is_an_error(repository: Repository) -> None:
    repository.story("feat: x", "v2.0.0")
    repository.git("switch", "--quiet", "--create", "1.x")
    with pytest.raises(ConfigurationError, match="contains no release of these"):
        due(repository)


@pytest.mark.parametrize("value", ["soon", "1.0", "v1"])
def test_a_release_as_that_is_no_version_is_an_error(repository: Repository, value: str) -> None:
    repository.story("feat: x", "v1.0.0", f"chore: x\n\nRelease-As: {value}")
    with pytest.raises(ConfigurationError, match=f"Release-As: {value}: not a version"):
        due(repository)


def test_a_pre_release_that_was_asked_for_is_asked_for_once(repository: Repository) -> None:
    repository.story("feat: x", "v1.0.0", "fix: x\n\nRelease-As: 2.0.0-rc.1")
    assert due(repository) == "2.0.0-rc.1"
    repository.story("v2.0.0-rc.1", "fix: y")
    assert due(repository, prerelease="rc") == "2.0.0-rc.2"
    assert due(repository) == "2.0.0"


def test_a_release_as_cannot_go_back(repository: Repository) -> None:
    repository.story("feat: x", "v1.0.0", "fix: x\n\nRelease-As: 0.9.0")
    with pytest.raises(ConfigurationError, match="does not come after"):
        due(repository)


def test_a_shallow_clone_is_an_error_with_its_fix(repository: Repository, tmp_path: Path) -> None:
    repository.story("feat: x", "v1.0.0", "fix: y")
    repository.git(
        "clone", "--quiet", "--depth=1", f"file://{repository.folder}", str(tmp_path / "c")
    )
    with pytest.raises(ConfigurationError, match="shallow clone") as caught:
        preview.look(str(tmp_path / "c"))
    assert "git fetch --unshallow" in caught.value.hint


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away: run it as root")
def test_a_repository_of_another_user_is_an_error_with_its_fix(repository: Repository) -> None:
    repository.story("feat: x")
    os.chown(repository.folder, 12345, 12345)
    os.chown(repository.folder / ".git", 12345, 12345)
    with pytest.raises(ConfigurationError, match="belongs to another user") as caught:
        preview.look(str(repository.folder))
    assert "safe.directory" in caught.value.hint


def test_no_repository_and_no_commit_are_errors(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="not in a git repository"):
        preview.look(str(tmp_path))
    with pytest.raises(ConfigurationError, match="no commit yet"):
        preview.look(str(Repository(tmp_path / "empty").folder))


def test_the_configuration_is_that_of_the_repository_and_none_above_it(tmp_path: Path) -> None:
    (tmp_path / "refctl.toml").write_text('[release]\ninitial_version = "7.0.0"\n')
    repository = Repository(tmp_path / "repository").story("feat: x")
    assert due(repository) == "0.1.0"
    (repository.folder / "refctl.toml").write_text(
        '[release]\ninitial_version = "3.0.0"\ntag_format = "shop-{version}"\n'
        '[release.types]\ndocs = "patch"\n'
    )
    assert due(repository) == "3.0.0"
    repository.story("v9.0.0")
    repository.tag("shop-1.0.0")
    repository.story("docs: y")
    found = preview.look(str(repository.folder)).next
    assert (str(found.version), found.tag) == ("1.0.1", "shop-1.0.1")


def test_a_detached_head_and_an_unknown_branch_are_remarked(repository: Repository) -> None:
    repository.story("feat: x")
    repository.git("switch", "--quiet", "--create", "some/feature")
    assert (
        "some/feature is none of the branches"
        in preview.look(str(repository.folder)).next.remarks[0]
    )
    repository.git("switch", "--quiet", "--detach")
    assert "HEAD is not on a branch" in preview.look(str(repository.folder)).next.remarks[0]
    assert due(repository) == "0.1.0"
