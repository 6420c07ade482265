"""`refctl release plan` and `refctl changelog`: 10,000 commits with 100 and with 1,000 tags.

Installs a wheel of this checkout and the peers as users do, bytecode compiled, into temporary
environments, and makes the two histories with `git fast-import`. All commands take turns, so that a
change in the machine's speed hits all alike; each has its minimum.

The floor is a script of its own (`BARE`, below): `git describe`, `git log` from there, and three
regular expressions. Both start-ups are included. Exits with 1 when a goal is missed.

    .venv/bin/python benchmarks/release.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
COMMITS = 10_000
TAGS = (100, 1_000)
ROUNDS = 15
FEW = 2
"""Rounds of what takes seconds, or most of a minute."""
PEERS = ("python-semantic-release", "commitizen", "git-cliff")
NEXT_GOAL = 1.5
FLAT_GOAL = 1.25
CHANGELOG_GOAL = 0.5
KINDS = ("feat", "fix", "docs", "chore", "refactor", "fix(api)", "feat(ui)", "perf")

BARE = r"""
import re, subprocess

def git(*arguments):
    return subprocess.run(["git", *arguments], capture_output=True, text=True, check=True).stdout

tag = git("describe", "--tags", "--abbrev=0", "--match", "v*").strip()
major, minor, patch = map(int, re.fullmatch(r"v(\d+)\.(\d+)\.(\d+)", tag).groups())
level = 0
for message in git("log", "--format=%B%x00", f"{tag}..HEAD").split("\0"):
    message = message.strip()
    if re.match(r"\w+(\(.+\))?!:", message) or re.search(r"^BREAKING[ -]CHANGE: ", message, re.M):
        level = 3
    elif message.startswith("feat"):
        level = max(level, 2)
    elif re.match(r"fix|perf", message):
        level = max(level, 1)
if level >= 2:
    print(f"{major}.{minor + 1}.0")
else:
    print(f"{major}.{minor}.{patch + level}")
