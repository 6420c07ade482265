"""git: a commit, a tag and a push that leave the files alone until the remote has taken them."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from refctl.core.errors import ConfigurationError, RemoteRefusedError, StepFailedError
from refctl.tools.git import ENVIRONMENT
from refctl.tools.proc import Question, Said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# A question that nobody answers would hang: passwords come from helpers, or not at all.
_SILENT: dict[str, str | None] = {**ENVIRONMENT, "GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true"}


class Remote(NamedTuple):
    """What the remote has."""

    head: str
    """The commit of the branch; empty: there is no such branch."""
    tags: Mapping[str, str]
    """The commit of each tag."""


def _git(root: Path, *arguments: str, env: Mapping[str, str | None] | None = None) -> Said:
    return Question(("git", *arguments), cwd=root, env={**_SILENT, **(env or {})}).answer()


def _must(
    root: Path, what: str, *arguments: str, env: Mapping[str, str | None] | None = None
) -> str:
    said = _git(root, *arguments, env=env)
    if said.code != 0:
        raise StepFailedError(what, detail=tuple((said.err or said.out).splitlines()[-10:]))
    return said.out.strip()


def folder(root: Path) -> Path:
    """Return the folder of git's own files."""
    return Path(
        _must(root, "git has no folder", "rev-parse", "--path-format=absolute", "--git-common-dir")
    )


def top(root: Path) -> str:
    """Return the top of the work tree."""
    return _must(root, "there is no work tree", "rev-parse", "--show-toplevel")


def head(root: Path) -> str:
    """Return the commit that is checked out."""
    return _must(root, "HEAD is no commit", "rev-parse", "--verify", "HEAD^{commit}")


def changed(root: Path) -> tuple[str, ...]:
    """Return the tracked files that differ from HEAD."""
    said = _git(root, "status", "--porcelain", "-z", "--untracked-files=no", "--no-renames")
    if said.code != 0:
        raise StepFailedError("git status failed", detail=tuple(said.err.splitlines()[-10:]))
    # Two letters of state, a blank, the name.
    return tuple(sorted(entry[3:] for entry in said.out.split("\0") if entry))


def untracked(root: Path, names: Iterable[str]) -> tuple[str, ...]:
    """Return which of the files are here and not in git."""
    said = _git(root, "ls-files", "--others", "-z", "--", *(f":(top,literal){n}" for n in names))
    return tuple(name for name in said.out.split("\0") if name)


def has_remote(root: Path, name: str) -> bool:
    """Return whether there is a remote of that name."""
    return _git(root, "remote", "get-url", name).code == 0


def ask_remote(root: Path, name: str, branch: str) -> Remote:
    """Return what the remote has now.

    Raises:
        RemoteRefusedError: it did not answer.

    """
    said = _git(root, "ls-remote", name, f"refs/heads/{branch}", "refs/tags/*")
    if said.code != 0:
        raise RemoteRefusedError(
            f"{name} did not say what it has",
            hint=f"see that the network and your rights are there (git ls-remote {name}), "
            "and run it again",
            detail=tuple(said.err.splitlines()[-10:]),
        )
    tags: dict[str, str] = {}
    at = ""
    for line in said.out.splitlines():
        commit, _, ref = line.partition("\t")
        if ref == f"refs/heads/{branch}":
            at = commit
        elif ref.startswith("refs/tags/"):
            # An annotated tag has two lines: its own, and its commit below.
            tags[ref.removeprefix("refs/tags/").removesuffix("^{}")] = commit
    return Remote(at, tags)


def commit(
    root: Path, parent: str, files: Mapping[str, str], message: str, *, sign: bool = False
) -> str:
    """Return a new commit with those files (from the top) on the parent; nothing refers to it."""
    with tempfile.TemporaryDirectory() as private:
        env = {"GIT_INDEX_FILE": os.path.join(private, "index")}  # noqa: PTH118 - a text for git
        _must(root, "git could not read the commit", "read-tree", parent, env=env)
        for path, content in files.items():
            file = Path(private) / "content"
            file.write_bytes(content.encode())
            blob = _must(
                root,
                f"git could not store {path}",
                "hash-object",
                "-w",
                f"--path={path}",
                str(file),
            )
            # From the top, as the path is: by itself git begins at the folder it is run in.
            listing = ("ls-tree", "--full-tree", "--format=%(objectmode)", parent, "--", path)
            mode = _must(root, "git could not list", *listing)
            place = f"{mode or '100644'},{blob},{path}"
            _must(
                root,
                f"git could not add {path}",
                "update-index",
                "--add",
                "--cacheinfo",
                place,
                env=env,
            )
        tree = _must(root, "git could not write the tree", "write-tree", env=env)
        note = Path(private) / "message"
        note.write_text(message + "\n", encoding="utf-8")
        signed = ("--gpg-sign",) if sign else ("--no-gpg-sign",)
        return _must(
            root,
            "git could not commit" + (" with a signature" if sign else ""),
            *("commit-tree", *signed, "-p", parent, "-F", str(note), tree),
        )


def tag(root: Path, name: str, at: str, message: str, *, sign: bool = False) -> None:
    """Put an annotated tag on a commit, here alone."""
    with tempfile.TemporaryDirectory() as private:
        note = Path(private) / "message"
        note.write_text(message, encoding="utf-8")
        signed = ("--sign",) if sign else ("--annotate", "--no-sign")
        _must(
            root,
            f"git could not make the tag {name}",
            # Notes have headings: with the usual clean-up they would be comments.
            *("tag", *signed, "--cleanup=verbatim", "--file", str(note), name, at),
        )


