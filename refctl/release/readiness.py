"""Whether a checkout can be released from, and what an earlier release left in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from refctl.core.errors import ConfigurationError
from refctl.release import preview
from refctl.release.contents import contents
from refctl.tools import history, refs

if TYPE_CHECKING:
    from collections.abc import Callable

    from refctl.core.config_release import Release as Configuration
    from refctl.release.policy import Policy
    from refctl.release.preview import Preview
    from refctl.tools.refs import Remote

SHOWN = 3
"""Files that an error names."""


class Ready(NamedTuple):
    """A checkout that can be released from, and its remote."""

    root: str
    policy: Policy
    configuration: Configuration | None
    branch: str
    there: Remote
    """What the remote has; nothing where nothing is to be pushed."""
    forward: str = ""
    """The commit of a release that was pushed, and that the files here did not follow yet."""
    tag: str = ""
    orphans: tuple[str, ...] = ()
    """Tags of releases that nobody got: they are made anew."""


def check(folder: Path, *, prerelease: str, push: bool) -> Ready:
    """Return what is known of the checkout; nothing in it is touched.

    Raises:
        ConfigurationError: nothing can be released from it; the hint says what makes it so.

    """
    checkout = history.look(history.begin(str(folder)))
    place, policy, configuration = preview.settings(str(folder), checkout.top)
    root = Path(place)
    channel = policy.channel(checkout.branch, prerelease)
    if not channel.name:
        raise ConfigurationError(
            policy.remark(channel),
            hint="git switch to one of them, or add it to [release.branches] in refctl.toml",
        )
    _must_be_committed(root)
    there = _ask(root, policy.remote, channel.branch) if push else refs.Remote("", {})
    return _left_over(Ready(place, policy, configuration, channel.branch, there))


def refusals(seen: Preview, *, push: bool) -> tuple[str, ...]:
    """Return what a release would refuse of what is here; no network is asked."""
    root = Path(seen.root)
    checks: list[Callable[[], object]] = [lambda: _must_be_committed(root)]
    if push:
        checks.append(lambda: _must_have_remote(root, seen.policy.remote))
    version = seen.next.version
    if version is not None:
        checks.append(lambda: contents(seen, root, str(version), ""))
    found = []
    for hold in checks:
        try:
            hold()
        except ConfigurationError as error:
            found.append(error.message)
    return tuple(found)


def _must_be_committed(root: Path) -> None:
    changed = refs.changed(root)
    if changed:
        more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
        raise ConfigurationError(
            f"not all is committed: {', '.join(changed[:SHOWN])}{more}",
            hint="git commit or git stash, then run it again",
        )


def _must_have_remote(root: Path, remote: str) -> None:
    if not refs.has_remote(root, remote):
        raise ConfigurationError(
            f"there is no remote {remote}",
            hint=f"git remote add {remote} URL, or release here alone: --no-push",
        )


def _ask(root: Path, remote: str, branch: str) -> Remote:
    _must_have_remote(root, remote)
    there = refs.ask_remote(root, remote, branch)
    if not there.head:
        raise ConfigurationError(
            f"{remote} has no branch {branch}",
            hint=f"git push --set-upstream {remote} {branch}, and run it again",
        )
    return there


def _left_over(ready: Ready) -> Ready:
    """Add the tags of releases that ended before the files here followed them."""
    root = Path(ready.root)
    here = refs.head(root)
    for tag in refs.ahead(root):
        version = ready.policy.tags.version(tag)
        at = refs.commit_of(root, tag)
        if version is None or refs.parents(root, at) != (here,):
            continue
        if not is_release(ready.configuration, refs.subject(root, at), str(version)):
            continue
        if ready.there.tags.get(tag) == at:
            return ready._replace(forward=at, tag=tag)
        if refs.is_on_remote(root, at):
            raise ConfigurationError(
                f"{tag} is out, and its commit is not here yet",
                hint=f"git merge --ff-only {tag}, and run it again",
            )
        if tag not in ready.there.tags:
            ready = ready._replace(orphans=(*ready.orphans, tag))
    return ready


def must_be_same(ready: Ready) -> None:
    """Hold that the branch is here as it is on the remote.

    Raises:
        ConfigurationError: one has commits that the other has not.

    """
    root = Path(ready.root)
    here, there, remote = refs.head(root), ready.there.head, ready.policy.remote
    if here == there:
        return
    if refs.contains(root, there, here):
        raise ConfigurationError(
            f"{ready.branch} has commits that {remote} has not",
            hint=f"git push {remote} {ready.branch}, let them be tested, and run it again",
        )
    raise ConfigurationError(
        f"{remote} has commits of {ready.branch} that are not here",
        hint="git pull --ff-only --tags, and run it again",
    )


def message(configuration: Configuration | None, version: str) -> str:
    """Return the message of a release's commit."""
    pattern = configuration.message if configuration else "chore(release): {version}"
    return pattern.replace("{version}", version)


def version_of(configuration: Configuration | None, subject: str) -> str:
    """Return the version that a release's commit names in its first line; empty: it is none."""
    before, _, behind = message(configuration, "\0").partition("\0")
    # A host may add the number of its request.
    pattern = rf"{re.escape(before)}(\S+){re.escape(behind)}(?: \([#!][0-9]+\))?"
    found = re.fullmatch(pattern, subject)
    return found[1] if found else ""


def is_release(configuration: Configuration | None, subject: str, version: str) -> bool:
    """Return whether that is the first line of the commit of that version."""
    return version_of(configuration, subject) == version
