"""`[release]` in `refctl.toml`: versions, notes, and what a release changes."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from refctl.core.section import Section


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return text


def _tag_format(text: str) -> str:
    if text.count("{version}") != 1:
        raise ValueError("must have {version} in it, once")
    return text


def _version(text: str) -> str:
    if not re.fullmatch(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}", text):
        raise ValueError("must be three numbers, such as 0.1.0")
    return text


def _commit_message(text: str) -> str:
    if "{version}" not in text:
        raise ValueError("must have {version} in it")
    return text


class ReleaseBranch(Section):
    """`[release.branches.NAME]`: branches, and what is released from them."""

    match: Annotated[str, AfterValidator(_pattern)]
    """A regular expression for their whole name."""
    prerelease: Annotated[str, Field(pattern=r"^([A-Za-z-][0-9A-Za-z-]*)?$")] = ""
    """The token of their pre-releases, such as rc; empty: final releases."""
    channel: str = ""


class ReleaseFile(Section):
    """`[[release.files]]`: a place where the version stands."""

    path: str
    """From the folder of refctl.toml."""
    key: str = ""
    """The way to it in TOML, YAML or JSON: `project.version`, `images.0.tag`."""
    pattern: Annotated[str, AfterValidator(_pattern)] = ""
    """For any other text: a regular expression whose group (the first, or `version`) is it."""
    value: str = "{version}"
    """What is written there: `v{version}`, for instance."""

    @model_validator(mode="after")
    def _one_way(self) -> ReleaseFile:
        if bool(self.key) == bool(self.pattern):
            raise ValueError("needs either key or pattern")
        if "{version}" not in self.value:
            raise ValueError("value must have {version} in it")
        return self


class Release(Section):
    """`[release]`."""

    tag_format: Annotated[str, AfterValidator(_tag_format)] = "v{version}"
    initial_version: Annotated[str, AfterValidator(_version)] = "0.1.0"
    major_on_zero: bool = False
    """Whether a breaking change of 0.x makes it 1.0.0; otherwise it is the next minor one."""
    merge_commits: bool = False
    """Whether the messages of merges count."""
    types: dict[str, Literal["major", "minor", "patch", "none"]] = Field(default={})
    """What a type of commit asks for, beside feat, fix, perf and revert."""
    sections: dict[str, str] = Field(default={})
    """The category of a type in the notes; empty: none."""
    branches: dict[str, ReleaseBranch] = Field(default={})
    files: list[ReleaseFile] = Field(default=[])
    changelog: str = "CHANGELOG.md"
    """Empty: none is kept."""
    template: str = ""
    """A Jinja2 template of the notes, from the folder of refctl.toml."""
    remote: str = "origin"
    message: Annotated[str, AfterValidator(_commit_message)] = "chore(release): {version}"
    """The message of the commit that has the version."""
    sign: bool = False
    """Whether commit and tag are signed, with what git is set up to sign with."""
    mode: Literal["push", "pull-request"] = "push"
    """Whether the commit is pushed, or proposed: for a branch that takes no push."""
    host: Literal["github", "none"] = "github"
    """Where the release is published; none: it ends with the push."""
    assets: list[str] = Field(default=[])
    """Patterns of files to publish with it, from the folder of refctl.toml."""
    build: list[str] = Field(default=[])
    """The command that makes them, in a copy of the release's commit; empty: they are here."""
    dispatch: list[str] = Field(default=[])
    """Workflows to start with the tag: one made with the token of a workflow starts nothing."""
