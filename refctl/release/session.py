"""One `refctl release`: whatever an earlier one left behind, this one ends it, or says how.

Nothing of a release is to be seen before the remote has taken its commit and its tag, both at once.
What is left of one that ended before that is a tag here alone, which is dropped and made anew; what
ended after it is gone on with, from what the remote and the host have.
"""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from refctl.core.errors import ConfigurationError, RemoteRefusedError
from refctl.core.result import Result
from refctl.release import changelog, github, preview, publishing, readiness
from refctl.release.building import Assets
from refctl.release.contents import contents
from refctl.release.hosting import Wanted
from refctl.release.record import written
from refctl.release.versions import hold_identifiers
from refctl.tools import refs

if TYPE_CHECKING:
    from collections.abc import Callable

    from refctl.core.config_release import Release as Configuration
    from refctl.core.journal import Journal
    from refctl.release.hosting import Connect, Host, Out
    from refctl.release.preview import Preview
    from refctl.release.readiness import Ready

PROPOSED = "release/"
"""What the branches of release pull requests begin with."""


class Options(NamedTuple):
    """What the command line asked for."""

    prerelease: str = ""
    build: str = ""
    push: bool = True


class Release:
    """The release of one checkout."""

    def __init__(
        self,
        folder: Path,
        options: Options,
        journal: Journal,
        *,
        connect: Connect = github.connect,
        on_step: Callable[[str], None] | None = None,
    ) -> None:
        self._folder = folder
        self._options = options
        self._journal = journal
        self._connect = connect
        self._on_step = on_step or (lambda _: None)
        self._done: list[str] = []
        self._out: Out | None = None
        self._there = refs.Remote("", {})
        self._assets = Assets(folder, None)

    def run(self) -> Result:
        """Finish what was begun, and release what is due."""
        hold_identifiers(self._options.prerelease, self._options.build)
        ready = readiness.check(
            self._folder, prerelease=self._options.prerelease, push=self._options.push
        )
        if not self._options.push and _is_proposed(ready.configuration):
            raise ConfigurationError(
                'releases are proposed here (refctl.toml: release.mode = "pull-request"): there is '
                "none without a push",
                hint="refctl release --dry-run shows it",
            )
        asked = (Path(ready.root), ready.policy, ready.configuration)
        try:
            with self._connect(*asked) if self._options.push else nullcontext() as host:
                return self._run(ready, host)
        except RemoteRefusedError as error:
            error.hint = error.hint or "see what it says, and run it again: it goes on from there"
            raise

    def _run(self, ready: Ready, host: Host | None) -> Result:
        self._there = ready.there
        root = Path(ready.root)
        self._assets = Assets(root, ready.configuration)
        for tag in ready.orphans:
            refs.drop_tag(root, tag)
        if ready.forward:
            self._step("forward")
            refs.forward(root, ready.forward)
            self._done.append(f"{ready.tag} had been pushed")
        if self._options.push:
            readiness.must_be_same(ready)
        seen = self._look()
        self._finish(seen, root, host)
        merged = self._merged(seen)
        if merged:
            self._tag_merged(seen, root, host, *merged)
            seen = self._look()
        if seen.next.version is None:
            said = self._done or [f"nothing is due after {_name(seen)}"]
            return Result(data=self._data(seen), lines=tuple(said))
        there = self._there.tags.get(seen.next.tag)
        if there:
            raise ConfigurationError(
                f"{seen.policy.remote} has {seen.next.tag} already, on {there[:9]}",
                hint=f"git fetch {seen.policy.remote} --tags, and run it again",
            )
        if _is_proposed(seen.configuration):
            self._propose(seen, root, host)
        else:
            self._release(seen, root, host)
        return Result(data=self._data(seen), lines=tuple(self._done))

    def _look(self) -> Preview:
        return preview.look(
            str(self._folder), prerelease=self._options.prerelease, build=self._options.build
        )

    def _data(self, seen: Preview) -> dict[str, object]:
        version = seen.next.version
        return {
            "version": str(version) if version else None,
            "tag": seen.next.tag or None,
            "done": list(self._done),
            "published": self._out.as_json(Path(seen.root)) if self._out else None,
        }

    def _step(self, name: str) -> None:
        self._journal.write("step-started", step=name)
        self._on_step(name)

    def _finish(self, seen: Preview, root: Path, host: Host | None) -> None:
        """Push and publish the release that HEAD contains, where an earlier run did not."""
        current, remote = seen.next.current, seen.policy.remote
        if current is None or not self._options.push:
            return
        tag, version = current.tag, str(current.version)
        at = refs.commit_of(root, tag)
        if not readiness.is_release(seen.configuration, refs.subject(root, at), version):
            return  # not one of ours: how it was published is not known
        there = self._there.tags.get(tag)
        if there is None:
            self._push(seen, root, tag, at, own=False)
            self._done.append(f"{tag} is pushed")
        elif there != at:
            raise ConfigurationError(
                f"{tag} is on {at[:9]} here, and on {there[:9]} at {remote}",
                hint=f"git fetch --force {remote} refs/tags/{tag}:refs/tags/{tag}",
            )
        if host is not None:
            self._publish(seen, root, host, tag, version)

    def _publish(self, seen: Preview, root: Path, host: Host, tag: str, version: str) -> None:
        configuration = seen.configuration
        prerelease = "-" in version.partition("+")[0]
        state = refs.folder(root) / "refctl"
        state.mkdir(exist_ok=True)
        text = written(str(root), seen.policy, version) or _behind(refs.tag_message(root, tag))
        wanted = Wanted(
            tag,
            tag,
            text,
            prerelease=prerelease,
            latest=seen.next.channel.name == "latest" and not prerelease,
            assets=lambda: self._assets.of(refs.commit_of(root, tag)),
            workflows=configuration.dispatch if configuration else (),
        )
        done, out = publishing.publish(host, wanted, state, self._step)
        self._done += [f"{tag}: {one}" for one in done]
        self._out = out or self._out

    def _commit(self, seen: Preview, root: Path) -> tuple[str, str]:
        """Return the commit of the release, which nothing refers to yet, and its notes."""
        version = str(seen.next.version)
        day = datetime.now(UTC).strftime("%Y-%m-%d")
        files = contents(seen, root, version, day)
        sign = seen.configuration.sign if seen.configuration else False
        self._step("commit")
        made = refs.commit(
            root, refs.head(root), files, readiness.message(seen.configuration, version), sign=sign
        )
        self._assets.of(made)  # what cannot be built is not released
        whole = files.get(seen.policy.changelog, "").replace("\r\n", "\n")
        text = changelog.section(whole, version) if whole else None
        return made, text or seen.notes

    def _release(self, seen: Preview, root: Path, host: Host | None) -> None:
        tag, branch = seen.next.tag, seen.next.channel.branch
        made, text = self._commit(seen, root)
        self._tag(seen, root, tag, made, text)
        if self._options.push:
            self._push(seen, root, tag, made, f"{made}:refs/heads/{branch}")
        self._step("forward")
        refs.forward(root, made)
        self._done.append(f"{tag} is {'pushed' if self._options.push else 'here'}")
        if host is not None and self._options.push:
            self._publish(seen, root, host, tag, str(seen.next.version))

    def _push(
        self, seen: Preview, root: Path, tag: str, made: str, *refspecs: str, own: bool = True
    ) -> None:
        """Push the tag and what goes with it; refused, nothing stays that is this run's `own`."""
        remote, branch = seen.policy.remote, seen.next.channel.branch
        self._step("push")
        try:
            refs.push(root, remote, *refspecs, f"refs/tags/{tag}:refs/tags/{tag}")
        except RemoteRefusedError as error:
            try:
                there = refs.ask_remote(root, remote, branch)
            except RemoteRefusedError:
                raise error from None  # whether it has the tag, the next run asks again
            if there.tags.get(tag) == made:
                # Its answer was lost, or somebody made the very same: one of two must wait.
                error.hint = f"it has {tag} all the same: run it again, to go on from there"
                raise
            if own:
                refs.drop_tag(root, tag)
            if there.head != self._there.head or tag in there.tags:
                error.hint = "somebody was faster: git pull --ff-only --tags, and run it again"
            raise

    def _tag(self, seen: Preview, root: Path, tag: str, at: str, text: str) -> None:
        self._step("tag")
        sign = seen.configuration.sign if seen.configuration else False
        refs.tag(root, tag, at, f"{tag}\n\n{text.strip()}\n", sign=sign)

    def _propose(self, seen: Preview, root: Path, host: Host | None) -> None:
        """Put the release on a branch of its own, and ask for it to be merged."""
        version, branch = str(seen.next.version), seen.next.channel.branch
        made, text = self._commit(seen, root)
        head = PROPOSED + branch
        before = refs.ask_remote(root, seen.policy.remote, head).head
        if before:
            self._own(seen, root, head, before)
        # As it was: pushed again, it would be tested again, and approvals of it would be dropped.
        if not before or not refs.is_same(root, before, made):
            self._step("push")
            refs.push(root, seen.policy.remote, f"+{made}:refs/heads/{head}")
        self._done.append(f"{version} is on {head}")
        if host is not None:
            self._step("propose")
            proposal = host.propose(
                head=head,
                base=branch,
                title=readiness.message(seen.configuration, version),
                body=text,
            )
            self._done.append(f"pull request {proposal.number}: {proposal.page}")

    def _own(self, seen: Preview, root: Path, head: str, at: str) -> None:
        """Hold that the branch of the pull request has nothing that somebody added by hand."""
        refs.fetch(root, seen.policy.remote, f"refs/heads/{head}")
        subject = refs.subject(root, at)
        # What the host writes where somebody asks it to bring the branch up to date.
        if subject.startswith("Merge ") or readiness.version_of(seen.configuration, subject):
            return
        raise ConfigurationError(
            f"{head} has a commit of somebody else: {subject}",
            hint="merge the pull request, or remove that branch: it is made anew",
        )

    def _merged(self, seen: Preview) -> tuple[str, str] | None:
        """Return the commit and version of a release pull request that was merged, not tagged."""
        if seen.configuration is None or seen.configuration.mode != "pull-request":
            return None
        for one in seen.next.commits:
            version = readiness.version_of(seen.configuration, one.header)
            if version and seen.policy.tags.version(seen.policy.tags.prefix + version):
                return one.entry.hash, version
        return None

    def _tag_merged(
        self, seen: Preview, root: Path, host: Host | None, at: str, version: str
    ) -> None:
        tag = f"{seen.policy.tags.prefix}{version}{seen.policy.tags.suffix}"
        text = written(str(root), seen.policy, version) or seen.notes
        self._tag(seen, root, tag, at, text)
        if self._options.push:
            self._push(seen, root, tag, at)
        self._done.append(f"{tag} is on {at[:9]}")
        if host is not None and self._options.push:
            self._publish(seen, root, host, tag, version)


def _behind(message: str) -> str:
    """Return what an annotated tag says below its first line."""
    return message.partition("\n")[2].strip() + "\n"


def _name(seen: Preview) -> str:
    return seen.next.current.tag if seen.next.current else "the beginning"


def _is_proposed(configuration: Configuration | None) -> bool:
    return configuration is not None and configuration.mode == "pull-request"
