"""The failure matrix: each boundary of a release, and each way that it fails there.

After every one of them the next `refctl release` finishes, or says exactly what to do: never two
versions, never a tag without its notes. Git's part is a real bare remote, GitHub's part a server
that refuses as GitHub does, and what is killed is a process that gets SIGKILL.
"""

from __future__ import annotations

import os
import shutil
import signal
import time
from typing import TYPE_CHECKING

import pytest

from refctl.core.errors import RefctlError
from tests.github.server import Fault, GitHub
from tests.release.hub import HUB, PROPOSING, Hub
from tests.release.world import StopError, World, once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from tests.github.messages import Request

    Make = Callable[[str], Hub]

SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes."
LATER = {"Retry-After": "3600"}
FAULTS = {
    "401": Fault(401, {"message": "Bad credentials"}),
    "403": Fault(403, {"message": "Resource not accessible by integration"}),
    "422": Fault(422, {"message": "Validation Failed", "errors": [{"code": "invalid"}]}),
    "429": Fault(429, {"message": "Too many requests"}, LATER),
    "secondary limit": Fault(403, {"message": SECONDARY}, LATER),
    "500": Fault(500, {"message": "Server Error"}),
    "network gone before": Fault(0, drop=True),
    "network gone after": Fault(0, drop=True, after=True),
}
FAILURES = (*FAULTS, "killed")
RELEASE = {
    "see the repository": ("GET", r"/octo/app\?"),
    "find the release": ("GET", r"/releases/tags/"),
    "find the draft": ("GET", r"/releases\?"),
    "create the draft": ("POST", r"/releases\?"),
    "upload a file": ("POST", r"/assets\?shop.txt"),
    "upload the sums": ("POST", r"/assets\?SHA256SUMS"),
    "publish": ("PATCH", r"/releases/\d+\?"),
    "look for runs": ("GET", r"/runs\?"),
    "start the workflow": ("POST", r"/dispatches\?"),
}
RESUMED = {
    "list the files": ("GET", r"/assets\?"),
    "remove half a file": ("DELETE", r"/assets/\d+\?"),
}
PULL = {
    "find the pull request": ("GET", r"/pulls\?"),
    "open the pull request": ("POST", r"/pulls\?"),
    "update the pull request": ("PATCH", r"/pulls/\d+\?"),
}
FULL = "REFCTL_FULL_MATRIX"
"""The variable by which every cell is run: docs/contributing/releasing.md."""
SHARE = 4


