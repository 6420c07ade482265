"""The checks as data: pure functions from what is here to what runs."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from refctl.core.errors import UsageError
from refctl.core.plan import Run
from refctl.core.result import Result, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from refctl.core.redact import Secret

FILES = "{files}"
"""In a command: the files to look at, relative to the check's folder."""

REFCTL, BACKEND, FRONTEND, TOOLS = "refctl", "backend", "frontend", "tools"
"""Whose programs a check runs: each is an installation with a lock of its own."""

LISTED = {
    REFCTL: "the group dev of pyproject.toml",
    BACKEND: "the group dev of app/backend/pyproject.toml",
    FRONTEND: "app/frontend/package.json",
    TOOLS: "the group check of pyproject.toml",
}
"""Where a program has to be listed to come with its room."""

BACKEND_FOLDER = "app/backend/"
FRONTEND_FOLDER = "app/frontend/"
WORKFLOWS = ".github/workflows/"
CODE = (".ts", ".tsx", ".mts", ".mjs", ".js", ".jsx")


@dataclass(frozen=True, slots=True)
class Kind:
    """One check: which files are its, and the commands that look at them."""

    name: str
    about: str
    room: str
    commands: tuple[tuple[str, ...], ...]
    """The first word of each is a program of the room."""
    read: str
    """Which of `findings.READERS` understands it."""
    ends: tuple[str, ...]
    """Endings of the files that are its; an empty one means all."""
    folder: str = ""
    """Where it runs; its files are there or below."""
    within: str = ""
    """Where its files are, if only in some folder further down."""
    outside: tuple[str, ...] = ()
    """Beginnings and endings of files that are not its all the same."""
    scripts: bool = False
    """Shell scripts without an ending are its, too."""
    narrow: bool = True
    """It can look at some files alone."""
    woken_by: tuple[str, ...] = ()
    """Endings of other files whose change makes it look at everything."""
    fix: tuple[tuple[str, ...], ...] = ()
    cost: int = 1
    """Roughly its seconds: the longest begin first."""
    aliases: tuple[str, ...] = ()
    """Tools that it calls, where somebody may look for it by their names."""

    @property
    def names(self) -> frozenset[str]:
        """What it answers to: a part of its name is a name."""
        return frozenset((self.name, *self.name.split("-"), *self.aliases))


def _python(room: str, folder: str, outside: tuple[str, ...], *, package: str) -> tuple[Kind, ...]:
    """Return the checks of a Python project: refctl's and the backend's are the same."""
    config = (f"{folder}pyproject.toml",)
    source = {"room": room, "ends": (".py",), "folder": folder, "outside": outside}
    return (
        Kind(
            f"{room}-ruff",
            "lint",
            commands=(("ruff", "check", "--quiet", "--output-format=concise", FILES),),
            fix=(("ruff", "check", "--quiet", "--fix-only", "--exit-zero", FILES),),
            read="lines",
            woken_by=config,
            **source,  # type: ignore[arg-type]  # of the types that Kind names
        ),
        Kind(
            f"{room}-format",
            "format",
            commands=(("ruff", "format", "--check", "--output-format=concise", FILES),),
            fix=(("ruff", "format", "--quiet", FILES),),
            read="lines",
            woken_by=config,
            **source,  # type: ignore[arg-type]  # the same
        ),
        Kind(
            f"{room}-mypy",
            "types",
            commands=(("mypy", "--show-column-numbers", "--no-error-summary", "--no-pretty"),),
            read="lines",
            narrow=False,
            woken_by=(*config, f"{folder}uv.lock"),
            cost=20,
            **source,  # type: ignore[arg-type]  # the same
        ),
        Kind(
            f"{room}-imports",
            f"who may import whom in {package}",
            commands=(("lint-imports",),),
            read="contracts",
            narrow=False,
            woken_by=config,
            cost=2,
            **source,  # type: ignore[arg-type]  # the same
        ),
    )