def tag_message(root: Path, name: str) -> str:
    """Return what an annotated tag says."""
    return _must(
        root, f"there is no tag {name}", "for-each-ref", "--format=%(contents)", f"refs/tags/{name}"
    )


def commit_of(root: Path, name: str) -> str:
    """Return the commit of a tag here; empty: there is none."""
    said = _git(root, "rev-parse", "--verify", "--quiet", f"refs/tags/{name}^{{commit}}")
    return said.out.strip() if said.code == 0 else ""


def parents(root: Path, at: str) -> tuple[str, ...]:
    """Return the parents of a commit that is here; of one that is not, none."""
    said = _git(root, "rev-list", "--parents", "--max-count=1", at)
    return tuple(said.out.split()[1:]) if said.code == 0 else ()


def subject(root: Path, at: str) -> str:
    """Return the first line of a commit's message."""
    return _must(root, "there is no such commit", "log", "-1", "--format=%s", at)


def ahead(root: Path) -> tuple[str, ...]:
    """Return the tags of what comes after HEAD."""
    said = _must(
        root,
        "git could not list tags",
        *(
            "for-each-ref",
            "--contains=HEAD",
            "--no-merged=HEAD",
            "--format=%(refname)",
            "refs/tags",
        ),
    )
    return tuple(line.removeprefix("refs/tags/") for line in said.splitlines())


def is_same(root: Path, one: str, other: str) -> bool:
    """Return whether two commits have the same files and parent; the first may be unknown."""
    said = _git(root, "rev-parse", "--verify", "--quiet", f"{one}^{{tree}}")
    if said.code != 0:
        return False
    tree = _must(root, "there is no such commit", "rev-parse", f"{other}^{{tree}}")
    return said.out.strip() == tree and parents(root, one) == parents(root, other)


def drop_tag(root: Path, name: str) -> None:
    """Remove a tag, here alone."""
    _must(root, f"git could not remove the tag {name}", "tag", "--delete", name)


def push(root: Path, remote: str, *refs: str) -> None:
    """Push all of the refs or none.

    Raises:
        RemoteRefusedError: the remote took none.

    """
    said = _git(root, "push", "--atomic", "--no-follow-tags", "--porcelain", remote, *refs)
    # The same commit and tag, pushed by somebody else a moment ago, are no success of this push.
    if said.code == 0 and "\n=\t" not in f"\n{said.out}":
        return
    text = f"{said.out}\n{said.err}"
    lowered = text.lower()
    hint = "see what it says, and run the same command again: nothing was published"
    if "protected" in lowered or "gh006" in lowered or "gh013" in lowered:
        hint = 'the branch takes no push: set mode = "pull-request" under [release] in refctl.toml'
    elif "atomic" in lowered and "not support" in lowered:
        hint = "the remote cannot take commit and tag at once: another server is needed"
    raise RemoteRefusedError(
        f"{remote} did not take the release",
        hint=hint,
        detail=tuple(text.strip().splitlines()[-10:]),
    )


def fetch(root: Path, remote: str, ref: str) -> None:
    """Fetch what one ref leads to; nothing here refers to it.

    Raises:
        RemoteRefusedError: it did not come.

    """
    said = _git(root, "fetch", "--quiet", "--no-tags", remote, ref)
    if said.code != 0:
        raise RemoteRefusedError(
            f"{remote} did not give {ref}", detail=tuple(said.err.splitlines()[-10:])
        )


def forward(root: Path, to: str) -> None:
    """Move the branch that is checked out, and its files, on to a commit that follows."""
    said = _git(root, "merge", "--ff-only", "--quiet", "--no-verify-signatures", to)
    if said.code != 0:
        raise ConfigurationError(
            "the release is out, but the files here could not follow it",
            hint="git pull --ff-only --tags",
            detail=tuple(said.err.splitlines()[-10:]),
        )


@contextmanager
def worktree(root: Path, place: Path, at: str) -> Iterator[None]:
    """Have the files of a commit in a place of their own, as long as the block lasts."""
    _drop_worktree(root, place)  # of a run that was killed
    # Hooks are for people's own checkouts.
    quiet = ("-c", f"core.hooksPath={os.devnull}", "worktree", "add", "--detach", "--force")
    _must(root, "git could not copy the commit", *quiet, "--quiet", str(place), at)
    try:
        yield
    finally:
        _drop_worktree(root, place)


def _drop_worktree(root: Path, place: Path) -> None:
    _git(root, "worktree", "remove", "--force", "--force", str(place))
    shutil.rmtree(place, ignore_errors=True)
    _git(root, "worktree", "prune")


def is_on_remote(root: Path, commit: str) -> bool:
    """Return whether a branch of a remote contains the commit, by what was last fetched."""
    argv = ("for-each-ref", "--count=1", "--contains", commit, "refs/remotes")
    return bool(_git(root, *argv).out.strip())


def contains(root: Path, ancestor: str, at: str) -> bool:
    """Return whether one commit contains another; both may be unknown here."""
    return _git(root, "merge-base", "--is-ancestor", ancestor, at).code == 0
