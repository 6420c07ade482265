"""Histories whose right versions are known: each release is asked for where it was made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from refctl.release import preview
from tests.checkout import beside
from tests.release.repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

NAME = "conformance/release-histories.json"
FILE = beside(NAME)
HISTORIES: dict[str, Any] = json.loads(FILE.read_text()) if FILE else {}
MISSING = (
    f"no shared/{NAME} beside the repository: it has the histories and the versions that are right"
)


def configuration(settings: dict[str, Any]) -> str:
    """Return a history's settings as refctl has them."""
    lines = ["[release]"]
    if settings.get("tag_format"):
        lines.append(f"tag_format = {json.dumps(settings['tag_format'])}")
    if "major_on_zero" in settings:
        lines.append(f"major_on_zero = {json.dumps(settings['major_on_zero'])}")
    if settings.get("allow_zero_version") is False:
        lines.append('initial_version = "1.0.0"')
    for name, branch in settings.items():
        if name.startswith("branches."):
            token = branch.get("prerelease_token", "rc") if branch["prerelease"] else ""
            lines += [
                f"[release.{name}]",
                f"match = '{branch['match']}'",
                f"prerelease = {json.dumps(token)}",
            ]
    return "\n".join(lines) + "\n"


def act(repository: Repository, step: dict[str, Any]) -> None:
    """Do one step of a history."""
    match step:
        case {"commit": message}:
            repository.commit(message)
        case {"branch": name, "from": start}:
            repository.git("switch", "--quiet", "--create", name, start)
        case {"checkout": name}:
            repository.git("switch", "--quiet", name)
        case {"merge": name, "fast_forward": True}:
            repository.git("merge", "--quiet", "--ff-only", name)
        case {"merge": name, "message": message}:
            repository.git("merge", "--quiet", "--no-ff", "--message", message, name)
        case {"squash": name, "message": message}:
            repository.git("merge", "--quiet", "--squash", name)
            repository.git("commit", "--quiet", "--message", message)
        case _:
            raise AssertionError(step)


def releases(history: dict[str, Any]) -> int:
    return sum("release" in step for step in history["steps"])


@pytest.mark.skipif(not HISTORIES, reason=MISSING)
def test_all_histories_are_there() -> None:
    assert (len(HISTORIES), sum(map(releases, HISTORIES.values()))) == (8, 29)


@pytest.mark.skipif(not HISTORIES, reason=MISSING)
@pytest.mark.parametrize("name", sorted(HISTORIES))
def test_every_release_of_a_history_gets_its_version(name: str, tmp_path: Path) -> None:
    history = HISTORIES[name]
    repository = Repository(tmp_path)
    (tmp_path / "refctl.toml").write_text(configuration(history["settings"]))
    expected, found = [], []
    for step in history["steps"]:
        if "release" not in step:
            act(repository, step)
            continue
        # A branch of final releases makes a pre-release where somebody asks for one.
        token = step["release"].partition("-")[2].partition(".")[0]
        decided = preview.look(str(tmp_path), prerelease=token).next
        expected.append((step["release"], step["tag"]))
        found.append((str(decided.version), decided.tag))
        repository.tag(step["tag"])
        assert preview.look(str(tmp_path), prerelease=token).next.version is None
    assert found == expected
    assert len(found) == releases(history)
