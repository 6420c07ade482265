"""`refctl release` against a real bare remote: whole, refused, killed, and twice at once."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from refctl.core.errors import ConfigurationError, RefctlError, RemoteRefusedError
from refctl.tools import refs
from tests.release.host import FileHost
from tests.release.world import CONFIGURATION, StopError, World, once

if TYPE_CHECKING:
    from pathlib import Path

STEPS = (
    *("commit", "tag", "push", "forward", "draft"),
    *("upload shop.txt", "upload SHA256SUMS", "publish", "start docker.yml"),
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_release_is_stamped_committed_tagged_pushed_and_published(world: World) -> None:
    result = world.release()
    assert result.data["version"] == "0.1.0"
    world.must_be_released("v0.1.0")
    assert world.release().lines == ("nothing is due after v0.1.0",)
    world.clone.commit("fix: more")
    world.push()
    world.release()
    world.must_be_released("v0.1.0", "v0.1.1")
    text = (world.clone.folder / "pyproject.toml").read_text()
    assert text == ('# ours\n[project]\nname = "shop"  # the name\nversion = "0.1.1"  # stamped\n')


@pytest.mark.parametrize("step", STEPS)
def test_what_ended_before_a_step_is_finished_by_the_next_run(world: World, step: str) -> None:
    with pytest.raises(StopError):
        world.release(stop=step)
    world.release()
    world.must_be_released("v0.1.0")
    assert world.release().lines == ("nothing is due after v0.1.0",)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["create", "upload", "publish", "start"])
def test_what_the_host_refused_or_did_not_answer_is_finished_by_the_next_run(
    world: World, call: str, when: str
) -> None:
    with pytest.raises(RemoteRefusedError) as caught:
        world.release(FileHost(world.host, call, when))
    assert caught.value.exit_code == 6
    assert world.remote("tag", "--list") == "v0.1.0"
    world.release()
    world.must_be_released("v0.1.0")


@pytest.mark.parametrize(
    ("hook", "words"),
    [
        ("echo 'GH006: Protected branch update failed' >&2; exit 1", "pull-request"),
        ("exit 1", "nothing was published"),
    ],
)
def test_a_refused_push_leaves_nothing_behind(world: World, hook: str, words: str) -> None:
    script = world.bare / "hooks" / "pre-receive"
    script.write_text(f"#!/bin/sh\n{hook}\n")
    script.chmod(0o755)
    before = world.clone.git("rev-parse", "HEAD")
    with pytest.raises(RemoteRefusedError) as caught:
        world.release()
    assert words in caught.value.hint
    assert world.clone.git("rev-parse", "HEAD") == before
    assert world.clone.git("tag", "--list") == world.remote("tag", "--list") == ""
    assert world.clone.git("status", "--porcelain") == ""
    script.unlink()
    world.release()
    world.must_be_released("v0.1.0")


def test_a_host_that_does_not_know_us_is_asked_again_by_the_next_run(world: World) -> None:
    with pytest.raises(RemoteRefusedError, match="401"):
        world.release(FileHost(world.host, "find"))
    world.release()
    world.must_be_released("v0.1.0")


def test_a_push_whose_answer_is_lost_is_finished_by_the_next_run(world: World) -> None:
    script = world.bare / "hooks" / "post-receive"
    script.write_text("#!/bin/sh\nkill -9 $PPID\n")
    script.chmod(0o755)
    with pytest.raises(RemoteRefusedError) as caught:
        world.release()
    assert "run it again, to go on from there" in caught.value.hint
    assert world.remote("tag", "--list") == "v0.1.0"
    script.unlink()
    world.release()
    world.must_be_released("v0.1.0")


def test_a_remote_that_is_not_reached_leaves_everything_as_it_was(world: World) -> None:
    away = world.bare.rename(world.folder / "away.git")
    with pytest.raises(RemoteRefusedError, match="origin did not say what it has"):
        world.release()
    assert world.clone.git("tag", "--list") == ""
    away.rename(world.bare)
    world.release()
    world.must_be_released("v0.1.0")


@pytest.mark.parametrize("step", ["push", "forward", "publish"])
def test_what_was_killed_is_finished_by_the_next_run(world: World, step: str) -> None:
    process = once(world.clone.folder, world.host, step)
    process.communicate(timeout=60)
    assert process.returncode == -9
    world.release()
    world.must_be_released("v0.1.0")


@pytest.mark.parametrize("alike", [False, True], ids=["by two people", "by one, in one second"])
def test_of_two_releases_at_once_one_wins_and_the_other_says_what_to_do(
    world: World, *, alike: bool
) -> None:
    folders = (world.clone.folder, world.folder / "other")
    world.git(world.folder, "clone", "--quiet", str(world.bare), str(folders[1]))
    (folders[1] / "dist").mkdir()
    (folders[1] / "dist" / "shop.txt").write_text("the shop\n")
    gate = world.folder / "gate"
    racing = {}
    for folder in folders:
        name = "Ada" if alike else folder.name
        when = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "1750000000 +0000")
        env = {**when, "GIT_AUTHOR_NAME": name, "GIT_COMMITTER_NAME": name}
        racing[folder] = once(folder, world.host, f"push:{gate}", **env)
    deadline = time.monotonic() + 60
    while len(list(world.folder.glob("gate.*"))) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    gate.touch()
    said = {folder: process.communicate(timeout=60)[1] for folder, process in racing.items()}
    codes = {folder: process.returncode for folder, process in racing.items()}
    assert sorted(codes.values()) == [0, 6], said
    assert world.remote("tag", "--list") == "v0.1.0"
    assert len(world.remote("log", "--format=%H", "--grep=^chore(release)", "main").split()) == 1
    loser = max(codes, key=lambda folder: codes[folder])
    if alike:
        assert "run it again, to go on from there" in said[loser]
    else:
        assert "git pull --ff-only --tags" in said[loser]
        assert world.git(loser, "tag", "--list") == ""
        world.git(loser, "pull", "--quiet", "--ff-only", "--tags")
    again = once(loser, world.host, "none")
    assert (again.communicate(timeout=60)[1], again.returncode) == ("", 0)
    assert world.git(loser, "rev-parse", "HEAD") == world.remote("rev-parse", "main")
    assert world.remote("tag", "--list") == "v0.1.0"
    state = FileHost(world.host).state()
    assert list(state["releases"]) == ["v0.1.0"]
    assert state["runs"] == [["docker.yml", "v0.1.0"]]


def refusal(world: World, **options: Any) -> RefctlError:
    with pytest.raises(RefctlError) as caught:
        world.release(**options)
    assert world.remote("tag", "--list") == ""
    return caught.value


def test_what_is_not_committed_is_not_released(world: World) -> None:
    (world.clone.folder / "pyproject.toml").write_text("changed")
    error = refusal(world)
    assert "not all is committed: pyproject.toml" in error.message
    assert (error.exit_code, "git commit" in error.hint) == (3, True)


def test_what_is_not_pushed_is_not_released(world: World) -> None:
    world.clone.commit("feat: here alone")
    error = refusal(world)
    assert "commits that origin has not" in error.message
    assert "git push origin main" in error.hint


def test_a_checkout_that_is_behind_is_not_released_from(world: World) -> None:
    world.clone.commit("feat: on the remote")
    world.push()
    world.clone.git("reset", "--quiet", "--hard", "HEAD^")
    assert "git pull --ff-only --tags" in refusal(world).hint


def test_no_remote_and_no_branch_there_are_errors_with_their_fix(world: World) -> None:
    world.clone.git("switch", "--quiet", "--create", "next")
    assert "git push --set-upstream origin next" in refusal(world).hint
    world.clone.git("remote", "remove", "origin")
    assert "--no-push" in refusal(world).hint


def test_a_branch_that_is_no_channel_is_not_released_from(world: World) -> None:
    world.clone.git("switch", "--quiet", "--create", "some/feature")
    assert "some/feature is none of the branches" in refusal(world).message


def test_a_tag_that_only_the_remote_has_is_not_made_again(world: World) -> None:
    world.clone.commit("docs: elsewhere")
    world.clone.tag("v0.1.0")
    world.clone.git("push", "--quiet", "origin", "v0.1.0")
    world.clone.git("tag", "--delete", "v0.1.0")
    world.clone.git("reset", "--quiet", "--hard", "HEAD^")
    with pytest.raises(ConfigurationError, match=r"origin has v0\.1\.0 already"):
        world.release()


def test_missing_files_are_found_before_anything_is_made(world: World) -> None:
    (world.clone.folder / "dist" / "shop.txt").unlink()
    assert "dist/*.txt matches no file" in refusal(world).message
    assert world.clone.git("tag", "--list") == ""


def test_a_file_that_git_does_not_know_is_not_written_over(world: World) -> None:
    (world.clone.folder / "CHANGELOG.md").write_text("by hand, not added")
    assert "CHANGELOG.md is here and not in git" in refusal(world).message
    assert (world.clone.folder / "CHANGELOG.md").read_text() == "by hand, not added"


def test_a_tag_that_is_elsewhere_on_the_remote_is_an_error(world: World) -> None:
    world.release()
    world.clone.git("tag", "--force", "--annotate", "v0.1.0", "--message", "x", "HEAD^")
    world.clone.git("push", "--quiet", "--force", "origin", "v0.1.0")
    world.clone.git("tag", "--force", "--annotate", "v0.1.0", "--message", "x", "HEAD")
    with pytest.raises(ConfigurationError, match=r"here, and on .* at origin"):
        world.release()


def test_what_is_published_needs_its_files_no_more(world: World) -> None:
    world.release()
    (world.clone.folder / "dist" / "shop.txt").unlink()
    assert world.release().lines == ("nothing is due after v0.1.0",)


def test_without_a_push_it_ends_here(world: World) -> None:
    world.release(push=False)
    assert world.clone.git("tag", "--list") == "v0.1.0"
    assert world.remote("tag", "--list") == ""
    assert FileHost(world.host).state()["releases"] == {}
    # Pushed by hand, the tag forgotten: the next run goes on from there.
    world.push()
    world.release()
    world.must_be_released("v0.1.0")


def test_without_a_push_what_is_out_is_not_made_again(world: World) -> None:
    world.release()
    world.clone.git("fetch", "--quiet", "origin")
    world.clone.git("reset", "--hard", "--quiet", "HEAD~1")
    at = world.clone.git("rev-parse", "v0.1.0^{commit}")
    with pytest.raises(ConfigurationError) as caught:
        world.release(push=False)
    assert "git merge --ff-only v0.1.0" in caught.value.hint
    assert world.clone.git("rev-parse", "v0.1.0^{commit}") == at
    world.clone.git("merge", "--ff-only", "--quiet", "v0.1.0")
    assert world.release().lines == ("nothing is due after v0.1.0",)


def test_a_tag_of_an_earlier_run_stays_when_its_push_is_refused(world: World) -> None:
    world.release(push=False)
    world.push()
    script = world.bare / "hooks" / "pre-receive"
    script.write_text("#!/bin/sh\necho no tags today >&2\nexit 1\n")
    script.chmod(0o755)
    with pytest.raises(RemoteRefusedError):
        world.release()
    assert world.clone.git("tag", "--list") == "v0.1.0"
    script.unlink()
    world.release()
    world.must_be_released("v0.1.0")


def test_what_is_proposed_is_not_made_without_a_push(world: World) -> None:
    marker = world.clone.folder / "refctl.toml"
    marker.write_text(
        marker.read_text().replace("[release]", '[release]\nmode = "pull-request"', 1)
    )
    world.clone.git("commit", "--quiet", "--all", "--message", "chore: propose")
    world.push()
    with pytest.raises(ConfigurationError, match="proposed here"):
        world.release(push=False)
    assert world.remote("branch", "--list", "release/*") == ""


@pytest.mark.parametrize("last", ["\r\n", "\n"])
def test_a_changelog_keeps_its_line_endings(world: World, last: str) -> None:
    path = world.clone.folder / "CHANGELOG.md"
    path.write_bytes(f"# Changes\r\n\r\n## 0.0.1\r\n\r\n- old{last}".encode())
    world.clone.commit("docs: say what changed")
    world.release(push=False)
    text = path.read_bytes()
    assert b"- begin" in text
    assert (text.count(b"\n") == text.count(b"\r\n")) == (last == "\r\n")
    assert "\r" not in world.clone.git("for-each-ref", "--format=%(contents)", "refs/tags/v0.1.0")
    assert world.clone.git("diff", "--numstat", "HEAD^", "--", "CHANGELOG.md").split()[1] == "0"


def test_a_changelog_that_is_no_utf_8_is_an_error(world: World) -> None:
    (world.clone.folder / "CHANGELOG.md").write_bytes("# Größer\n".encode("latin-1"))
    world.clone.commit("docs: say what changed")
    assert "CHANGELOG.md: not text in UTF-8" in refusal(world, push=False).message


def test_a_stamped_file_of_a_project_below_the_top_keeps_its_mode(world: World) -> None:
    project = world.clone.folder / "shop"
    project.mkdir()
    (project / "run").write_text("version = 0.0.0\n")
    (project / "run").chmod(0o755)
    world.clone.commit("feat: run")
    made = refs.commit(
        project,
        world.clone.git("rev-parse", "HEAD"),
        {"shop/run": "version = 0.1.0\n"},
        "chore(release): 0.1.0",
    )
    assert world.clone.git("ls-tree", made, "shop/run").startswith("100755 ")


def test_a_pre_release_is_published_as_one(world: World) -> None:
    world.release(prerelease="rc")
    state = FileHost(world.host).state()
    assert state["releases"]["v0.1.0-rc.1"]["prerelease"]
    world.release()
    assert sorted(FileHost(world.host).state()["releases"]) == ["v0.1.0", "v0.1.0-rc.1"]


def test_on_a_protected_branch_the_release_is_proposed_and_tagged_once_merged(
    tmp_path: Path,
) -> None:
    world = World(
        tmp_path, CONFIGURATION.replace("[release]", '[release]\nmode = "pull-request"', 1)
    )
    world.release()
    proposed = FileHost(world.host).state()["proposals"]["release/main"]
    assert (proposed["base"], proposed["title"]) == ("main", "chore(release): 0.1.0")
    assert "- begin" in proposed["body"]
    assert world.remote("tag", "--list") == ""
    first = world.remote("rev-parse", "release/main")
    world.release()
    assert world.remote("rev-parse", "release/main") == first
    # Updated as commits come.
    world.clone.commit("feat: more")
    world.push()
    world.release()
    assert world.remote("rev-parse", "release/main^") == world.remote("rev-parse", "main")
    assert "- more" in FileHost(world.host).state()["proposals"]["release/main"]["body"]
    # What somebody adds to it by hand is not written over.
    world.clone.git("fetch", "--quiet", "origin", "release/main")
    world.clone.git("switch", "--quiet", "--detach", "FETCH_HEAD")
    edited = world.clone.commit("docs: say it better")
    world.clone.git("push", "--quiet", "origin", "HEAD:refs/heads/release/main")
    world.clone.git("switch", "--quiet", "main")
    with pytest.raises(ConfigurationError, match="a commit of somebody else: docs: say it better"):
        world.release()
    assert world.remote("rev-parse", "release/main") == edited
    # The host squashes it into the branch, with the number in its title.
    world.clone.git("fetch", "--quiet", "origin", "release/main")
    world.clone.git("merge", "--quiet", "--squash", "FETCH_HEAD")
    world.clone.git("commit", "--quiet", "--message", "chore(release): 0.1.0 (#1)")
    merged = world.clone.git("rev-parse", "HEAD")
    world.push()
    with pytest.raises(StopError):
        world.release(stop="push")
    assert world.remote("tag", "--list") == ""
    result = world.release()
    assert world.remote("rev-parse", "v0.1.0^{commit}") == merged
    assert FileHost(world.host).state()["releases"]["v0.1.0"]["draft"] is False
    assert result.data["version"] is None
    assert world.release().lines == ("nothing is due after v0.1.0",)


def test_the_journal_says_which_step_was_under_way(world: World) -> None:
    with pytest.raises(StopError):
        world.release(stop="forward")
    (file,) = (world.folder / "journal").iterdir()
    steps = [json.loads(line)["step"] for line in file.read_text().splitlines()]
    assert steps == ["commit", "tag", "push", "forward"]
