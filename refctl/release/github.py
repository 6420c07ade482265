"""GitHub as the host of releases."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from refctl.core.errors import ConfigurationError
from refctl.core.marker import MARKER
from refctl.release.hosting import Proposal, Published
from refctl.tools import git
from refctl.tools.github import address, releases, tokens
from refctl.tools.github.client import NOT_FOUND, Client
from refctl.tools.github.refusals import GitHubError
from refctl.tools.github.repository import Repository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    from refctl.core.config_release import Release as Configuration
    from refctl.release.policy import Policy

WHOLE = "uploaded"
"""The state of an asset that is there; one whose upload broke off stays in `starter`."""
NOTES_LIMIT = 125_000
BODY_LIMIT = 65_536
"""Characters that GitHub takes for a release, and for a pull request."""
FORBIDDEN, INVALID = 403, 422


@contextmanager
def connect(
    root: Path,
    policy: Policy,
    configuration: Configuration | None,
    *,
    on_wait: Callable[[str], None] = lambda _: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[GitHub | None]:
    """Give the GitHub that the remote is on; None: it is on none, or none is wanted.

    Raises:
        ConfigurationError: there is no token for it.
        RemoteRefusedError: it is not there, or refuses the token.

    """
    if configuration is not None and configuration.host == "none":
        yield None
        return
    repository, api = _configured(root) if configuration is not None else ("", "")
    remote = git.remote(root, policy.remote)
    if not address.is_github(remote, configured=bool(repository or api)):
        yield None
        return
    where = address.find(root, repository=repository, api=api, remote=policy.remote)
    try:
        token = tokens.find_token(where.host)
    except ConfigurationError as error:
        error.hint += '; or host = "none" under [release] in refctl.toml, to end with the push'
        raise
    with Client(token, url=where.api, on_wait=on_wait, sleep=sleep) as client:
        one = Repository(client, where)
        one.settings()  # a token that is refused is refused before anything is made
        yield GitHub(one)


def _configured(root: Path) -> tuple[str, str]:
    from refctl.core.config import load

    configuration = load(root / MARKER).github
    return configuration.repository, configuration.api_url


class GitHub:
    """Answers `hosting.Host` from one repository on GitHub."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._known: dict[str, dict[str, Any]] = {}
        """Releases by their id, as GitHub last gave them."""

    def find(self, tag: str) -> Published | None:
        """Return the release of a tag, drafts included."""
        known = releases.find_release(self._repository, tag)
        if known is None:
            return None
        some = releases.assets(self._repository, known)
        whole = {
            name: str(one.get("digest") or "").removeprefix("sha256:")
            for name, one in some.items()
            if one["state"] == WHOLE
        }
        return self._published({**known, "assets": list(some.values())}, whole)

    def create(self, tag: str, *, title: str, notes: str, prerelease: bool) -> Published:
        """Create the release as a draft."""
        made = releases.create_release(
            self._repository,
            tag,
            name=title,
            body=fitted(notes, NOTES_LIMIT),
            draft=True,
            prerelease=prerelease,
        )
        return self._published(made, {})

    def upload(self, release: Published, file: Path) -> None:
        """Add a file, in place of a half one, or another one, of that name."""
        known = self._known[release.id]
        for one in known["assets"]:
            if one["name"] == file.name:
                releases.delete_asset(self._repository, one["id"])
        releases.upload(self._repository, known, file.name, file.read_bytes())

    def publish(self, release: Published, *, latest: bool) -> str:
        """Make the draft a release; return its page."""
        done = releases.update_release(
            self._repository,
            int(release.id),
            draft=False,
            make_latest="true" if latest else "false",
        )
        return str(done["html_url"])

    def was_started(self, workflow: str, tag: str) -> bool:
        """Return whether the workflow has a run for that tag."""
        try:
            return bool(releases.runs(self._repository, workflow, tag))
        except GitHubError as no:
            if no.status == NOT_FOUND:
                no.hint = (
                    f"release.dispatch in refctl.toml names {workflow}: see that the default "
                    f"branch has .github/workflows/{workflow}, and that the token may read actions"
                )
            raise

    def start(self, workflow: str, tag: str) -> None:
        """Start a workflow with the tag."""
        try:
            releases.dispatch(self._repository, workflow, tag, {})
        except GitHubError as no:
            if no.status == INVALID:
                no.hint = (
                    f"{workflow} needs the trigger workflow_dispatch, without inputs that must be "
                    "given; or take it out of release.dispatch in refctl.toml"
                )
            raise

    def propose(self, *, head: str, base: str, title: str, body: str) -> Proposal:
        """Open a pull request, or bring the open one from that branch up to date."""
        text = fitted(body, BODY_LIMIT)
        known = releases.find_pull(self._repository, head, base)
        if known is None:
            try:
                known = releases.create_pull(self._repository, head, base, title=title, body=text)
            except GitHubError as no:
                if no.status == FORBIDDEN and "not permitted" in no.message:
                    no.hint = (
                        "allow it under Settings, Actions, General: Allow GitHub Actions to create "
                        "and approve pull requests; then run it again"
                    )
                raise
        elif (known["title"], known["body"]) != (title, text):
            known = releases.update_pull(self._repository, known["number"], title=title, body=text)
        return Proposal(known["number"], known["html_url"])

    def _published(self, known: dict[str, Any], whole: dict[str, str]) -> Published:
        name = str(known["id"])
        self._known[name] = known
        return Published(name, known["draft"], whole, known["html_url"])


def fitted(text: str, limit: int) -> str:
    """Return the text, or as many of its lines as GitHub takes."""
    if len(text) <= limit:
        return text
    rest = "\n\n… the rest is in the changelog.\n"
    kept = text[: limit - len(rest)]
    return kept[: kept.rindex("\n") if "\n" in kept else None].rstrip() + rest