KINDS: tuple[Kind, ...] = (
    *_python(REFCTL, "", ("app/", ".ci/"), package="refctl"),
    *_python(BACKEND, BACKEND_FOLDER, (), package="app"),
    Kind(
        "frontend-eslint",
        "lint, who may import whom, no cycles",
        FRONTEND,
        (("eslint", "--format=json", "--max-warnings=0", "--no-warn-ignored", FILES),),
        read="eslint",
        ends=CODE,
        folder=FRONTEND_FOLDER,
        outside=("app/frontend/src/lib/api-client/",),
        woken_by=(
            *("app/frontend/eslint.config.mjs", "app/frontend/tsconfig.json"),
            *("app/frontend/package.json", "app/frontend/pnpm-lock.yaml"),
        ),
        fix=(("eslint", "--fix", "--no-warn-ignored", FILES),),
        cost=15,
    ),
    Kind(
        "frontend-prettier",
        "format",
        FRONTEND,
        (("prettier", "--check", "--log-level=warn", "--ignore-unknown", FILES),),
        read="prettier",
        ends=("",),
        folder=FRONTEND_FOLDER,
        woken_by=(".prettierrc.json", ".prettierignore"),
        fix=(("prettier", "--write", "--log-level=error", "--ignore-unknown", FILES),),
        cost=5,
    ),
    Kind(
        "frontend-tsc",
        "types",
        FRONTEND,
        (
            ("next", "typegen"),
            ("tsc", "--noEmit", "--pretty", "false"),
            ("tsc", "--noEmit", "--pretty", "false", "-p", "cypress"),
        ),
        read="tsc",
        ends=(".ts", ".tsx", ".mts"),
        folder=FRONTEND_FOLDER,
        narrow=False,
        woken_by=("tsconfig.json", "app/frontend/package.json", "app/frontend/pnpm-lock.yaml"),
        cost=12,
    ),
    Kind(
        "frontend-bundle",
        "first load of each page within its budget, of the build that is here",
        REFCTL,
        (("python", "-m", "refctl.quality.own.bundle", ".", "{first_load_kb}"),),
        read="lines",
        ends=(*CODE, ".css", "app/frontend/package.json"),
        folder=FRONTEND_FOLDER,
        narrow=False,
    ),
    Kind(
        "markdown",
        "lint of Markdown",
        TOOLS,
        (("pymarkdown", "scan", FILES),),
        read="lines",
        ends=(".md",),
        # Its templates are pieces of a page: no title begins them.
        outside=(".github/",),
        woken_by=("pyproject.toml",),
        cost=3,
    ),
    Kind(
        "links",
        "links inside the repository",
        REFCTL,
        (("python", "-m", "refctl.quality.own.links", FILES),),
        read="lines",
        ends=(".md",),
        narrow=False,
        # Any file may be the end of a link.
        woken_by=("",),
    ),
    Kind(
        "shellcheck",
        "shell scripts",
        TOOLS,
        (("shellcheck", "--format=gcc", FILES),),
        read="lines",
        ends=(".sh", ".bash"),
        scripts=True,
    ),
    Kind(
        "hadolint",
        "Dockerfiles",
        TOOLS,
        (("hadolint", "--format=sarif", FILES),),
        read="sarif",
        ends=("Dockerfile", ".dockerfile", ".Dockerfile"),
        woken_by=(".hadolint.yaml",),
    ),
    Kind(
        "workflows",
        "workflows: actionlint, zizmor and our own rules",
        REFCTL,
        # What CI runs. Another process: the rooms of refctl do not import one another.
        (("python", "-m", "refctl", "ci", "lint", "--offline", "--json"),),
        read="workflows",
        ends=(".yml", ".yaml"),
        within=WORKFLOWS,
        narrow=False,
        woken_by=(
            *(".github/actionlint.yaml", ".github/zizmor.yml"),
            *(".github/dependabot.yml", "/action.yml", "/action.yaml"),
        ),
        cost=2,
        aliases=("actionlint", "zizmor"),
    ),
    Kind(
        "yaml",
        "syntax and traps of YAML",
        TOOLS,
        (("yamllint", "--strict", "--format=parsable", FILES),),
        read="lines",
        ends=(".yml", ".yaml"),
        outside=("pnpm-lock.yaml",),
        woken_by=(".yamllint.yaml",),
    ),
    Kind(
        "syntax",
        "syntax of JSON and TOML",
        REFCTL,
        (("python", "-m", "refctl.quality.own.syntax", FILES),),
        read="lines",
        ends=(".json", ".toml"),
        # With comments: the compiler reads it.
        outside=("tsconfig.json",),
    ),
    *(
        Kind(
            f"schema-{name}",
            f"{about} against their published schema",
            TOOLS,
            (
                (
                    *("check-jsonschema", "--output-format=json"),
                    *(f"--builtin-schema=vendor.{name}", FILES),
                ),
            ),
            read="schemas",
            ends=ends,
            within=within,
            outside=("ISSUE_TEMPLATE/config.yml",),
        )
        for name, about, ends, within in (
            ("github-workflows", "workflows", (".yml", ".yaml"), WORKFLOWS),
            ("github-actions", "actions", ("/action.yml", "/action.yaml"), ""),
            ("github-issue-forms", "issue forms", (".yml",), ".github/ISSUE_TEMPLATE/"),
            ("dependabot", "dependabot", (".github/dependabot.yml",), ""),
            ("compose-spec", "Compose files", ("compose.yml", "compose.yaml"), ""),
        )
    ),
    *(
        Kind(
            f"{room}-audit",
            "known flaws of what its lock installs",
            TOOLS,
            (
                (
                    *("uv", "export", "--quiet", "--frozen", "--all-groups", "--no-header"),
                    *("--no-emit-project", "--output-file", f"{{state}}/audit-{room}.txt"),
                ),
                (
                    *("pip-audit", "--disable-pip", "--no-deps", "--progress-spinner=off"),
                    *("--format=json", "--requirement", f"{{state}}/audit-{room}.txt"),
                ),
            ),
            read="pip-audit",
            ends=(f"{folder}uv.lock",),
            folder=folder,
            outside=outside,
            narrow=False,
            cost=4,
        )
        for room, folder, outside in ((REFCTL, "", ("app/",)), (BACKEND, BACKEND_FOLDER, ()))
    ),
    Kind(
        "frontend-audit",
        "known flaws of what its lock installs",
        FRONTEND,
        (("pnpm", "audit", "--json"),),
        read="pnpm-audit",
        ends=("app/frontend/pnpm-lock.yaml",),
        folder=FRONTEND_FOLDER,
        narrow=False,
        cost=3,
    ),
    Kind(
        "secrets",
        "keys, tokens and passwords",
        TOOLS,
        (
            (
                *("kingfisher", "scan", "--no-validate", "--no-update-check", "--redact"),
                *("--git-history=none", "--confidence=low", "--format=sarif", "--quiet"),
                *("--rule-cache-dir={state}/kingfisher", "--skip-regex={made_up_secrets}"),
                FILES,
            ),
        ),
        read="sarif",
        ends=("",),
        cost=4,
    ),
)


