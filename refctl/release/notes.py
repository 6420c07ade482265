"""Notes of a release: what changed for its users, by category, what breaks first."""

from __future__ import annotations

import re

from refctl.core.record import Record

TYPE_CHECKING = False  # importing typing takes too long: see core/record
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from refctl.release.changes import Change, Read
    from refctl.release.links import Links
    from refctl.release.policy import Policy

BREAKING = "Breaking changes"
# The order of Keep a Changelog; what a project adds comes after.
ORDER = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
SECURITY = ("security", "sec")
MANY = 20
"""Entries of a category that people would search, and not read from the top."""
_CODE = r"(`+[^`]*`+)"
_MARKS = r"[<*\[]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|\\(?=[!-/:-@\[-`{-~])"
# At the beginning alone; `#12` is no heading.
_BLOCK = r"\A(?:#(?=#{0,5}(?:\s|\Z))|>|[-+](?=\s))"


class Note(Record):
    """One entry."""

    change: Change
    read: Read


class Section(Record):
    """A category with its entries, newest first; many of them by scope."""

    title: str
    notes: tuple[Note, ...]


class Release(Record):
    """A version as its notes present it."""

    version: str
    """Empty: what is not released yet."""
    tag: str
    day: str
    before: str
    """The tag of the release before; empty for the first."""
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        """What its heading says."""
        return self.version or "Unreleased"


class Part(Record):
    """What a changelog says of one release; it is whole in itself."""

    heading: str
    body: str
    reference: str
    """The address that the heading leads to."""

    @property
    def text(self) -> str:
        """All of it."""
        return "\n\n".join(filter(None, self)) + "\n"


def sections(reads: Iterable[Read], policy: Policy) -> tuple[Section, ...]:
    """Return the categories that have something, in their order."""
    found: dict[str, list[Note]] = {BREAKING: [], **{title: [] for title in ORDER}}
    for one in reads:
        for change in one.changes:
            title = _title(change, policy.sections)
            if title:
                found.setdefault(title, []).append(Note(change, one))
    return tuple(Section(title, _ordered(notes)) for title, notes in found.items() if notes)


def _ordered(notes: list[Note]) -> tuple[Note, ...]:
    """Return a few as they are, newest first; of many, those of one scope together."""
    if len(notes) > MANY:
        notes.sort(key=lambda note: note.change.scope.lower())
    return tuple(notes)


def _title(change: Change, titles: Mapping[str, str]) -> str:
    if change.breaking:
        return BREAKING
    if change.type == "fix" and change.scope.lower() in SECURITY:
        return "Security"
    return titles.get(change.type, "")


def body(release: Release, links: Links) -> str:
    """Return the categories as Markdown."""
    parts = []
    for section in release.sections:
        entries = "\n".join(_entry(note, links) for note in section.notes)
        parts.append(f"### {section.title}\n\n{entries.rstrip()}\n")
    return "\n".join(parts)


def heading(release: Release, links: Links) -> str:
    """Return the heading of the release in a changelog."""
    page = page_of(release, links)
    title = f"[{release.title}]" if page else release.title
    return f"## {title} - {release.day}" if release.day else f"## {title}"


def page_of(release: Release, links: Links) -> str:
    """Return the page that compares the release with the one before."""
    return (
        links.compare(release.before, release.tag or "HEAD")
        if release.tag or release.before
        else ""
    )


def part(release: Release, links: Links, text: str | None = None) -> Part:
    """Return the release's part of a changelog; `text` in place of its categories."""
    page = page_of(release, links)
    return Part(
        heading(release, links),
        (body(release, links) if text is None else text).strip("\n"),
        f"[{release.title}]: {page}" if page else "",
    )


def _entry(note: Note, links: Links) -> str:
    change, one = note
    scope = f"**{change.scope}:** " if change.scope else ""
    entry = one.entry
    known = [_link(one.request, links.request(one.request))] if one.request else []
    known.append(_link(entry.hash[:7], links.commit(entry.hash[:12])))
    known += (f"closes {_link('#' + number, links.issue(number))}" for number in one.issues)
    known += (f"refs {_link('#' + number, links.issue(number))}" for number in one.mentions)
    line = f"- {scope}{_escaped(change.subject)} ({', '.join(known)})"
    author = links.author(entry.author, entry.email)
    if author:
        line += f" by {author}"
    if change.migration:
        line += (
            "\n\n"
            + "\n".join(f"  {part}".rstrip() for part in change.migration.splitlines())
            + "\n"
        )
    return line


def _link(words: str, page: str) -> str:
    return f"[{words}]({page})" if page else words


def _escaped(subject: str) -> str:
    """Return the subject readable: what Markdown takes for a tag, emphasis, link or heading."""
    if not any(mark in subject for mark in "<*_[\\#>+-"):
        return subject
    parts = re.split(_CODE, subject)
    return "".join(
        part if index % 2 else re.sub(_MARKS if index else f"{_BLOCK}|{_MARKS}", r"\\\g<0>", part)
        for index, part in enumerate(parts)
    )


def as_json(release: Release, links: Links) -> dict[str, Any]:
    """Return the release for `--json` and for templates."""
    return {
        "version": release.version or None,
        "tag": release.tag or None,
        "date": release.day or None,
        "previous": release.before or None,
        "compare": page_of(release, links) or None,
        "sections": [
            {"title": section.title, "entries": [_data(note, links) for note in section.notes]}
            for section in release.sections
        ],
    }


def _data(note: Note, links: Links) -> dict[str, Any]:
    change, one = note
    return {
        "type": change.type,
        "scope": change.scope,
        "subject": change.subject,
        "breaking": change.breaking,
        "migration": change.migration,
        "hash": one.entry.hash,
        "commit": links.commit(one.entry.hash[:12]),
        "request": one.request,
        "issues": [*one.issues, *one.mentions],
        "author": one.entry.author,
    }
