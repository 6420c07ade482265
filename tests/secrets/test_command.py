"""`refctl secrets` as it is typed; a canary is looked for in everything that it leaves behind."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyrage import x25519

from tests.secrets.project import CANARY, OTHER, Project, backend, watched

if TYPE_CHECKING:
    from tests.github.server import GitHub


def test_init_makes_what_the_application_needs_and_then_nothing(project: Project) -> None:
    shown = project.run("init", "--dry-run")
    assert shown.returncode == 0, shown.stderr
    assert "production: would make DATABASE_URL, JWT_SECRET_KEY" in shown.stdout
    assert not (project.root / "secrets").exists()
    assert not project.identity.exists()

    said = project.run("init")
    assert said.returncode == 0, said.stderr
    assert f"Your identity is {project.identity}" in said.stdout
    assert project.identity.stat().st_mode & 0o777 == 0o600
    assert set(project.kept("production")) == {"DATABASE_URL", "JWT_SECRET_KEY"}
    assert set(project.kept("development")) == {"DEMO_PASSWORD", "JWT_SECRET_KEY"}
    stores = ("development", "staging", "production")
    assert len({project.kept(name)["JWT_SECRET_KEY"] for name in stores}) == 3
    file = project.root / "secrets/production.age"
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    assert project.data("init")["made"] == {}
    assert file.read_bytes() == before
    text = "".join(project.said)
    for name in ("development", "staging", "production"):
        assert not [value for value in project.kept(name).values() if value in text]


def test_the_application_takes_what_was_made(project: Project) -> None:
    project.run("init", "-e", "production")
    code = (
        "import json, os, sys; os.environ.update(json.load(sys.stdin), ENVIRONMENT='production',"
        "BACKEND_CORS_ORIGINS='https://x.test')\n"
        "from app.core.config import load; print(json.dumps(load(files=()).settings.is_deployed))"
    )
    assert backend(project, code, project.kept("production")) is True


def test_set_takes_a_pipe_a_file_and_a_prompt(project: Project, tmp_path: Path) -> None:
    project.run("init", "-e", "production")
    said = project.run("set", "API_TOKEN", "-e", "production", given=f"{CANARY}\n")
    assert said.returncode == 0, said.stderr
    assert project.kept("production")["API_TOKEN"] == CANARY
    assert project.data("set", "API_TOKEN", "-e", "production", given=CANARY)["changed"] is False
    file = tmp_path / "value"
    file.write_text(OTHER)
    project.run("set", "API_TOKEN", "-e", "production", "--file", str(file))
    assert project.kept("production")["API_TOKEN"] == OTHER

    ours, theirs = pty.openpty()
    typed = subprocess.Popen(
        [sys.executable, "-m", "refctl", "secrets", "set", "API_TOKEN", "-e", "production"],
        cwd=project.root,
        env=project.env,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    seen = b""
    while b"API_TOKEN: " not in seen:
        seen += os.read(ours, 1000)
    os.write(ours, f"{CANARY}\n".encode())
    while typed.poll() is None or b"is set" not in seen:
        try:
            seen += os.read(ours, 1000)
        except OSError:  # the other end is closed
            break
    assert typed.wait(timeout=30) == 0
    os.close(ours)
    assert CANARY.encode() not in seen
    assert project.kept("production")["API_TOKEN"] == CANARY


@pytest.mark.parametrize("words", [["API_TOKEN", CANARY], [f"API_TOKEN={CANARY}"]])
def test_a_value_on_the_command_line_is_refused_and_not_repeated(
    project: Project, words: list[str]
) -> None:
    said = project.run("set", *words, "-e", "production")
    assert said.returncode == 2
    assert "which others and the shell's history see" in said.stderr
    assert CANARY not in said.stdout + said.stderr


def test_list_tells_ages_and_keys_by_the_application_s_own_names(project: Project) -> None:
    project.run("init")
    project.age("production", 30)
    rows = {(one["store"], one["name"]): one for one in project.data("list")["secrets"]}
    row = rows["production", "JWT_SECRET_KEY"]
    assert (row["age_days"], row["due_in_days"] in {59, 60}, row["state"]) == (30, True, "in use")
    code = (
        "import json, sys; from app.core.security import name_key\n"
        "print(json.dumps(name_key(json.load(sys.stdin))))"
    )
    assert row["kid"] == backend(project, code, project.kept("production")["JWT_SECRET_KEY"])
    first = project.run("list").stdout.splitlines()[1]
    assert first.startswith("production")  # the first that is due


def test_set_neither_shuts_a_signing_key_nor_takes_a_weak_value(project: Project) -> None:
    project.run("init", "-e", "production")
    key = project.kept("production")["JWT_SECRET_KEY"]
    weak = project.run("set", "JWT_SECRET_KEY", "-e", "production", given="abcd")
    assert (weak.returncode, "weak: 4 characters, of 32" in weak.stderr) == (2, True)
    placeholder = project.run("set", "API_TOKEN", "-e", "production", given="changeme" * 5)
    assert (placeholder.returncode, "a placeholder" in placeholder.stderr) == (2, True)
    strong = project.run("set", "JWT_SECRET_KEY", "-e", "production", given=CANARY)
    assert strong.returncode == 2
    hint = "refctl secrets rotate JWT_SECRET_KEY -e production (or --at-once after a leak)"
    assert hint in " ".join(strong.stderr.split())
    assert project.kept("production")["JWT_SECRET_KEY"] == key
    assert "API_TOKEN" not in project.kept("production")


def test_check_refuses_and_says_what_to_do(project: Project) -> None:
    empty = project.run("check")
    assert empty.returncode == 1
    assert "refctl secrets init -e production" in empty.stdout
    project.run("init")
    assert project.run("check").returncode == 0
    project.keep("staging", "JWT_SECRET_KEY", "changeme" * 5)
    project.keep("production", "JWT_SECRET_KEY", "short")
    project.age("development", 91)
    found = {
        (one["store"], one["name"]): one["problem"]
        for one in project.data("check")["findings"]
        if one["grave"]
    }
    assert found == {
        ("staging", "JWT_SECRET_KEY"): "a placeholder",
        ("production", "JWT_SECRET_KEY"): "weak: 5 characters, of 32",
        ("development", "JWT_SECRET_KEY"): "expired 1 day ago",
        ("development", "DEMO_PASSWORD"): "expired 1 day ago",
    }
    assert project.run("check", "-e", "production", "--json").returncode == 1


def test_a_replaced_key_signs_nobody_out(project: Project, server: GitHub) -> None:
    project.run("init", "-e", "production")
    assert project.run("sync", "-e", "production").returncode == 0
    states = [project.kept("production")]
    for phase in ("announced", "swapped", "done"):
        if phase == "done":
            early = project.run("rotate", "JWT_SECRET_KEY", "-e", "production")
            assert (early.returncode, "is good until" in early.stderr) == (2, True)
            project.age("production", 1)
        data = project.data("rotate", "JWT_SECRET_KEY", "-e", "production")
        assert data["phase"] == phase
        again = project.run("rotate", "JWT_SECRET_KEY", "-e", "production")
        if phase != "done":
            assert (again.returncode, "does not know the new key yet" in again.stderr) == (2, True)
        assert project.run("sync", "-e", "production").returncode == 0
        states.append(project.kept("production"))
        if phase == "done":
            states[-1] = server.routes.stores["environment:production"].values
    names = ("JWT_SECRET_KEY", "JWT_SECRET_KEY_PREVIOUS")
    keys = [[one.get(name) for name in names] for one in states[:4]]
    code = """
