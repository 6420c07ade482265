"""What `[release]` decides: which commit asks for what, and which branch releases what."""

from __future__ import annotations

import re

from refctl.core.record import Record
from refctl.release.versions import TagFormat, Version, parse

TYPE_CHECKING = False  # importing typing takes too long: see core/record
if TYPE_CHECKING:
    from collections.abc import Mapping

    from refctl.core.config_release import Release

BUMPS: Mapping[str, str] = {"feat": "minor", "fix": "patch", "perf": "patch", "revert": "patch"}
SECTIONS: Mapping[str, str] = {
    "feat": "Added",
    "perf": "Changed",
    "revert": "Changed",
    "fix": "Fixed",
}
_SERIES = r"v?([0-9]+)(?:\.([0-9]+))?\.x"


class Branch(Record):
    """Branches whose whole name the pattern matches, and what is released from them."""

    name: str
    match: str
    prerelease: str = ""
    """The token of its pre-releases; empty where it makes final releases."""
    channel: str = ""


BRANCHES = (
    Branch("main", "main|master", channel="latest"),
    Branch("next", "next", channel="next"),
    Branch("beta", "beta", prerelease="beta", channel="beta"),
    Branch("alpha", "alpha", prerelease="alpha", channel="alpha"),
    Branch("maintenance", r"v?[0-9]+(\.[0-9]+)?\.x"),
)


class Series(Record):
    """The versions that a maintenance branch may have: those of a major, or of a minor one."""

    major: int
    minor: int | None = None

    def __str__(self) -> str:
        return f"{self.major}.x" if self.minor is None else f"{self.major}.{self.minor}.x"

    def holds(self, version: Version) -> bool:
        """Return whether the version is one of them."""
        return version.major == self.major and self.minor in {None, version.minor}


class Channel(Record):
    """What the branch at hand releases."""

    branch: str
    """Empty where HEAD is on none."""
    name: str
    """Empty where nothing is released from here."""
    prerelease: str = ""
    series: Series | None = None


class Policy(Record):
    """All of it, with defaults for a repository that says nothing."""

    tags: TagFormat = TagFormat("v{version}")
    initial: Version = Version(0, 1, 0)
    major_on_zero: bool = False
    merge_commits: bool = False
    bumps: Mapping[str, str] = BUMPS
    sections: Mapping[str, str] = SECTIONS
    branches: tuple[Branch, ...] = BRANCHES
    remote: str = "origin"
    changelog: str = "CHANGELOG.md"

    def channel(self, branch: str, prerelease: str = "") -> Channel:
        """Return what the branch releases; with `prerelease`, pre-releases of that token."""
        for one in self.branches:
            if re.fullmatch(one.match, branch):
                found = re.fullmatch(_SERIES, branch) if branch.endswith(".x") else None
                series = (
                    Series(int(found[1]), int(found[2]) if found[2] else None) if found else None
                )
                name = one.channel or (str(series) if series else one.prerelease or one.name)
                return Channel(branch, name, prerelease or one.prerelease, series)
        return Channel(branch, "", prerelease)

    def remark(self, channel: Channel) -> str:
        """Return why nothing is released from there."""
        if not channel.branch:
            return "HEAD is not on a branch: nothing is released from there"
        return f"{channel.branch} is none of the branches that releases are made from"


def policy(release: Release) -> Policy:
    """Return the policy that the configuration asks for."""
    defaults = {branch.name: branch for branch in BRANCHES}
    named = {
        name: Branch(name, one.match, one.prerelease, one.channel or _channel(name))
        for name, one in release.branches.items()
    }
    initial = parse(release.initial_version)
    if initial is None:
        raise AssertionError(release.initial_version)  # the configuration was checked
    return Policy(
        tags=TagFormat(release.tag_format),
        initial=initial,
        major_on_zero=release.major_on_zero,
        merge_commits=release.merge_commits,
        bumps={**BUMPS, **{kind: _level(level) for kind, level in release.types.items()}},
        sections={**SECTIONS, **release.sections},
        # Its own come first: a pattern of theirs may say otherwise of a branch that a default has.
        branches=(*named.values(), *(one for name, one in defaults.items() if name not in named)),
        remote=release.remote,
        changelog=release.changelog,
    )


def _channel(name: str) -> str:
    """Return the channel that a branch has by its name alone: `main` stays the latest."""
    return next((one.channel for one in BRANCHES if one.name == name), "")


def _level(level: str) -> str:
    return "" if level == "none" else level
