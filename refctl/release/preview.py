"""What a release would be: looked up, decided, written down; nothing is touched."""

from __future__ import annotations

from refctl.core.marker import find_folder
from refctl.core.record import Record
from refctl.core.result import Result
from refctl.release.gathering import Search
from refctl.release.policy import Policy, policy
from refctl.release.versions import hold_identifiers
from refctl.tools import history

TYPE_CHECKING = False  # importing typing takes too long: see core/record
if TYPE_CHECKING:
    from typing import Any

    from refctl.core.config_release import Release as Configuration
    from refctl.release import notes
    from refctl.release.changes import Read
    from refctl.release.links import Links
    from refctl.release.planning import Next
    from refctl.tools.history import Looking


class Preview(Record):
    """The next release and what it says."""

    root: str
    """The folder of refctl.toml, or the top of the repository."""
    policy: Policy
    configuration: Configuration | None
    """None: the repository has no refctl.toml."""
    next: Next
    links: Links
    release: notes.Release
    notes: str


def look(
    folder: str, *, begun: Looking | None = None, prerelease: str = "", build: str = ""
) -> Preview:
    """Return what a release from the folder's repository would be; git may have begun to look.

    Raises:
        ConfigurationError: the repository, or what is due, is not as it must be.
        UsageError: what was asked for is part of no version.

    """
    hold_identifiers(prerelease, build)
    checkout = history.look(begun or history.begin(folder))
    root, rules, configuration = settings(folder, checkout.top)
    channel = rules.channel(checkout.branch, prerelease)
    search = Search(checkout, rules, channel)
    url = history.remote_url(checkout.top, rules.remote)
    # While git searches.
    from refctl.release import notes
    from refctl.release.links import links
    from refctl.release.planning import decide

    try:
        found = decide(rules, channel, search.facts(), build=build)
    finally:
        pages = links(url.answer().out.strip())
    release = notes.Release(
        version=str(found.version) if found.version else "",
        tag=found.tag,
        day="",
        before=found.since.tag if found.since else "",
        sections=notes.sections(found.commits, rules),
    )
    template = configuration.template if configuration else ""
    if template:
        from refctl.release.template import render

        text = render(root, template, release, pages)
    else:
        text = notes.body(release, pages)
    return Preview(root, rules, configuration, found, pages, release, text)


def settings(folder: str, top: str) -> tuple[str, Policy, Configuration | None]:
    """Return the folder of refctl.toml with what that says; without one, the defaults."""
    root = find_folder(folder, up_to=top)
    if root is None:
        return top, Policy(), None
    from pathlib import Path

    from refctl.core.config import load
    from refctl.core.marker import MARKER

    configuration = load(Path(root) / MARKER).release
    return root, policy(configuration), configuration


def files(preview: Preview) -> list[dict[str, str]]:
    """Return the files that the release changes, and where in them."""
    found = []
    if preview.configuration is not None:
        found = [
            {"path": one.path, "where": one.key or one.pattern}
            for one in preview.configuration.files
        ]
    if preview.policy.changelog:
        found.append({"path": preview.policy.changelog, "where": "the newest section"})
    return found


def as_data(preview: Preview) -> dict[str, Any]:
    """Return the plan for programs."""
    found = preview.next
    return {
        "current": str(found.current.version) if found.current else None,
        "next": str(found.version) if found.version else None,
        "bump": found.level if found.version else None,
        "tag": found.tag or None,
        "branch": found.channel.branch or None,
        "channel": found.channel.name or None,
        "prerelease": bool(found.version and found.version.prerelease),
        "since": found.since.tag if found.since else None,
        "commits": [_commit(one) for one in found.commits],
        "files": files(preview) if found.version else [],
        "notes": preview.notes,
        "remarks": list(found.remarks),
    }


def _commit(one: Read) -> dict[str, Any]:
    level = max((change.level for change in one.changes), key=_rank, default="")
    first = one.changes[0] if one.changes else None
    return {
        "hash": one.entry.hash,
        "header": one.header,
        "type": first.type if first else None,
        "scope": (first.scope or None) if first else None,
        "subject": first.subject if first else one.header,
        "breaking": any(change.breaking for change in one.changes),
        "bump": level or None,
        "why": one.why,
        "author": one.entry.author,
        "changes": [
            {
                "type": change.type,
                "scope": change.scope or None,
                "subject": change.subject,
                "breaking": change.breaking,
                "bump": change.level or None,
            }
            for change in one.changes
        ],
    }


def _rank(level: str) -> int:
    return ("", "patch", "minor", "major").index(level)


def report(preview: Preview) -> Result:
    """Return the plan for people and programs."""
    found = preview.next
    current = str(found.current.version) if found.current else "no release"
    since = f"since {found.since.tag}" if found.since else "since the beginning"
    count = len(found.commits)
    commits = f"{count} commit{'' if count == 1 else 's'} {since}"
    if found.version is None:
        head = (f"nothing is due: {current}, and {commits} that ask for none",)
    else:
        kind = f"{found.level}, {found.channel.name or 'no channel'}"
        head = (f"{current} → {found.version}  ({kind}; {commits})",)
    lines = [*head, *(f"note: {remark}" for remark in found.remarks)]
    if found.commits:
        lines += ["", "commits"]
        width = max(len(one.why) for one in found.commits)
        lines += (
            f"  {one.entry.hash[:9]}  {one.why.ljust(width)}  {one.header}" for one in found.commits
        )
    if found.version is not None:
        changed = files(preview)
        if changed:
            lines += ["", "files", *(f"  {one['path']}  {one['where']}" for one in changed)]
        lines += ["", "notes", *(f"  {line}".rstrip() for line in preview.notes.splitlines())]
    return Result(data=as_data(preview), lines=tuple(lines))
