"""The changelog: every release with its commits, and the file that keeps what people wrote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from refctl.core.errors import UsageError
from refctl.release import changes, notes, versions
from refctl.tools import history

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from refctl.release.policy import Policy
    from refctl.release.versions import Version
    from refctl.tools.history import Entry, Placed

HEAD = """\
# Changelog

What changed for those who use it, newest first, in the form of
[Keep a Changelog](https://keepachangelog.com/en/1.1.0/); versions are those of
[Semantic Versioning](https://semver.org/spec/v2.0.0.html).
"""
_VERSION = r"(?m)^## +\[?v?([0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*)\]?"
_ANY = r"(?m)^## "
_UNRELEASED = r"(?mi)^## +\[?unreleased\]?.*\n?"
_REFERENCES = r"(?m)^\[[^\]\n]+\]: \S+.*$"


class _Point(NamedTuple):
    version: Version
    tag: str
    commit: str
    day: str


def releases(
    entries: Iterable[Entry],
    placed: Iterable[Placed],
    policy: Policy,
    *,
    after: str = "",
    until: str = "",
) -> tuple[notes.Release, ...]:
    """Return the releases among these commits, newest first; the first may have no version yet.

    A final release has what its pre-releases had. `after` and `until` are tags: only what came
    after the one, up to the other.

    Raises:
        UsageError: a tag is none of the releases.

    """
    known = {entry.hash: entry for entry in entries}
    points = _points(placed, known, policy)
    names = [point.tag for point in points]
    for tag in filter(None, (after, until)):
        if tag not in names:
            raise UsageError(
                f"{tag} is no release that HEAD contains", hint="git tag --merged HEAD lists them"
            )
    free = {hashed: index for index, hashed in enumerate(known)}
    found: list[notes.Release] = []
    before = ""
    for point in points:
        own = _taken(point.commit, known, free)
        found.append(
            _release(
                own, policy, version=point.version, tag=point.tag, day=point.day, before=before
            )
        )
        before = point.tag
    if free and not until:
        own = tuple(known[one] for one in free)
        found.append(_release(own, policy, version=None, tag="", day="", before=before))
        if not found[-1].sections:
            found.pop()
    first = names.index(after) + 1 if after else 0
    last = names.index(until) + 1 if until else len(found)
    return tuple(reversed(found[first:last]))


def _points(placed: Iterable[Placed], known: Mapping[str, Entry], policy: Policy) -> list[_Point]:
    """Return the releases, oldest first; a pre-release only where no final one has come since."""
    points = [
        _Point(version, one.tag, one.commit, one.day)
        for one in placed
        if one.commit in known and (version := policy.tags.version(one.tag)) is not None
    ]
    final = [point for point in points if not point.version.prerelease]
    final.sort(key=lambda point: point.version[:3])
    later = [
        point
        for point in points
        if point.version.prerelease
        and (not final or versions.compare(point.version, final[-1].version) > 0)
    ]
    return [*final, *_sorted(later)]


def _sorted(points: list[_Point]) -> list[_Point]:
    from functools import cmp_to_key

    def order(one: _Point, other: _Point) -> int:
        return versions.compare(one.version, other.version)

    return sorted(points, key=cmp_to_key(order))


def _taken(start: str, known: Mapping[str, Entry], free: dict[str, int]) -> tuple[Entry, ...]:
    """Return what a commit contains and no release before it did; it is free no more."""
    ahead = [start]
    found: list[tuple[int, Entry]] = []
    while ahead:
        one = ahead.pop()
        if one in free:
            found.append((free.pop(one), known[one]))
            ahead += known[one].parents
    found.sort()  # as git lists them: newest first
    return tuple(entry for _, entry in found)


def _release(
    entries: tuple[Entry, ...],
    policy: Policy,
    *,
    version: Version | None,
    tag: str,
    day: str,
    before: str,
) -> notes.Release:
    reads = changes.read(entries, policy, zero=False)
    return notes.Release(
        str(version) if version else "", tag, day, before, notes.sections(reads, policy)
    )


def section(text: str, version: str) -> str | None:
    """Return what the file says of a version, without its heading; None: nothing."""
    for found in re.finditer(_VERSION, text):
        if found[1] == version:
            start = text.find("\n", found.end())
            if start < 0:
                return ""
            end = re.compile(_ANY).search(text, start)
            part = text[start : end.start() if end else len(text)]
            own = rf"(?m)^\[{re.escape(version)}\]: \S+.*$"
            return re.sub(own, "", part).strip("\n") + "\n"
    return None


def updated(text: str, version: str, part: notes.Part) -> str:
    """Return the file with the part of a version in its place; all else stays as it is.

    What stands under `Unreleased` becomes part of the release: each category goes below what people
    wrote in it. A version that the file has already is left alone.
    """
    if section(text, version) is not None:
        return text
    if not text.strip():
        return f"{HEAD}\n{part.text}"
    unreleased = re.search(_UNRELEASED, text)
    if unreleased is None:
        first = re.search(_ANY, text)
        if first is None:
            return f"{text.rstrip()}\n\n{part.text}"
        return f"{text[: first.start()]}{part.text}\n{text[first.start() :]}"
    after = re.compile(_ANY).search(text, unreleased.end())
    end = after.start() if after else len(text)
    own, references = _apart(text[unreleased.end() : end], last=after is None)
    parts = (
        text[: unreleased.end()].rstrip("\n"),
        part.heading,
        _joined(own.strip("\n"), part.body.strip("\n")),
        part.reference,
        references.strip("\n"),
    )
    above = "\n\n".join(filter(None, parts)) + "\n"
    return f"{above}\n{text[end:]}" if text[end:] else above


def _apart(own: str, *, last: bool) -> tuple[str, str]:
    """Return what stands under a heading, and the addresses below it, which are the file's."""
    found = re.search(_REFERENCES, own) if last else None
    return (own[: found.start()], own[found.start() :]) if found else (own, "")


def _joined(own: str, generated: str) -> str:
    """Return what people wrote with what was found, category by category."""
    if not own:
        return generated
    # Split by a group: what is before the first heading, then heading and text by turns.
    before, *parts = re.split(r"(?m)^(### .+)$", generated)
    if before.strip():
        return f"{own}\n\n{generated}"
    for heading, text in zip(parts[::2], parts[1::2], strict=True):
        entries = text.strip("\n")
        place = re.search(rf"(?m)^{re.escape(heading)}[ \t]*$", own)
        if place is None:
            own = f"{own}\n\n{heading}\n\n{entries}"
            continue
        following = re.compile(r"(?m)^### ").search(own, place.end())
        end = following.start() if following else len(own)
        above = f"{own[:end].rstrip()}\n{entries}"
        own = f"{above}\n\n{own[end:]}" if own[end:] else above
    return own


def read(
    root: str, policy: Policy, *, after: str = "", until: str = ""
) -> tuple[notes.Release, ...]:
    """Return the releases of the repository."""
    log = history.Log(root, None)
    placed = history.places(root)
    return releases(log.entries() or (), placed, policy, after=after, until=until)
