"""Where a release is published: what this room asks of a host, whoever answers it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from refctl.core.config_release import Release as Configuration
    from refctl.release.policy import Policy


class Published(NamedTuple):
    """A release as the host has it."""

    id: str
    draft: bool
    assets: Mapping[str, str]
    """The files that are there whole, each with its SHA-256; empty: the host does not say."""
    page: str = ""


class Proposal(NamedTuple):
    """A pull request as the host has it."""

    number: int
    page: str = ""


class Host(Protocol):
    """What a host can do. Each call raises RemoteRefusedError when it is refused or not reached."""

    def find(self, tag: str) -> Published | None:
        """Return the release of a tag, drafts included."""
        ...

    def create(self, tag: str, *, title: str, notes: str, prerelease: bool) -> Published:
        """Create the release as a draft: nobody sees it before it is whole."""
        ...

    def upload(self, release: Published, file: Path) -> None:
        """Add a file, in place of a half one, or another one, of that name."""
        ...

    def publish(self, release: Published, *, latest: bool) -> str:
        """Make the draft a release; return its page."""
        ...

    def was_started(self, workflow: str, tag: str) -> bool:
        """Return whether the workflow has a run for that tag."""
        ...

    def start(self, workflow: str, tag: str) -> None:
        """Start a workflow with the tag."""
        ...

    def propose(self, *, head: str, base: str, title: str, body: str) -> Proposal:
        """Open a pull request, or bring the open one from that branch up to date."""
        ...


class Connect(Protocol):
    """Gives the host that a remote is on, as long as the block lasts."""

    def __call__(
        self, root: Path, policy: Policy, configuration: Configuration | None, /
    ) -> AbstractContextManager[Host | None]:
        """Return it; None: the remote is on none, or none is wanted."""
        ...


class Wanted(NamedTuple):
    """What to publish of a version."""

    tag: str
    title: str
    notes: str
    prerelease: bool
    latest: bool
    assets: Callable[[], Sequence[Path]]
    """Asked for only where some may be missing: they are built for a release, and then go."""
    workflows: Sequence[str]


class Out(NamedTuple):
    """What one run has published."""

    tag: str
    page: str
    files: tuple[Path, ...]

    def as_json(self, root: Path) -> dict[str, object]:
        """Return it for programs, files as they are from the root."""
        names = [os.path.relpath(file, root) for file in self.files]
        return {"tag": self.tag, "page": self.page, "files": names}