def cells(calls: Iterable[str]) -> list[tuple[str, str]]:
    """Return the cells to run: all, or so many that each call and each failure is among them."""
    share = 1 if os.environ.get(FULL) else SHARE
    return [
        (call, failure)
        for row, call in enumerate(calls)
        for column, failure in enumerate(FAILURES)
        if (row + column) % share == 0
    ]


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Make each kind of world once; copies of it are quick."""
    made = {}
    for name, configuration in (("begun", HUB), ("pushed", HUB), ("proposing", PROPOSING)):
        made[name] = tmp_path_factory.mktemp(name) / "world"
        made[name].mkdir()
        world = World(made[name], configuration)
        if name == "pushed":
            with pytest.raises(StopError):
                world.release(stop="draft")
    return made


@pytest.fixture
def make(
    tmp_path: Path, templates: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Make]:
    """Give a world of a kind, with GitHub in front of it."""
    with GitHub() as server:

        def copied(name: str) -> Hub:
            shutil.copytree(templates[name], tmp_path / "world")
            return Hub(tmp_path / "world", server, monkeypatch, "")

        yield copied


def fail(hub: Hub, call: tuple[str, str], failure: str) -> None:
    """Let a release fail so at a call."""
    if failure == "killed":
        killed(hub, call)
        return
    hub.fault = (*call, FAULTS[failure])
    with pytest.raises(RefctlError) as caught:
        hub.release()
    hub.fault = None
    hub.server.faults.clear()
    assert caught.value.exit_code == 6
    assert caught.value.hint, "it does not say what to do"
    assert hub.server.routes.releases == {} or hub.remote("tag", "--list")


def killed(hub: Hub, call: tuple[str, str]) -> None:
    """Kill it while GitHub does what the call asks for."""
    watch, began = hub.server.on_request, once(hub.clone.folder, "github", "none")

    def kill(request: Request) -> None:
        watch(request)
        if hub.server.faults:
            hub.server.faults.clear()
            os.kill(began.pid, signal.SIGKILL)

    hub.fault = (*call, Fault(0))
    hub.server.on_request = kill
    said = began.communicate(timeout=60)
    hub.server.on_request = watch
    hub.fault = None
    assert began.returncode == -signal.SIGKILL, said


@pytest.mark.parametrize(("call", "failure"), cells(RELEASE))
def test_whatever_a_call_meets_the_next_release_finishes(
    make: Make, call: str, failure: str
) -> None:
    # What is killed is the whole of it; the others fail from where git's part is done.
    pushed = failure != "killed" and call != "see the repository"
    hub = make("pushed" if pushed else "begun")
    fail(hub, RELEASE[call], failure)
    if call == "see the repository":
        assert hub.remote("tag", "--list") == hub.clone.git("tag", "--list") == ""
    hub.release()
    hub.must_be_out("v0.1.0")


@pytest.mark.parametrize(("call", "failure"), cells(RESUMED))
def test_whatever_a_resumed_release_meets_the_next_one_finishes(
    make: Make, call: str, failure: str
) -> None:
    hub = make("pushed")
    fail(hub, RELEASE["upload the sums"], "500")
    # What an upload that broke off leaves.
    (half,) = hub.releases()["v0.1.0"]["assets"]
    half |= {"state": "starter", "digest": None}
    fail(hub, RESUMED[call], failure)
    hub.release()
    hub.must_be_out("v0.1.0")
    assert hub.release().lines == ("nothing is due after v0.1.0",)


@pytest.mark.parametrize(("call", "failure"), cells(PULL))
def test_whatever_a_proposal_meets_there_is_one_pull_request_and_one_release(
    make: Make, call: str, failure: str
) -> None:
    hub = make("proposing")
    if call == "update the pull request":
        hub.release()
        hub.clone.commit("feat: more")
        hub.push()
    fail(hub, PULL[call], failure)
    hub.release()
    (pull,) = hub.server.routes.pulls.values()
    assert (pull["title"], pull["base"]["ref"]) == ("chore(release): 0.1.0", "main")
    assert ("- more" in pull["body"]) == (call == "update the pull request")
    assert hub.remote("tag", "--list") == ""
    assert hub.release().data["published"] is None
    merge(hub)
    hub.release()
    hub.must_be_out("v0.1.0")


def merge(hub: Hub) -> None:
    """Do what GitHub does when somebody merges the pull request by a squash."""
    hub.clone.git("fetch", "--quiet", "origin", "release/main")
    hub.clone.git("merge", "--quiet", "--squash", "FETCH_HEAD")
    hub.clone.git("commit", "--quiet", "--message", "chore(release): 0.1.0 (#1)")
    hub.push()
    for one in hub.server.routes.pulls.values():
        one["state"] = "closed"


def hook(hub: Hub, name: str, script: str) -> Callable[[], None]:
    file = hub.bare / "hooks" / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return file.unlink


def transport(hub: Hub, program: str, words: str) -> Callable[[], None]:
    """Let the program at the other end say no, before it does anything."""
    file = hub.folder / "refuse"
    file.write_text(f"#!/bin/sh\necho '{words}' >&2\nexit 128\n")
    file.chmod(0o755)
    hub.clone.git("config", f"remote.origin.{program}", str(file))
    return lambda: void(hub.clone.git("config", "--unset", f"remote.origin.{program}"))


def void(_: object) -> None:
    """Take what nobody needs."""


def locked(hub: Hub, name: str) -> Callable[[], None]:
    """Let another git hold the lock of a file."""
    file = hub.clone.folder / ".git" / f"{name}.lock"
    file.touch()
    return file.unlink


def unreadable(hub: Hub) -> Callable[[], None]:
    """Let git refuse to store a file of the commit."""
    attributes = hub.clone.folder / ".git" / "info" / "attributes"
    for name, value in (("clean", "false"), ("required", "true")):
        hub.clone.git("config", f"filter.broken.{name}", value)
    attributes.write_text("CHANGELOG.md filter=broken\n")
    return attributes.unlink


def rivals(hub: Hub, *refspecs: str) -> Callable[[], None]:
    """Let somebody else be there first, just as the remote is asked to take it."""
    other = hub.folder / "other"
    hub.git(hub.folder, "clone", "--quiet", str(hub.bare), str(other))
    identity = ("-c", "user.name=Bo", "-c", "user.email=bo@example.com")
    hub.git(other, *identity, "commit", "--quiet", "--allow-empty", "--message", "fix: faster")
    hub.git(other, *identity, "tag", "--annotate", "v0.1.0", "--message", "theirs")
    script = hub.clone.folder / ".git" / "hooks" / "pre-push"
    script.write_text(
        f"#!/bin/sh\nunset GIT_DIR\ngit -C {other} push --quiet origin {' '.join(refspecs)}\n"
    )
    script.chmod(0o755)
    return script.unlink


GIT: dict[tuple[str, str], Callable[[Hub], Callable[[], None]]] = {
    ("ask the remote", "401"): lambda hub: transport(hub, "uploadpack", "Authentication failed"),
    ("ask the remote", "network gone"): lambda hub: transport(hub, "uploadpack", "timed out"),
    ("commit", "refused"): unreadable,
    ("tag", "refused"): lambda hub: locked(hub, "refs/tags/v0.1.0"),
    ("push", "401"): lambda hub: transport(hub, "receivepack", "Authentication failed"),
    ("push", "403"): lambda hub: transport(hub, "receivepack", "The requested URL returned: 403"),
    ("push", "500"): lambda hub: transport(hub, "receivepack", "The requested URL returned: 500"),
    ("push", "network gone before"): lambda hub: transport(hub, "receivepack", "timed out"),
    ("push", "network gone after"): lambda hub: hook(hub, "post-receive", "kill -9 $PPID"),
    ("push", "rejected"): lambda hub: hook(hub, "pre-receive", "exit 1"),
    ("push", "protected"): lambda hub: hook(
        hub, "pre-receive", "echo 'GH006: Protected branch update failed' >&2; exit 1"
    ),
    ("push", "tag exists remotely"): lambda hub: rivals(hub, "v0.1.0"),
    ("push", "branch moved"): lambda hub: rivals(hub, "main"),
    ("follow", "refused"): lambda hub: locked(hub, "index"),
}


@pytest.mark.parametrize(("step", "failure"), GIT, ids=lambda one: one)
def test_whatever_git_meets_the_next_release_finishes_or_says_what_to_do(
    make: Make, step: str, failure: str
) -> None:
    hub = make("begun")
    mend = GIT[step, failure](hub)
    with pytest.raises(RefctlError) as caught:
        hub.release()
    assert caught.value.hint or caught.value.detail
    assert hub.server.routes.releases == {}
    mend()
    if failure == "tag exists remotely":
        with pytest.raises(RefctlError) as caught:
            hub.release()
        assert "has v0.1.0 already" in caught.value.message
        assert "git fetch" in caught.value.hint
        assert hub.remote("tag", "--list") == "v0.1.0"
        assert hub.server.routes.releases == {}
        return
    if failure == "branch moved":
        assert "git pull --ff-only --tags" in caught.value.hint
        hub.clone.git("pull", "--quiet", "--ff-only", "--tags")
    hub.release()
    hub.must_be_out("v0.1.0")
    assert hub.release().lines == ("nothing is due after v0.1.0",)


@pytest.mark.parametrize("step", ["commit", "tag", "push", "forward", "draft", "publish"])
def test_killed_before_a_step_the_next_release_finishes(make: Make, step: str) -> None:
    hub = make("begun")
    process = once(hub.clone.folder, "github", step)
    said = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL, said
    hub.release()
    hub.must_be_out("v0.1.0")


def test_killed_while_the_remote_takes_the_push_the_next_release_finishes(
    make: Make,
) -> None:
    hub = make("begun")
    pushing, gate = hub.folder / "pushing", hub.folder / "gate"
    wait = f"touch {pushing}; while [ ! -e {gate} ]; do sleep 0.01; done"
    mend = hook(hub, "pre-receive", wait)
    process = once(hub.clone.folder, "github", "none")
    deadline = time.monotonic() + 60
    while not pushing.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.kill()
    process.communicate(timeout=60)
    gate.touch()
    while not hub.remote("tag", "--list"):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    mend()
    hub.release()
    hub.must_be_out("v0.1.0")
