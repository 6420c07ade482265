"""What was released: the changelog from the commits, and the notes of one release."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from refctl.core.errors import UsageError
from refctl.core.result import Result
from refctl.release import changelog as log
from refctl.release import notes
from refctl.release.links import Links, links
from refctl.release.preview import settings
from refctl.tools import history

if TYPE_CHECKING:
    from refctl.release.policy import Policy


class _Place(NamedTuple):
    top: str
    root: str
    policy: Policy
    links: Links
    template: str


def _place(folder: str) -> _Place:
    checkout = history.look(history.begin(folder))
    root, policy, configuration = settings(folder, checkout.top)
    url = history.remote_url(checkout.top, policy.remote).answer().out.strip()
    template = configuration.template if configuration else ""
    return _Place(checkout.top, root, policy, links(url), template)


def _part(place: _Place, release: notes.Release) -> notes.Part:
    if not place.template:
        return notes.part(release, place.links)
    from refctl.release.template import render

    text = render(place.root, place.template, release, place.links)
    return notes.part(release, place.links, text)


def changelog(folder: str, *, after: str, until: str, as_data: bool) -> Result:
    """Return what changed, release by release: for programs, or for people."""
    place = _place(folder)
    releases = log.read(place.top, place.policy, after=after, until=until)
    if as_data:
        return Result(
            data={"releases": [notes.as_json(release, place.links) for release in releases]}
        )
    parts = [log.HEAD, *(_part(place, release).text for release in releases)]
    return Result(lines=("\n".join(parts).rstrip("\n"),))


def notes_of(folder: str, tag: str) -> Result:
    """Return the notes of a release: what people made of them in the changelog, else the commits'.

    Raises:
        UsageError: the tag is no release.

    """
    place = _place(folder)
    version = place.policy.tags.version(tag)
    if version is None:
        raise UsageError(
            f"{tag} is not the tag of a version", hint="refctl changelog shows the releases"
        )
    source = "changelog"
    text = written(place.root, place.policy, str(version))
    if text is None:
        source = "commits"
        release = log.read(place.top, place.policy, until=tag)[0]
        text = _part(place, release).body + "\n"
    return Result(
        data={"tag": tag, "version": str(version), "notes": text, "source": source},
        lines=tuple(text.rstrip("\n").split("\n")),
    )


def written(root: str, policy: Policy, version: str) -> str | None:
    """Return what the changelog says of a version; None: nothing."""
    if not policy.changelog:
        return None
    try:
        text = (Path(root) / policy.changelog).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return log.section(text, version)
