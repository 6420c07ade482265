"""Facts for a plan: which tags count, and the commits since."""

from __future__ import annotations

from refctl.core.errors import ConfigurationError
from refctl.core.record import Record
from refctl.release import versions
from refctl.tools import history

TYPE_CHECKING = False  # importing typing takes too long: see core/record
if TYPE_CHECKING:
    from refctl.release.policy import Channel, Policy
    from refctl.release.versions import Version
    from refctl.tools.history import Checkout, Entry


class Tagged(Record):
    """A version that was released, and its commit."""

    version: Version
    tag: str
    commit: str = ""


class Facts(Record):
    """What git says."""

    entries: tuple[Entry, ...]
    """The commits since the last final release, newest first."""
    stable: Tagged | None = None
    """The last final release that HEAD contains."""
    prereleases: tuple[Tagged, ...] = ()
    """Pre-releases since, that HEAD contains."""
    taken: tuple[Tagged, ...] = ()
    """Every version that has a tag, on whatever branch."""


class Search:
    """Asks git for the facts; it works while the rest is made ready for them."""

    def __init__(self, checkout: Checkout, policy: Policy, channel: Channel) -> None:
        self._top = checkout.top
        self._policy = policy
        self._channel = channel
        self._taken = _released(policy, checkout.tags)
        self._stable = _stable(self._taken, channel)
        self._log = self._since(self._stable)

    def _since(self, stable: Tagged | None) -> history.Log:
        return history.Log(self._top, stable.tag if stable else None)

    def facts(self) -> Facts:
        """Return what git says of the releases that HEAD contains, and of the commits since.

        Raises:
            ConfigurationError: the branch is for versions of which it contains none.

        """
        inside, stable, channel = self._taken, self._stable, self._channel
        entries = self._log.entries()
        if entries is None:
            # The newest is on another branch: git must say which are on this one.
            inside = _released(self._policy, history.merged(self._top))
            stable = _stable(inside, channel)
            entries = self._since(stable).entries()
        if entries is None:
            raise ConfigurationError(
                f"git finds no way from {stable.tag if stable else 'the beginning'} to HEAD"
            )
        if channel.series is not None and stable is None:
            raise ConfigurationError(
                f"{channel.branch} is for {channel.series}, and contains no release of these",
                hint="let it begin at the commit of one, or give it another name",
            )
        later = [
            one
            for one in inside
            if one.version.prerelease
            and (stable is None or versions.compare(one.version, stable.version) > 0)
            and (channel.series is None or channel.series.holds(one.version))
        ]
        there = {entry.hash for entry in entries} if later else set()
        placed = history.places(self._top, (one.tag for one in later)) if later else ()
        commits = {one.tag: one.commit for one in placed if one.commit in there}
        return Facts(
            entries,
            stable,
            tuple(one._replace(commit=commits[one.tag]) for one in later if one.tag in commits),
            self._taken,
        )


def _released(policy: Policy, tags: tuple[str, ...]) -> tuple[Tagged, ...]:
    known = ((policy.tags.version(tag), tag) for tag in tags)
    return tuple(Tagged(version, tag) for version, tag in known if version is not None)


def _stable(released: tuple[Tagged, ...], channel: Channel) -> Tagged | None:
    best: Tagged | None = None
    for one in released:
        version = one.version
        if version.prerelease or (channel.series and not channel.series.holds(version)):
            continue
        if best is None or version[:3] > best.version[:3]:
            best = one
    return best
