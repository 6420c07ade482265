"""`refctl release` and `refctl changelog` as programs, in repositories without a refctl.toml."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.release.repository import PERSON, Repository

if TYPE_CHECKING:
    from pathlib import Path


def refctl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "refctl", *arguments],
        cwd=folder,
        env={**os.environ, **PERSON},
        capture_output=True,
        text=True,
        check=False,
    )


def data(folder: Path, *arguments: str) -> dict[str, Any]:
    said = refctl(folder, *arguments, "--json")
    assert said.returncode == 0, said.stderr
    answer = json.loads(said.stdout)
    assert (answer["schema"], answer["ok"], answer["errors"]) == (1, True, [])
    assert answer["command"] == " ".join(arguments[:2])
    found: dict[str, Any] = answer["data"]
    return found


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path).story(
        "feat: one",
        "v0.1.0",
        "fix(ui): two (#4)\n\nCloses #3",
        "docs: three",
        "feat!: four",
        "five",
    )


def test_the_plan_has_what_programs_ask_for(repository: Repository) -> None:
    before = repository.git("for-each-ref"), repository.git("status", "--porcelain")
    plan = data(repository.folder, "release", "plan")
    assert {
        name: plan[name] for name in ("current", "next", "bump", "tag", "branch", "channel")
    } == {
        "current": "0.1.0",
        "next": "0.2.0",
        "bump": "minor",
        "tag": "v0.2.0",
        "branch": "main",
        "channel": "latest",
    }
    assert [
        (one["header"], one["type"], one["bump"], one["breaking"], one["why"])
        for one in plan["commits"]
    ] == [
        ("five", None, None, False, "not a conventional commit"),
        ("feat!: four", "feat", "minor", True, "breaking: minor"),
        ("docs: three", "docs", None, False, "docs: no release"),
        ("fix(ui): two (#4)", "fix", "patch", False, "fix: patch"),
    ]
    assert plan["notes"].startswith("### Breaking changes\n\n- four (")
    assert plan["files"] == [{"path": "CHANGELOG.md", "where": "the newest section"}]
    assert (repository.git("for-each-ref"), repository.git("status", "--porcelain")) == before


def test_nothing_due_is_null(repository: Repository) -> None:
    repository.story("v0.2.0", "docs: six")
    plan = data(repository.folder, "release", "plan")
    assert (plan["current"], plan["next"], plan["bump"]) == ("0.2.0", None, None)
    assert "nothing is due: 0.2.0" in refctl(repository.folder, "release", "plan").stdout


def test_the_quick_answer_is_that_of_the_whole_program(repository: Repository) -> None:
    quick = refctl(repository.folder, "release", "plan")
    whole = refctl(repository.folder, "release", "plan", "--quiet")
    assert (quick.stdout, quick.returncode) == (whole.stdout, 0)
    dry = refctl(repository.folder, "release", "--no-push", "--dry-run")
    assert dry.stdout == quick.stdout
    assert "0.1.0 → 0.2.0  (minor, latest; 4 commits since v0.1.0)" in quick.stdout


def test_the_quick_answer_imports_nothing_heavy(repository: Repository) -> None:
    code = (
        "import sys\nfrom refctl.main import run\ncode = run(['release', 'plan', '--json'])\n"
        "print(code, sorted(sys.modules), file=sys.stderr)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=repository.folder,
        capture_output=True,
        text=True,
        check=True,
        env={name: value for name, value in os.environ.items() if "COVERAGE" not in name},
    )
    assert said.stderr.startswith("0 [")
    heavy = {
        "typer",
        "pydantic",
        "rich",
        "dataclasses",
        "inspect",
        "pathlib",
        "semver",
        "tomllib",
        "typing",
    }
    assert not {name for name in heavy if f"'{name}'" in said.stderr}


@pytest.mark.parametrize("arguments", [("release", "plan"), ("release", "plan", "--quiet")])
def test_errors_say_what_to_do_on_either_way(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    said = refctl(tmp_path, *arguments, "--json")
    answer = json.loads(said.stdout)
    assert (answer["ok"], answer["command"]) == (False, "release plan")
    assert answer["errors"][0]["exit_code"] == said.returncode == 3
    plain = refctl(tmp_path, *arguments)
    assert "is not in a git repository" in plain.stderr
    assert "hint: change into one" in plain.stderr


def test_the_release_itself_is_the_command_alone(repository: Repository) -> None:
    made = data(repository.folder, "release", "make", "--no-push")
    assert (made["version"], made["done"]) == ("0.2.0", ["v0.2.0 is here"])
    again = refctl(repository.folder, "release", "--no-push")
    assert (again.returncode, again.stdout) == (0, "nothing is due after v0.2.0\n")
    assert repository.git("status", "--porcelain") == ""
    text = (repository.folder / "CHANGELOG.md").read_text()
    notes = data(repository.folder, "release", "notes", "v0.2.0")
    assert notes["source"] == "changelog"
    assert notes["notes"].strip() in text
    said = refctl(repository.folder, "release")
    assert (said.returncode, "there is no remote origin" in said.stderr) == (3, True)


def test_a_changelog_is_markdown_or_json(repository: Repository) -> None:
    text = refctl(repository.folder, "changelog").stdout
    assert text.index("## Unreleased") < text.index("### Breaking changes") < text.index("## 0.1.0")
    said = refctl(repository.folder, "changelog", "--to", "v0.1.0", "--format", "json")
    assert [one["version"] for one in json.loads(said.stdout)["releases"]] == ["0.1.0"]
    assert refctl(repository.folder, "changelog", "--from", "v7.0.0").returncode == 2


def test_a_message_is_linted_as_the_hook_does(tmp_path: Path) -> None:
    message = tmp_path / "message"
    message.write_text("feat: x\n")
    assert refctl(tmp_path, "release", "lint-commit", "message").returncode == 0
    message.write_text("FEAT: x\n")
    said = refctl(tmp_path, "release", "lint-commit", "message")
    assert (said.returncode, "did you mean feat?" in said.stderr) == (1, True)


def test_a_release_leaves_nothing_behind_that_git_would_take(repository: Repository) -> None:
    (repository.folder / "refctl.toml").write_text("[release]\n")
    repository.git("add", ".")
    repository.git("commit", "--quiet", "--message", "chore: x")
    assert refctl(repository.folder, "release", "--no-push").returncode == 0
    assert (repository.folder / ".refctl" / "runs").is_dir()
    assert repository.git("status", "--porcelain") == ""


@pytest.mark.parametrize("command", [("release", "plan"), ("release", "make")])
@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--prerelease", "r c"),
        ("--prerelease", "rc+1"),
        ("--prerelease", "01"),
        ("--build", "a_b"),
        ("--build", "a\n"),
    ],
)
def test_what_is_part_of_no_version_is_an_error_of_usage(
    repository: Repository, command: tuple[str, ...], option: str, value: str
) -> None:
    said = refctl(repository.folder, *command, option, value)
    assert (said.returncode, f"{option} {value!r}: only letters" in said.stderr) == (2, True)
    assert f"hint: refctl release {option}" in said.stderr


def committed(repository: Repository, configuration: str) -> None:
    (repository.folder / "refctl.toml").write_text(f"[release]\n{configuration}")
    repository.git("add", ".")
    repository.git("commit", "--quiet", "--message", "chore: x")


@pytest.mark.parametrize(
    ("configuration", "words"),
    [
        (
            '[[release.files]]\npath = "../outside.txt"\n',
            "release.files: ../outside.txt: leads out",
        ),
        ('[[release.files]]\npath = "link"\n', "release.files: link: leads out"),
        ('changelog = "link"\n', "release.changelog: link: leads out"),
        ('[[release.files]]\npath = "binary"\n', "release.files: binary: not text in UTF-8"),
    ],
)
def test_a_file_that_a_release_cannot_commit_is_named(
    repository: Repository, configuration: str, words: str
) -> None:
    outside = repository.folder.parent / "outside.txt"
    outside.write_text("1.0.0")
    (repository.folder / "link").symlink_to(outside)
    (repository.folder / "binary").write_bytes(b"\xff1.0.0")
    pattern = "pattern = '([0-9.]+)'\n" if "path" in configuration else ""
    committed(repository, configuration + pattern)
    said = refctl(repository.folder, "release", "--no-push")
    assert (said.returncode, words in said.stderr) == (3, True), said.stderr
    assert (outside.read_text(), repository.git("tag")) == ("1.0.0", "v0.1.0")


def test_a_dry_run_says_what_the_release_would_refuse_and_the_plan_does_not(
    repository: Repository,
) -> None:
    committed(repository, '[[release.files]]\npath = "a.toml"\nkey = "version"\n')
    with (repository.folder / "refctl.toml").open("a") as file:
        file.write("# changed\n")
    before = repository.git("status", "--porcelain", "--ignored"), repository.git("for-each-ref")
    remarks = data(repository.folder, "release", "make", "--dry-run")["remarks"]
    assert [one.removeprefix("a release would be refused: ") for one in remarks] == [
        "not all is committed: refctl.toml",
        "there is no remote origin",
        "refctl.toml: release.files: a.toml: No such file or directory",
    ]
    said = refctl(repository.folder, "release", "--no-push", "--dry-run")
    assert said.returncode == 0
    assert "note: a release would be refused: not all is committed: refctl.toml\n" in said.stdout
    assert "remote" not in said.stdout
    assert data(repository.folder, "release", "plan")["remarks"] == []
    after = repository.git("status", "--porcelain", "--ignored"), repository.git("for-each-ref")
    assert before == after


def test_ctrl_c_in_the_midst_says_how_it_goes_on_and_the_next_run_does(tmp_path: Path) -> None:
    bare = tmp_path / "remote.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", bare], check=True)
    clone = Repository(tmp_path / "clone")
    clone.commit("feat: begin")
    clone.git("remote", "add", "origin", str(bare))
    clone.git("push", "--quiet", "--set-upstream", "origin", "main")
    hook = bare / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\ntouch began\nsleep 5\nexit 1\n")
    hook.chmod(0o755)
    with subprocess.Popen(
        [sys.executable, "-m", "refctl", "release"],
        cwd=clone.folder,
        env={**os.environ, **PERSON},
        stderr=subprocess.PIPE,
        text=True,
        # Where the tests themselves ignore it, as in the background of a shell.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - no thread runs in it
    ) as process:
        for _ in range(600):
            if (bare / "began").exists():
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=30)[1]
    assert process.returncode == 130, said
    assert said.splitlines()[-1].startswith("stopped in the midst of a release: run it again")
    hook.unlink()
    assert refctl(clone.folder, "release").returncode == 0
    tags = subprocess.run(["git", "tag"], cwd=bare, capture_output=True, text=True, check=True)
    assert tags.stdout == clone.git("tag") + "\n" == "v0.1.0\n"
