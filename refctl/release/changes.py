"""What commits change: each message read, squashes taken apart, reverts paired."""

from __future__ import annotations

import re

from refctl.core import commits
from refctl.core.commits import TYPES, Commit
from refctl.core.record import Record

TYPE_CHECKING = False  # importing typing takes too long: see core/record
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from refctl.release.policy import Policy
    from refctl.tools.history import Entry

# Not compiled here: a release asks for few of them, and each costs what reading ten commits does.
# The first line of a squashed commit: GitHub and GitLab list them so.
_ITEM = rf"(?i)[*-] (?=(?:{'|'.join(TYPES)})(?:\([^()\n]+\))?!?: )"
_RULE = r"-{3,}\s*"
# git merge --squash shows a log.
_LOGGED = r"(?m)^commit [0-9a-f]{7,64}\n(?:[A-Z]\w+:.*\n)+"
_REVERT = r'(?:Revert|Reapply) "(.*)"'
_TAKEN_BACK = (
    r"\bThis reverts commit ([0-9a-f]{7,64})(?:, reversing\s+changes made to ([0-9a-f]{7,64}))?"
)
_HASH = r"\b[0-9a-f]{7,64}\b"
_NUMBERS = r"\b:?[ \t]+((?:#[0-9]+)(?:(?:,|[ \t]|and)+#[0-9]+)*)"
_CLOSED = rf"(?i)\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?){_NUMBERS}"
_MENTIONED = rf"(?i)\brefs?{_NUMBERS}"
_REQUEST = r"\s*\(([#!])([0-9]+)\)$"
_REQUEST_BELOW = r"(?m)^See merge request \S*!([0-9]+)$"
_NEARLY = r"(?im)^[*\s-]*BREAKING[ -]?CHANGES?\b"


class Change(Record):
    """One thing that is different, as a commit says it."""

    type: str
    scope: str
    subject: str
    breaking: bool
    migration: str
    """What the commit says of what breaks."""
    level: str
    """What it asks of the version; empty: nothing."""


class Read(Record):
    """A commit of history with what it changes."""

    entry: Entry
    changes: tuple[Change, ...]
    why: str
    """Why it asks of the version what it does, or nothing."""
    release_as: str = ""
    request: str = ""
    """The pull or merge request it came by: # or !, and a number."""
    issues: tuple[str, ...] = ()
    """Those that it closes."""
    remark: str = ""
    mentions: tuple[str, ...] = ()
    """Issues that it refers to, and that stay open."""

    @property
    def header(self) -> str:
        """The first line of the message."""
        return self.entry.message.lstrip("\n").partition("\n")[0].rstrip()


def read(entries: Iterable[Entry], policy: Policy, *, zero: bool) -> tuple[Read, ...]:
    """Return what the commits change, in their order; `zero`: nothing is stable yet."""
    known = tuple(entries)
    cancelled = _cancelled(known)
    return tuple(_read(entry, policy, cancelled, zero=zero) for entry in known)


def _read(entry: Entry, policy: Policy, cancelled: Mapping[str, str], *, zero: bool) -> Read:
    why = cancelled.get(entry.hash)
    if why is not None:
        return Read(entry, (), why)
    message = commits.one_line_ending(entry.message)
    request = _request(message)
    if len(entry.parents) > 1:
        if not policy.merge_commits:
            return Read(entry, (), "merge commits are not looked at")
        message = _of_merge(message)
    found = tuple(_commits(message))
    changes = tuple(_change(one, policy, zero=zero) for one in found)
    why = _reason(changes)
    body = message.partition("\n")[2]
    release_as = _release_as(body) if "elease-" in body or "ELEASE-" in body else ""
    remark = ""
    if (
        body
        and "REAK" in body.upper()
        and not any(c.breaking for c in found)
        and re.search(_NEARLY, body)
    ):
        remark = (
            "speaks of a breaking change, and not in a footer: 'BREAKING CHANGE: ' must begin a "
            "paragraph or follow another footer"
        )
    closed = _numbers(_CLOSED, body)
    mentioned = tuple(one for one in _numbers(_MENTIONED, body) if one not in closed)
    return Read(
        entry,
        changes,
        why,
        release_as,
        request,
        closed,
        remark,
        mentioned,
    )


def _numbers(pattern: str, body: str) -> tuple[str, ...]:
    if "#" not in body:
        return ()
    groups = re.findall(pattern, body)
    return tuple(dict.fromkeys(n for group in groups for n in re.findall(r"[0-9]+", group)))


def _release_as(body: str) -> str:
    wanted = [value for token, value in commits.footers_of(body) if token.lower() == "release-as"]
    return wanted[-1].split()[0] if wanted else ""


def _reason(changes: tuple[Change, ...]) -> str:
    if not changes:
        return "not a conventional commit"
    best = changes[0]
    for change in changes[1:]:
        if _rank(change.level) > _rank(best.level):
            best = change
    return f"{'breaking' if best.breaking else best.type}: {best.level or 'no release'}"


def _rank(level: str) -> int:
    return ("", "patch", "minor", "major").index(level)


def level_of(reads: Iterable[Read]) -> str:
    """Return the most that any of the commits asks for."""
    best = ""
    for one in reads:
        for change in one.changes:
            if _rank(change.level) > _rank(best):
                best = change.level
    return best


def _change(commit: Commit, policy: Policy, *, zero: bool) -> Change:
    level = policy.bumps.get(commit.type, "")
    if commit.breaking:
        level = "minor" if zero and not policy.major_on_zero else "major"
    subject = _untitled(commit.subject)
    return Change(commit.type, commit.scope, subject, commit.breaking, commit.migration, level)


