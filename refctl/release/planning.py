"""The next version: pure, from a policy and what git says."""

from __future__ import annotations

from refctl.core.errors import ConfigurationError
from refctl.core.record import Record
from refctl.release import changes, versions
from refctl.release.versions import Version

TYPE_CHECKING = False  # importing typing takes too long: see core/record
if TYPE_CHECKING:
    from refctl.release.changes import Read
    from refctl.release.gathering import Facts, Tagged
    from refctl.release.policy import Channel, Policy


class Next(Record):
    """What a release now would be."""

    channel: Channel
    current: Tagged | None
    """The newest version that HEAD contains, pre-releases included."""
    since: Tagged | None
    """The release whose notes come before these."""
    version: Version | None
    """None: nothing is due."""
    tag: str
    level: str
    commits: tuple[Read, ...]
    """Those since `since`, newest first."""
    remarks: tuple[str, ...] = ()


def decide(policy: Policy, channel: Channel, facts: Facts, *, build: str = "") -> Next:
    """Return the next version, and why.

    Raises:
        ConfigurationError: what is due cannot be released from this branch, or exists.

    """
    zero = (facts.stable.version if facts.stable else policy.initial).major == 0
    every = changes.read(facts.entries, policy, zero=zero)
    last = _newest(facts.prereleases)
    current = last or facts.stable
    fresh, since = every, facts.stable
    if channel.prerelease and last is not None:
        contained = changes.within(facts.entries, last.commit)
        left = tuple(entry for entry in facts.entries if entry.hash not in contained)
        fresh, since = changes.read(left, policy, zero=zero), last
    level = changes.level_of(fresh)
    wanted = _wanted(every)
    if wanted is not None and _is_done(wanted, current, facts):
        wanted = None
    due = bool(level) or (wanted is not None and any(one.release_as for one in fresh))
    if not due and not channel.prerelease and last is not None:
        due = True  # what was tried as a pre-release is released as it is
        level = changes.level_of(every)
    remarks = tuple(f"{one.entry.hash[:9]} {one.remark}" for one in fresh if one.remark)
    if not channel.name:
        remarks = (policy.remark(channel), *remarks)
    nothing = Next(channel, current, since, None, "", "", fresh, remarks)
    if not due:
        return nothing
    target = _target(policy, facts, changes.level_of(every), last, wanted)
    if channel.prerelease and not target.prerelease:
        target = versions.numbered(target, channel.prerelease, (one.version for one in facts.taken))
    if wanted is not None:
        level = _difference(target, current)
    if build:
        target = target._replace(build=build)
    _allow(target, channel, current, facts)
    return nothing._replace(version=target, tag=policy.tags.name(target), level=level)


def _target(
    policy: Policy, facts: Facts, level: str, last: Tagged | None, wanted: Version | None
) -> Version:
    if wanted is not None:
        return wanted
    target = facts.stable.version.bump(level) if facts.stable else policy.initial
    # A pre-release has promised a version: what was taken back since does not lower it.
    if last is not None and versions.compare(last.version.core, target) > 0:
        target = last.version.core
    return target


def _difference(target: Version, current: Tagged | None) -> str:
    """Return which level a version that was asked for amounts to."""
    before = current.version if current else Version(0, 0, 0)
    names = ("major", "minor", "patch")
    return next((names[i] for i in range(3) if target[i] != before[i]), "patch")


def _wanted(reads: tuple[Read, ...]) -> Version | None:
    """Return the version that the newest `Release-As` names."""
    for one in reads:
        if one.release_as:
            version = versions.parse(one.release_as.removeprefix("v"))
            if version is None:
                raise ConfigurationError(
                    f"{one.entry.hash[:9]}: Release-As: {one.release_as}: not a version",
                    hint="git commit --allow-empty with another footer, such as: Release-As: 2.0.0",
                )
            return version
    return None


def _is_done(wanted: Version, current: Tagged | None, facts: Facts) -> bool:
    """Return whether a version that was asked for has been released, as a pre-release may be."""
    if current is None or versions.compare(wanted, current.version) > 0:
        return False
    return any(versions.compare(one.version, wanted) == 0 for one in facts.taken)


def _newest(tagged: tuple[Tagged, ...]) -> Tagged | None:
    best: Tagged | None = None
    for one in tagged:
        if best is None or versions.compare(one.version, best.version) > 0:
            best = one
    return best


def _allow(target: Version, channel: Channel, current: Tagged | None, facts: Facts) -> None:
    if channel.series is not None and not channel.series.holds(target):
        raise ConfigurationError(
            f"{channel.branch} releases {channel.series} alone, and what it has asks for {target}",
            hint="take back what breaks or adds too much (git revert), or release it from main",
        )
    if current is not None and versions.compare(target, current.version) <= 0:
        raise ConfigurationError(
            f"the next version would be {target}, which does not come after {current.version}",
            hint=f"git commit --allow-empty -m 'chore: go on' -m 'Release-As: "
            f"{current.version.core.bump('patch')}'",
        )
    for one in facts.taken:
        if versions.compare(one.version, target) == 0:
            raise ConfigurationError(
                f"{one.tag} is there already, on a commit that this branch does not contain",
                hint=f"merge it (git merge {one.tag}), or name another version by the footer "
                "Release-As: of a commit",
            )