import json, sys
from app.core.config import Settings
from app.core.security import create_access_token, read_access_token
some = [Settings(jwt_secret_key=a, jwt_secret_key_previous=b) for a, b in json.load(sys.stdin)]
for one, other in zip(some, some[1:]):  # two replicas, while the newer is rolled out
    for signs, reads in ((one, other), (other, one), (one, one), (other, other)):
        assert read_access_token(create_access_token(7, "f", signs), reads).user_id == 7
print("true")
"""
    assert backend(project, code, keys[:3]) is True
    assert keys[0][0] != keys[2][0]


def test_list_says_how_far_a_replacement_is(project: Project) -> None:
    project.run("init", "-e", "production")
    for states in (
        ("being replaced: announced", "not used yet"),
        ("being replaced: swapped", "still valid"),
    ):
        project.run("rotate", "JWT_SECRET_KEY", "-e", "production")
        rows = {one["name"]: one["state"] for one in project.data("list")["secrets"]}
        assert (rows["JWT_SECRET_KEY"], rows["JWT_SECRET_KEY_PREVIOUS"]) == states


def test_what_workflows_ask_for_is_missing_until_it_is_set(project: Project) -> None:
    project.run("init")
    file = project.root / ".github/workflows/one.yml"
    file.parent.mkdir(parents=True)
    step = "- run: echo\n        env: {A: '${{ secrets.NPM_TOKEN }}'}"
    file.write_text(f"on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      {step}\n")
    try:
        (found,) = project.data("check")["findings"]
        assert (found["store"], found["name"], found["problem"]) == (
            "repository",
            "NPM_TOKEN",
            "missing",
        )
        assert (
            "refctl secrets set NPM_TOKEN -e repository"
            in project.run("init", "-e", "repository").stdout
        )
        project.run("set", "NPM_TOKEN", "-e", "repository", given=CANARY)
        assert project.run("check").returncode == 0
    finally:
        file.unlink()
    assert project.run("check").returncode == 0  # a folder without workflows asks for nothing


def test_scan_is_the_check_s_own_scanner(project: Project) -> None:
    words = project.run("scan", "--history", "--dry-run").stdout
    assert "--git-history=none" in words
    assert "--git-history=full" in words
    assert str(project.root / ".git") in words
    assert "--git-history=full" not in project.run("scan", "--dry-run").stdout


def test_a_scan_that_did_not_look_is_no_success(project: Project) -> None:
    # This checkout has no environment for checks, and what is on PATH is no scanner.
    said = project.run("scan", "--json", PATH="/usr/bin:/bin")
    (one,) = json.loads(said.stdout)["data"]["checks"]
    assert (one["status"], said.returncode) == ("skipped", 1)


def test_what_is_not_kept_is_neither_sent_nor_replaced(project: Project) -> None:
    for words in (("sync",), ("rotate", "JWT_SECRET_KEY")):
        said = project.run(*words, "-e", "staging")
        assert (said.returncode, "nothing is kept for staging" in said.stderr) == (3, True)
        assert "hint: refctl secrets init -e staging" in said.stderr
    assert "Nothing is kept: refctl secrets init" in project.run("list").stdout


def test_after_a_leak_a_key_is_replaced_at_once(project: Project) -> None:
    project.run("init", "-e", "production")
    before = project.kept("production")
    said = project.run("rotate", "JWT_SECRET_KEY", "-e", "production", "--at-once")
    assert said.returncode == 0, said.stderr
    after = project.kept("production")
    assert set(after) == set(before)
    assert after["JWT_SECRET_KEY"] != before["JWT_SECRET_KEY"]
    unknown = project.run("rotate", "NPM_TOKEN", "-e", "production")
    there = "there is no NPM_TOKEN of production; there are DATABASE_URL, JWT_SECRET_KEY"
    assert (unknown.returncode, there in " ".join(unknown.stderr.split())) == (2, True)
    project.run("set", "NPM_TOKEN", "-e", "production", given=CANARY)
    foreign = project.run("rotate", "NPM_TOKEN", "-e", "production")
    assert (foreign.returncode, "is not made here" in foreign.stderr) == (2, True)
    assert "refctl secrets set NPM_TOKEN -e production" in " ".join(foreign.stderr.split())


def test_a_team_reads_what_it_is_named_for(project: Project) -> None:
    project.run("init", "-e", "production")
    new = x25519.Identity.generate()
    theirs = {"REFCTL_AGE_IDENTITY": str(new)}
    said = project.run("list", **theirs)
    assert (said.returncode, str(new.to_public()) in said.stderr) == (3, True)
    said = project.run("set", "X", "-e", "staging", given=CANARY, **theirs)
    assert (said.returncode, "you could not read" in said.stderr) == (3, True)
    with (project.root / "secrets/recipients.txt").open("a") as file:
        file.write(f"{new.to_public()} # new\n")
    anew = project.run("init", "-e", "production")
    assert (anew.returncode, "production: is encrypted anew for" in anew.stdout) == (0, True)
    assert str(new.to_public()) in anew.stdout
    assert project.run("list", **theirs).returncode == 0
    assert project.run("set", "X", "-e", "staging", given=CANARY, **theirs).returncode == 0
    names = project.root / "secrets/recipients.txt"
    kept = names.read_text().splitlines(keepends=True)
    names.write_text("".join(kept[:-1]))
    gone = " ".join(project.run("init", "-e", "production").stdout.split())
    assert f"{new.to_public()} could read it: replace each secret in it" in gone
    names.write_bytes(b"\xff\xfe\x00")
    broken = project.run("init", "-e", "production")
    assert (broken.returncode, "recipients.txt is not text" in broken.stderr) == (3, True)


def test_without_an_identity_it_says_how_to_get_one(project: Project, tmp_path: Path) -> None:
    project.run("init", "-e", "production")
    said = project.run("list", XDG_CONFIG_HOME=str(tmp_path / "elsewhere"))
    assert said.returncode == 3
    assert "there is no age identity" in said.stderr
    assert "secrets/recipients.txt" in said.stderr


def test_two_at_once_both_arrive(project: Project) -> None:
    project.run("init", "-e", "production")
    threads = [
        threading.Thread(
            target=project.run, args=("set", f"T{n}", "-e", "production"), kwargs={"given": CANARY}
        )
        for n in range(4)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert {f"T{n}" for n in range(4)} <= set(project.kept("production"))


def test_a_secret_is_in_no_output_no_journal_no_process_and_not_in_git(
    project: Project, server: GitHub
) -> None:
    with watched(CANARY) as seen:
        project.run("init", "-e", "production", "--verbose")
        project.forget("production", "JWT_SECRET_KEY")  # which `set` does not replace
        url = f"postgresql://u:{CANARY}@127.0.0.1:9/x"
        for name, value in (("JWT_SECRET_KEY", CANARY), ("DATABASE_URL", url)):
            project.run("set", name, "-e", "production", "--verbose", given=value)
        server.fail(422, {"message": f"no {CANARY}"}, method="PUT")
        for words in (
            ("sync", "-e", "production", "--dry-run"),
            ("sync", "-e", "production"),
            ("sync", "-e", "production", "--verbose"),
            ("list", "--json"),
            ("check", "--json"),
            ("rotate", "JWT_SECRET_KEY", "-e", "production", "--verbose"),
        ):
            project.run(*words)
    assert seen == set()
    assert server.routes.stores["environment:production"].values["JWT_SECRET_KEY"] == CANARY
    assert CANARY not in "".join(project.said)
    subprocess.run(["git", "add", "--all", "--force", "secrets"], cwd=project.root, check=True)
    left = [*(project.root / ".refctl").rglob("*"), *(project.root / "secrets").rglob("*")]
    left += [*(project.root / ".git").rglob("*")]
    for file in left:
        assert not file.is_file() or CANARY.encode() not in file.read_bytes(), file
    assert [file for file in left if file.name.startswith("secrets-")], "there is a journal"
    assert not any(CANARY.encode() in one.raw for one in server.requests)


def test_the_watch_sees_what_is_on_a_command_line() -> None:
    with watched(f"{CANARY}-seen") as seen:
        subprocess.run(
            [sys.executable, "-c", "import time; time.sleep(1)", f"{CANARY}-seen"], check=True
        )
    assert bool(seen) is Path("/proc/self").exists()
