"""git: tags, and the commits since one of them. What it costs does not grow with what is there.

Listing names is cheap, and so is the way from a tag to HEAD; what git would have to walk all of
history for (which tags does HEAD contain?) is asked only where the newest tag is on another branch.
"""

from __future__ import annotations

from refctl.core.errors import ConfigurationError
from refctl.core.record import Record
from refctl.tools.proc import Question

TYPE_CHECKING = False  # importing typing takes too long: see core/record
if TYPE_CHECKING:
    from collections.abc import Iterable

    from refctl.tools.proc import Said

# As tools.git has it: that module reads paths, which costs more than asking git does.
_ENVIRONMENT: dict[str, str | None] = {
    "LC_ALL": "C",
    **dict.fromkeys(("GIT_DIR", "GIT_WORK_TREE", "GIT_PREFIX")),
}
_FORMAT = "%m%H%x1f%P%x1f%aN%x1f%aE%x1f%B"
# Where a person's configuration would add lines or another encoding.
_PLAIN = ("-c", "log.showSignature=false", "-c", "i18n.logOutputEncoding=UTF-8")


class Entry(Record):
    """One commit of the history."""

    hash: str
    parents: tuple[str, ...]
    author: str
    email: str
    message: str


class Checkout(Record):
    """What is checked out."""

    top: str
    branch: str
    """Empty where HEAD is on none."""
    tags: tuple[str, ...]
    """All names of tags, whatever they are on."""


def _ask(root: str, *arguments: str) -> Question:
    return Question(("git", *arguments), cwd=root, env=_ENVIRONMENT)


def _said(question: Question, root: str) -> str:
    said = question.answer()
    if said.code != 0:
        raise _unreadable(root, said)
    return said.out


def _unreadable(root: str, said: Said) -> ConfigurationError:
    return ConfigurationError(
        f"git could not read the history of {root}", detail=tuple(said.err.splitlines()[-5:])
    )


class Looking(Record):
    """Git at work: its answers are there by the time they are asked for."""

    root: str
    where: Question
    tags: Question


def begin(root: str) -> Looking:
    """Ask what is checked out, and which tags there are."""
    return Looking(
        root,
        _ask(
            root,
            *("rev-parse", "--show-toplevel", "--is-shallow-repository"),
            *("--symbolic-full-name", "HEAD"),
        ),
        _ask(root, "for-each-ref", "--format=%(refname)", "refs/tags"),
    )


def look(begun: Looking) -> Checkout:
    """Return what is checked out.

    Raises:
        ConfigurationError: no repository, no commit, or not all of the history.

    """
    said, names = begun.where.answer(), begun.tags.answer()
    lines = said.out.splitlines()
    if "dubious ownership" in said.err:
        raise ConfigurationError(
            f"{begun.root} belongs to another user: git does not read it",
            hint=f"git config --global --add safe.directory {begun.root}",
        )
    if not lines:
        raise ConfigurationError(
            f"{begun.root} is not in a git repository", hint="change into one, or: git init"
        )
    if said.code != 0:
        raise ConfigurationError(
            "there is no commit yet: nothing can be released", hint="git commit"
        )
    top, shallow, head = (*lines, "")[:3]
    if shallow == "true":
        raise ConfigurationError(
            "this is a shallow clone: what was released before is not in it",
            hint="git fetch --unshallow --tags (in a workflow: checkout with fetch-depth: 0)",
        )
    return Checkout(
        top,
        head.removeprefix("refs/heads/") if head.startswith("refs/heads/") else "",
        tuple(name.removeprefix("refs/tags/") for name in names.out.splitlines()),
    )


class Log:
    """The commits from a tag on: asked for at once, read when they are needed."""

    def __init__(self, root: str, tag: str | None, until: str = "HEAD") -> None:
        self._root = root
        self._tag = tag
        commits = ("--left-right", f"refs/tags/{tag}...{until}") if tag is not None else (until,)
        self._question = _ask(root, *_PLAIN, "log", "-z", f"--format={_FORMAT}", *commits, "--")

    def entries(self) -> tuple[Entry, ...] | None:
        """Return the commits, newest first; None: HEAD does not contain the tag."""
        said = self._question.answer()
        if said.code != 0:
            if self._tag is not None:  # a tag may name a file
                return None
            raise _unreadable(self._root, said)
        entries = []
        for record in said.out.split("\0"):
            if not record:
                continue
            if record[0] == "<":
                return None
            hashed, parents, author, email, message = record.split("\x1f", 4)
            entries.append(Entry(hashed[1:], tuple(parents.split()), author, email, message))
        return tuple(entries)


def merged(root: str, until: str = "HEAD") -> tuple[str, ...]:
    """Return the tags that HEAD contains."""
    question = _ask(root, "for-each-ref", f"--merged={until}", "--format=%(refname)", "refs/tags")
    return tuple(name.removeprefix("refs/tags/") for name in _said(question, root).splitlines())


class Placed(Record):
    """A tag, the commit that it is on, and the day when it was made."""

    tag: str
    commit: str
    day: str


def places(root: str, tags: Iterable[str] = ()) -> tuple[Placed, ...]:
    """Return where the tags are, or all of them."""
    patterns = tuple(f"refs/tags/{tag}" for tag in tags) or ("refs/tags",)
    form = "%(refname)%00%(objectname)%00%(*objectname)%00%(creatordate:format:%Y-%m-%d)"
    said = _said(_ask(root, "for-each-ref", f"--format={form}", *patterns), root)
    placed = (line.split("\0") for line in said.splitlines())
    return tuple(
        Placed(name.removeprefix("refs/tags/"), inner or outer, day)
        for name, outer, inner, day in placed
    )


def remote_url(root: str, remote: str) -> Question:
    """Ask for where the remote is; the answer is empty where there is none."""
    return _ask(root, "remote", "get-url", remote)
