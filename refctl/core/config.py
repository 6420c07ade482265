"""`refctl.toml`: read once, checked by pydantic, errors named by their path in the file."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from refctl.core.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

Percent = Annotated[float, Field(ge=0, le=100)]
Port = Annotated[int, Field(ge=1, le=65535)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


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


class Project(_Section):
    """`[project]`."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,38}$")] = "refapp"


class Dev(_Section):
    """`[dev]`: ports are pinned by writing them here."""

    backend_port: Port | None = None
    frontend_port: Port | None = None


class Coverage(_Section):
    """`[test.coverage]`: the per cent of each suite's sources that its tests have to run."""

    cli: Percent = 90
    backend: Percent = 90
    frontend: Percent = 85


class Accepted(_Section):
    """`[[test.mutation.accepted]]`: mutants that no test has to notice, and why."""

    file: str
    """A pattern of paths from the root, where `*` crosses folders."""
    change: str
    """A pattern of what the report shows of the change."""
    reason: Annotated[str, Field(min_length=1)]


class Mutation(_Section):
    """`[test.mutation]`."""

    score: Percent = 80
    """The per cent of each room's mutants that its tests have to notice."""
    accepted: list[Accepted] = []


class Test(_Section):
    """`[test]`."""

    reports: str = "reports"
    coverage: Coverage = Coverage()
    mutation: Mutation = Mutation()


class Check(_Section):
    """`[check]`."""

    first_load_kb: Annotated[int, Field(ge=1)] = 195
    """Gzip kilobytes of scripts that the first load of a page may cost."""
    made_up_secrets: list[str] = []
    """Passwords of tests and examples, which guard nothing."""


class ReleaseBranch(_Section):
    """`[release.branches.NAME]`: branches, and what is released from them."""

    match: Annotated[str, AfterValidator(_pattern)]
    """A regular expression for their whole name."""
    prerelease: Annotated[str, Field(pattern=r"^([A-Za-z-][0-9A-Za-z-]*)?$")] = ""
    """The token of their pre-releases, such as rc; empty: final releases."""
    channel: str = ""


class ReleaseFile(_Section):
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


class Release(_Section):
    """`[release]`."""

    tag_format: Annotated[str, AfterValidator(_tag_format)] = "v{version}"
    initial_version: Annotated[str, AfterValidator(_version)] = "0.1.0"
    major_on_zero: bool = False
    """Whether a breaking change of 0.x makes it 1.0.0; otherwise it is the next minor one."""
    merge_commits: bool = False
    """Whether the messages of merges count."""
    types: dict[str, Literal["major", "minor", "patch", "none"]] = {}
    """What a type of commit asks for, beside feat, fix, perf and revert."""
    sections: dict[str, str] = {}
    """The category of a type in the notes; empty: none."""
    branches: dict[str, ReleaseBranch] = {}
    files: list[ReleaseFile] = []
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
    assets: list[str] = []
    """Patterns of files to publish with it, from the folder of refctl.toml."""
    dispatch: list[str] = []
    """Workflows to start with the tag: one made with the token of a workflow starts nothing."""


class Config(_Section):
    """The whole of `refctl.toml`."""

    project: Project = Project()
    dev: Dev = Dev()
    test: Test = Test()
    check: Check = Check()
    release: Release = Release()


def load(path: Path) -> Config:
    """Read and check the file.

    Raises:
        ConfigurationError: not TOML, an unknown key or a wrong value; each named with its path.

    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path.name}: not valid TOML: {error}", hint=f"edit {path} at that place"
        ) from None
    except OSError as error:
        raise ConfigurationError(f"{path.name}: {error.strerror}") from None
    try:
        return Config.model_validate(document)
    except ValidationError as error:
        problems = []
        for issue in error.errors():
            where = ".".join(str(part) for part in issue["loc"])
            if issue["type"] == "extra_forbidden":
                problems.append(f"{path.name}: {where}: no such key")
            else:
                problems.append(f"{path.name}: {where} = {issue['input']!r}: {issue['msg']}")
        raise ConfigurationError("\n".join(problems), hint=f"edit {path}") from None