@dataclass(frozen=True, slots=True)
class Tree:
    """The project's files, as git knows them; all relative to its root."""

    files: tuple[str, ...]
    scripts: frozenset[str] = frozenset()
    """Shell scripts without an ending."""
    changed: frozenset[str] | None = None
    """Only what these mean is to be looked at; names that are gone count."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where programs are, and what they are told."""

    root: Path
    bins: Mapping[str, Path]
    """The folder of each room's programs."""
    programs: Mapping[str, Path]
    """Programs that live elsewhere."""
    env: Mapping[str, Mapping[str, str | Secret]] = field(default_factory=dict)
    """What a room's programs need in their environment."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What stands in braces in commands."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check of this checkout: what runs, and how to read it."""

    name: str
    commands: tuple[Run, ...]
    fix: tuple[Run, ...]
    read: str
    room: str
    cost: int


def choose(names: Iterable[str], kinds: tuple[Kind, ...] = KINDS) -> tuple[Kind, ...]:
    """Return the checks of these names, in their usual order; all of them for none.

    A part of a name is a name: `backend`, `ruff`, `audit`; so is the name of a tool within.

    Raises:
        UsageError: no check is called so.

    """
    wanted = set(names)
    known = {name for kind in kinds for name in kind.names}
    for name in sorted(wanted - known):
        near = difflib.get_close_matches(name, known, n=1)
        raise UsageError(
            f"no such check: {name}",
            hint=f"refctl check {near[0]}" if near else "refctl check --list names them",
        )
    return tuple(kind for kind in kinds if not wanted or wanted & kind.names)


def listed(names: Iterable[str]) -> Result:
    """Return the names of the checks and what each looks at."""
    kinds = choose(names)
    return Result(
        data={"checks": [{"name": kind.name, "about": kind.about} for kind in kinds]},
        table=Table(("check", "looks at"), tuple((kind.name, kind.about) for kind in kinds)),
    )


def files(kind: Kind, tree: Tree) -> tuple[str, ...]:
    """Return the files that the check is to look at; none when it has nothing to do."""
    own = tuple(name for name in tree.files if _is_its(kind, name, tree))
    if tree.changed is None:
        return own
    if any(name.endswith(kind.woken_by) for name in tree.changed):
        return own
    if kind.narrow:
        return tuple(name for name in own if name in tree.changed)
    return own if any(_is_its(kind, name, tree) for name in tree.changed) else ()


def _is_its(kind: Kind, name: str, tree: Tree) -> bool:
    if not name.startswith(kind.within or kind.folder):
        return False
    if name.startswith(kind.outside) or name.endswith(kind.outside):
        return False
    return name.endswith(kind.ends) or (kind.scripts and name in tree.scripts)


def plan(kind: Kind, looked_at: tuple[str, ...], site: Site) -> Check:
    """Return the check with its commands spelled out."""
    cwd = site.root / kind.folder
    own = tuple(name.removeprefix(kind.folder) for name in looked_at)

    def run(command: tuple[str, ...]) -> Run:
        words: list[str] = []
        for word in command[1:]:
            words += own if word == FILES else [_filled(word, site.words)]
        program = site.programs.get(command[0]) or site.bins[kind.room] / command[0]
        return Run((str(program), *words), cwd=cwd, env=site.env.get(kind.room, {}))

    return Check(
        kind.name,
        tuple(map(run, kind.commands)),
        tuple(map(run, kind.fix)),
        kind.read,
        kind.room,
        kind.cost,
    )


def _filled(word: str, words: Mapping[str, str]) -> str:
    for name, value in words.items():
        word = word.replace(f"{{{name}}}", value)
    return word