"""
CLIFF = """\
[changelog]
body = "{% for commit in commits %}- {{ commit.message }}\\n{% endfor %}"
[git]
conventional_commits = true
"""
PYPROJECT = """\
[tool.semantic_release]
allow_zero_version = true
[tool.commitizen]
name = "cz_conventional_commits"
version_provider = "scm"
tag_format = "v$version"
major_version_zero = true
"""


class Contender(NamedTuple):
    """A command, and how often it is run."""

    argv: list[str]
    rounds: int = ROUNDS


def history(folder: Path, tags: int) -> None:
    """Make a repository with that many tags, evenly along the commits, none on the last."""
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(folder)], check=True)
    stream = ["blob\nmark :1\ndata 2\nx\n"]
    for number in range(COMMITS):
        second = 1_700_000_000 + number * 60
        message = f"{KINDS[number % len(KINDS)]}: change {number}\n\nFor a reason of one line.\n"
        stream.append(
            f"commit refs/heads/main\nmark :{number + 2}\n"
            f"committer Ada <ada@example.com> {second} +0000\n"
            f"data {len(message)}\n{message}"
            + (f"from :{number + 1}\n" if number else "")
            + f"M 100644 :1 file-{number % 50}\n"
        )
        done, rest = divmod(number + 1, COMMITS // tags)
        if not rest and number + 1 < COMMITS:
            stream.append(
                f"tag v0.{done}.0\nfrom :{number + 2}\n"
                f"tagger Ada <ada@example.com> {second} +0000\ndata 2\nx\n"
            )
    subprocess.run(
        ["git", "fast-import", "--quiet"], cwd=folder, input="".join(stream).encode(), check=True
    )
    # As a clone has it: packed. A remote is what python-semantic-release insists on.
    subprocess.run(["git", "gc", "--quiet"], cwd=folder, check=True)
    subprocess.run(
        ["git", "remote", "add", "origin", "https://example.com/ada/shop.git"],
        cwd=folder,
        check=True,
    )


def install(folder: Path) -> dict[str, Path]:
    """Install a wheel of this checkout and the peers; return their folders of programs."""
    uv = str(Path(sys.executable).with_name("uv"))
    built = folder / "dist"
    build = [uv, "build", "--wheel", "--out-dir", str(built), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    homes = {}
    for name in (str(next(built.glob("*.whl"))), *PEERS):
        home = folder / Path(name).stem.partition("-0")[0]
        new = [uv, "venv", "--python", sys.executable, str(home)]
        subprocess.run(new, check=True, capture_output=True)
        add = [uv, "pip", "install", "--compile-bytecode", "--python", str(home), name]
        subprocess.run(add, check=True, capture_output=True)
        homes[home.name] = home / "bin"
    return homes


def contenders(homes: dict[str, Path], folder: Path) -> dict[str, Contender]:
    """Return what is compared."""
    bare, cliff = folder / "bare.py", folder / "cliff.toml"
    bare.write_text(BARE)
    cliff.write_text(CLIFF)
    own = homes["refctl"]
    semantic = str(homes["python-semantic-release"] / "semantic-release")
    git_cliff = [str(homes["git-cliff"] / "git-cliff"), "--config", str(cliff)]
    cz = str(homes["commitizen"] / "cz")
    return {
        "next: bare script": Contender([str(own / "python"), str(bare)]),
        "next: refctl release plan": Contender([str(own / "refctl"), "release", "plan"]),
        "next: refctl release plan --json": Contender(
            [str(own / "refctl"), "release", "plan", "--json"]
        ),
        "next: git-cliff": Contender([*git_cliff, "--bumped-version"], FEW),
        "next: commitizen": Contender([cz, "bump", "--get-next", "--yes"], FEW),
        "next: python-semantic-release": Contender([semantic, "--noop", "version", "--print"], FEW),
        "changelog: refctl": Contender([str(own / "refctl"), "changelog"]),
        "changelog: git-cliff": Contender(git_cliff, FEW),
        "changelog: commitizen": Contender([cz, "changelog", "--dry-run"], FEW),
    }


def measure(
    commands: dict[str, Contender], folder: Path
) -> tuple[dict[str, float], dict[str, str]]:
    """Return the least seconds of each command, and the last line that it said."""
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "NO_COLOR": "1", "GH_TOKEN": "none"}
    best: dict[str, float] = {}
    said: dict[str, str] = {}
    for turn in range(ROUNDS):
        for name, one in commands.items():
            if turn >= one.rounds:
                continue
            began = time.perf_counter()
            ended = subprocess.run(
                one.argv, cwd=folder, env=env, capture_output=True, text=True, check=False
            )
            took = time.perf_counter() - began
            if ended.returncode:
                lines = (ended.stderr or ended.stdout).strip().splitlines()
                said[name] = f"failed ({ended.returncode}): {lines[-1] if lines else ''}"
                continue
            lines = ended.stdout.strip().splitlines()
            first = "→" in (lines[0] if lines else "")
            # Of a page, its last line says enough: that there was one.
            said[name] = lines[0].split("  ")[0] if first else (lines[-1] if lines else "")[:40]
            best[name] = min(best.get(name, took), took)
    return best, said


def main() -> int:
    """Install, measure, print; return 1 when a goal is missed."""
    missed = []
    plans = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        commands = contenders(install(folder), folder)
        for tags in TAGS:
            repository = folder / f"history-{tags}"
            history(repository, tags)
            # Not committed: refctl has its defaults here, and the others look for their own.
            (repository / "pyproject.toml").write_text(PYPROJECT)
            best, said = measure(commands, repository)
            floor = best["next: bare script"]
            print(f"{COMMITS:,} commits, {tags:,} tags")
            for name in commands:
                took = best.get(name)
                figures = f"{took * 1000:8.1f} ms {took / floor:7.2f}x" if took else " " * 19
                print(f"  {name:<36} {figures}   {said[name]}")
            missed += (
                f"{name}, {tags} tags: {best[name] / floor:.2f}x > {NEXT_GOAL}x"
                for name in ("next: refctl release plan", "next: refctl release plan --json")
                if best[name] > NEXT_GOAL * floor
            )
            plans[tags] = best["next: refctl release plan"]
            if best["changelog: refctl"] > CHANGELOG_GOAL:
                missed.append(f"changelog: {best['changelog: refctl']:.2f} s > {CHANGELOG_GOAL} s")
    few, many = (plans[tags] for tags in TAGS)
    print(f"ten times the tags cost refctl release plan {many / few:.2f}x")
    if many > FLAT_GOAL * few:
        missed.append(f"tags: {many / few:.2f}x > {FLAT_GOAL}x")
    for goal in missed:
        print(f"MISSED  {goal}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
