"""`[github]`: what the repository on GitHub shall be."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from refctl.core.section import Section

ACTIONS = 15368
"""The number of GitHub's own application for Actions on github.com."""
MAX_REVIEWERS = 6


class Protection(Section):
    """`[github.protection]`: the rules of the default branch. Nobody bypasses them."""

    reviews: Annotated[int, Field(ge=0, le=10)] = 1
    """Approvals that a pull request needs."""
    code_owners: bool = True
    """An owner of each file has to approve."""
    last_push_approval: bool = True
    """Somebody else than who pushed last has to approve."""
    dismiss_stale: bool = True
    """A new push takes back approvals."""
    resolve_threads: bool = True
    """Every conversation has to be resolved."""
    up_to_date: bool = True
    """A branch is tested with the newest of the default branch."""
    linear_history: bool = True
    signatures: bool = False
    checks: list[str] | None = None
    """The checks that have to pass; not said, those that the workflows run on each pull request."""
    checks_app: int = ACTIONS
    """The application whose checks count; 0 takes anybody's."""
    tags: str = "v*"
    """Tags that are never moved or removed; empty for none."""


class Merging(Section):
    """`[github.merging]`."""

    methods: list[Literal["merge", "squash", "rebase"]] = Field(default=["squash"], min_length=1)
    auto_merge: bool = True
    """A pull request may merge itself once everything has passed."""
    delete_branch: bool = True
    """The branch of a merged pull request goes."""
    update_branch: bool = True
    """GitHub offers to bring a branch up to date."""


class Deployment(Section):
    """`[github.environments.NAME]`: who may deploy there, when, and from where."""

    reviewers: Annotated[list[str], Field(max_length=MAX_REVIEWERS)] | None = None
    """Users, and teams as `organisation/team`, one of whom has to approve."""
    prevent_self_review: bool = True
    """Who started a deployment does not approve it."""
    wait_minutes: Annotated[int, Field(ge=0, le=43_200)] = 0
    branches: list[str] = Field(default=[])
    """Patterns of branches that may deploy; without these and tags, all may."""
    tags: list[str] = Field(default=[])


class Production(Deployment):
    """Production: there is time to stop. Unless said otherwise, the code's owners approve."""

    wait_minutes: Annotated[int, Field(ge=0, le=43_200)] = 5
    branches: list[str] = Field(default=["main"])
    tags: list[str] = Field(default=["v*"])


class Staging(Deployment):
    """Staging: from the default branch."""

    branches: list[str] = Field(default=["main"])


class Environments(Section):
    """`[github.environments]`."""

    development: Deployment = Deployment()
    staging: Staging = Staging()
    production: Production = Production()


class Label(Section):
    """`[github.labels.NAME]`."""

    color: Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{6}$")] = "ededed"
    description: Annotated[str, Field(max_length=100)] = ""


class GitHub(Section):
    """`[github]`."""

    api_url: str = ""
    """The API of a GitHub elsewhere; not said, that of the remote."""
    repository: str = ""
    """`owner/name`; not said, that of the remote `origin`."""
    protection: Protection = Protection()
    merging: Merging = Merging()
    environments: Environments = Environments()
    labels: dict[str, Label] = Field(default={})
    """Labels beside those that issue forms and the labeler name."""