def _commits(message: str) -> Iterator[Commit]:
    """Yield the commits that a message speaks of: itself, and those squashed into it."""
    header, _, rest = message.partition("\n")
    items: list[str] = []
    if rest:
        items = _logged(rest) if "\ncommit " in rest else []
        if not items and ("* " in rest or "- " in rest):
            rest, items = _listed(rest)
    own = commits.read(f"{header}\n{rest}" if rest else header)
    if own is None and (revert := re.match(_REVERT, header)) is not None:
        own = Commit("revert", "", breaking=False, subject=revert[1])
    seen = set()
    if own is not None:
        yield own
        seen.add((own.type, _untitled(own.subject)))
    for item in items:
        one = commits.read(item)
        # The request has often the title of its only commit.
        if one is not None and (one.breaking or (one.type, one.subject) not in seen):
            if own is not None and one.breaking and own.breaking and one.subject == own.subject:
                continue
            seen.add((one.type, one.subject))
            yield one


def _untitled(subject: str) -> str:
    """Return the subject without the number that a host adds to it."""
    return re.sub(_REQUEST, "", subject) if subject.endswith(")") else subject


def _listed(rest: str) -> tuple[str, list[str]]:
    """Return what is not of a list of commits, and that list."""
    outside: list[str] = []
    items: list[list[str]] = []
    inside = False
    before = ""
    for line in rest.split("\n"):
        follows = not before.strip() or (inside and len(items[-1]) == 1)
        if follows and re.match(_ITEM, line):
            items.append([line[2:]])
            inside = True
        elif inside and re.fullmatch(_RULE, line):
            inside = False  # below it the host says who took part
        elif inside:
            items[-1].append(line)
        else:
            outside.append(line)
        before = line
    return "\n".join(outside), ["\n".join(item) for item in items]


def _logged(rest: str) -> list[str]:
    parts = re.split(_LOGGED, rest)[1:]
    return [
        "\n".join(line.removeprefix("    ") for line in part.strip("\n").split("\n"))
        for part in parts
    ]


def _of_merge(message: str) -> str:
    """Return the message of a merge; where a host wrote its first line, the title is below."""
    header, _, rest = message.partition("\n")
    return rest.strip("\n") if header.startswith("Merge ") and rest.strip() else message


def _request(message: str) -> str:
    header, _, rest = message.partition("\n")
    found = re.search(_REQUEST, header.rstrip()) if header.endswith(")") else None
    if found is not None:
        return found[1] + found[2]
    if header.startswith("Merge pull request #"):
        return "#" + header.removeprefix("Merge pull request #").partition(" ")[0]
    below = re.search(_REQUEST_BELOW, rest) if "See merge request" in rest else None
    return f"!{below[1]}" if below else ""


class _Revert(Record):
    """What a commit takes back."""

    inside: tuple[str, ...]
    """Commits among those that are looked at."""
    outside: bool
    """There are others, which were released before."""


def _cancelled(entries: tuple[Entry, ...]) -> dict[str, str]:
    """Return the commits that come to nothing, and why: what is taken back, and what takes back."""
    reverts: dict[str, _Revert] = {}
    taken_by: dict[str, list[str]] = {}
    for entry in entries:
        revert = _takes_back(entry, entries)
        if revert is not None:
            reverts[entry.hash] = revert
            for one in revert.inside:
                taken_by.setdefault(one, []).append(entry.hash)
    known: dict[str, bool] = {}

    def is_taken(one: str) -> bool:
        # Nobody can take back a commit that is not there yet; a message can still claim it.
        if one not in known:
            known[one] = False
            known[one] = any(not is_taken(taker) for taker in taken_by.get(one, ()))
        return known[one]

    why: dict[str, str] = {}
    for one, takers in taken_by.items():
        if is_taken(one):
            active = next(taker for taker in takers if not is_taken(taker))
            why[one] = f"taken back by {active[:9]}"
    for hashed, revert in reverts.items():
        if hashed not in why and revert.inside and not revert.outside:
            why[hashed] = f"takes back {revert.inside[0][:9]}, which was not released"
    return why


def _takes_back(entry: Entry, entries: tuple[Entry, ...]) -> _Revert | None:
    """Return what a commit takes back by its own words, paired by hash; None: it is no revert."""
    if "evert" not in entry.message and "EVERT" not in entry.message:
        return None
    header, _, rest = commits.one_line_ending(entry.message).partition("\n")
    written = commits.read(f"{header}\n{rest}")
    if not re.match(_REVERT, header) and (written is None or written.type != "revert"):
        return None
    named = [(found[1], found[2]) for found in re.finditer(_TAKEN_BACK, rest)]
    if not named and written is not None:
        values = (*written.values("refs"), *written.values("reverts"))
        named = [(one, None) for value in values for one in re.findall(_HASH, value)]
    inside: list[str] = []
    outside = False
    for short, onto in named:
        one = next((each.hash for each in entries if each.hash.startswith(short)), None)
        if one is None:
            outside = True
            continue
        inside.append(one)
        if onto:  # a merge: what it brought goes with it
            brought = within(entries, one) - within(entries, onto) - {one}
            inside += (each.hash for each in entries if each.hash in brought)
    return _Revert(tuple(inside), outside)


def within(entries: tuple[Entry, ...], start: str) -> set[str]:
    """Return the commits among these that the one called `start` contains, itself included."""
    parents = {entry.hash: entry.parents for entry in entries}
    ahead = [one for one in parents if one.startswith(start)]
    found: set[str] = set()
    while ahead:
        one = ahead.pop()
        if one not in found:
            found.add(one)
            ahead += (parent for parent in parents[one] if parent in parents)
    return found
