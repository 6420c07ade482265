"""Which checks there are: a table of what each looks at, and by which commands."""

from __future__ import annotations

from dataclasses import dataclass

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


KINGFISHER = (
    *("kingfisher", "scan", "--no-validate", "--no-update-check", "--redact"),
    *("--confidence=low", "--format=sarif", "--quiet"),
    *("--rule-cache-dir={state}/kingfisher", "--skip-regex={made_up_secrets}"),
)


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
    asked: bool = False
    """It looks only where somebody asks for it by name."""
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
        # Templates of .github are pieces of a page: no title begins them. A changelog has lines as
        # long as their addresses, and what `refctl release` wrote there is not written anew.
        outside=(".github/", "CHANGELOG.md"),
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
        ((*KINGFISHER, "--git-history=none", FILES),),
        read="sarif",
        ends=("",),
        cost=4,
    ),
    Kind(
        "history",
        "keys, tokens and passwords in every commit",
        TOOLS,
        ((*KINGFISHER, "--git-history=full", "{git}"),),
        read="sarif",
        ends=("",),
        narrow=False,
        cost=60,
        asked=True,
    ),
)
