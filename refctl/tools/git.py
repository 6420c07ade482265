"""git: what a project's files are, which of them changed, where its hooks live."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from refctl.core.errors import ConfigurationError
from refctl.core.plan import Run
from refctl.tools.proc import ask

BRANCHES = ("origin/main", "origin/master", "main", "master")
"""Where the default branch is looked for when the remote does not say."""

ENVIRONMENT: dict[str, str | None] = {
    "LC_ALL": "C",
    # A hook in a linked work tree is told where .git is: below the top, git would then take the
    # folder it is asked in for the top. GIT_INDEX_FILE stays: it is what is being committed, and
    # without these git takes it from the top, as it was meant.
    **dict.fromkeys(("GIT_DIR", "GIT_WORK_TREE", "GIT_PREFIX")),
}


def _git(root: Path, *arguments: str) -> str | None:
    """Return what git says, or None when it says no."""
    said = ask(Run(("git", *arguments), cwd=root, env=ENVIRONMENT))
    return said.out if said.code == 0 else None


def _names(said: str | None) -> tuple[str, ...]:
    return tuple(filter(None, (said or "").split("\0")))


def files(root: Path) -> tuple[str, ...]:
    """Return the project's files, relative to `root`: tracked, and new ones that are not ignored.

    Raises:
        ConfigurationError: there is no repository.

    """
    said = _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if said is None:
        raise ConfigurationError(f"{root} is not in a git repository", hint="git init")
    # A conflict lists a file once a side.
    return tuple(sorted(name for name in set(_names(said)) if (root / name).is_file()))


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from the default branch, committed or not."""

    since: str
    """The branch, and the commit where this work left it."""
    files: tuple[str, ...]
    """Relative to the folder asked about, sorted; of a renamed file both names."""


def changes(root: Path) -> Changes:
    """Return what differs from where this branch left the default one.

    Uncommitted and new files count; so do names that are gone.

    Raises:
        ConfigurationError: there is no repository, or the default branch is not in it.

    """
    if _git(root, "rev-parse", "--verify", "HEAD") is None:  # no commit yet: all of it is new
        return Changes("the beginning", files(root))
    branch, commit = _base(root)
    new = _names(_git(root, "ls-files", "-z", "--others", "--exclude-standard"))
    return Changes(f"{branch} ({commit[:9]})", tuple(sorted({*_diff(root, commit), *new})))


def staged(root: Path) -> frozenset[str]:
    """Return what the next commit would change."""
    return frozenset(_diff(root, "--cached"))


def _diff(root: Path, *against: str) -> tuple[str, ...]:
    # Without renames: the old name is gone, and what leads there is broken.
    return _names(_git(root, "diff", "--name-only", "--no-renames", "--relative", "-z", *against))


def _base(root: Path) -> tuple[str, str]:
    told = _git(root, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
    for branch in (*([told.strip()] if told else []), *BRANCHES):
        commit = _git(root, "merge-base", "HEAD", branch)
        if commit:
            return branch, commit.strip()
    # Compared with something else, nothing might have changed, which would prove nothing.
    raise ConfigurationError(
        "the default branch is not in this checkout: there is nothing to compare with",
        hint="git fetch origin main:main (a shallow clone needs git fetch --unshallow first)",
    )


def scripts(root: Path, names: tuple[str, ...]) -> frozenset[str]:
    """Return those without an ending whose first line asks for a shell."""
    found = set()
    for name in names:
        if not Path(name).suffix:
            with (root / name).open("rb") as file:
                if re.match(rb"#!.*\b(?:ba|da|k)?sh\b", file.readline(200)):
                    found.add(name)
    return frozenset(found)


def hooks(root: Path) -> Path:
    """Return the folder of the repository's hooks, as git itself finds it.

    Raises:
        ConfigurationError: there is no repository.

    """
    said = _git(root, "rev-parse", "--git-path", "hooks")
    if said is None:
        raise ConfigurationError(f"{root} is not in a git repository", hint="git init")
    return Path(os.path.normpath(root / said.strip()))


def owned(root: Path) -> tuple[Path, ...]:
    """Return the folders that are this repository's own: its files and git's."""
    said = _git(root, "rev-parse", "--path-format=absolute", "--show-toplevel", "--git-common-dir")
    return tuple(Path(line) for line in (said or "").splitlines())


def common(root: Path) -> Path:
    """Return the folder where git keeps all commits, of every work tree."""
    said = _git(root, "rev-parse", "--path-format=absolute", "--git-common-dir")
    return Path((said or ".git").strip())


def prefix(root: Path) -> str:
    """Return where `root` is in its repository: empty, or a path that ends with a slash."""
    return (_git(root, "rev-parse", "--show-prefix") or "").strip()


def remote(root: Path, name: str = "origin") -> str:
    """Return the address of a remote as git would use it, or nothing where there is none."""
    return (_git(root, "remote", "get-url", name) or "").strip()
