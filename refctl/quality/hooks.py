"""Git's hooks: the checks before a commit, and the form of its message."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from refctl.core import commits
from refctl.core.errors import ConfigurationError, RefctlError
from refctl.core.executor import PrintingExecutor, RealExecutor
from refctl.core.journal import Journal
from refctl.core.plan import Plan, Remove, Step, WriteFile
from refctl.core.result import Result
from refctl.tools import git
from refctl.tools.proc import Processes

if TYPE_CHECKING:
    from pathlib import Path

    from refctl.core.console import Console
    from refctl.core.paths import Paths

NAMES = ("pre-commit", "commit-msg")
MARK = "# Written by 'refctl hooks install'; 'refctl hooks uninstall' removes it."
HOOK = """\
#!/bin/sh
{mark}
# git starts it at the top of the work tree, which may be another one than where it was installed.
if [ -x {folder}/.venv/bin/refctl ]; then
  refctl=$PWD/{folder}/.venv/bin/refctl
elif command -v refctl >/dev/null 2>&1; then
  refctl=refctl
else
  echo "refctl is not here: run 'make install' here, or commit with --no-verify" >&2
  exit 1
fi
{run}
"""
RUN = {
    "pre-commit": 'cd {folder} && exec "$refctl" hooks run pre-commit',
    # The file that git names is relative to where it starts the hook.
    "commit-msg": 'exec "$refctl" hooks run commit-msg "$1"',
}


def script(name: str, prefix: str = "") -> str:
    """Return a hook; `prefix` is where the project is in its repository."""
    folder = shlex.quote(prefix.rstrip("/") or ".")
    return HOOK.format(mark=MARK, folder=folder, run=RUN[name].format(folder=folder))


def is_ours(hook: Path) -> bool:
    """Return whether refctl wrote it."""
    try:
        return MARK in hook.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False


def install(paths: Paths, console: Console, *, dry_run: bool) -> Result:
    """Write the hooks; what a person put there stays.

    Raises:
        ConfigurationError: another hook is there, or the folder is not this repository's own.

    """
    folder = _folder(paths)
    _refuse_foreign(folder)
    prefix = git.prefix(paths.root)
    steps = []
    for name in NAMES:
        content, hook = script(name, prefix), folder / name
        # An older refctl's may read otherwise.
        if not (is_ours(hook) and hook.read_text(encoding="utf-8") == content):
            write = WriteFile(hook, content, mode=0o755)
            # Ours by its mark: replaced whole, with the mode of a program.
            old = (Remove(hook),) if hook.exists() else ()
            steps.append(Step(name, f"Write the {name} hook", (*old, write)))
    return _do(paths, console, tuple(steps), dry_run=dry_run, nothing="the hooks are in place")


def uninstall(paths: Paths, console: Console, *, dry_run: bool) -> Result:
    """Remove the hooks that refctl wrote, and no other."""
    folder = _folder(paths)
    steps = tuple(
        Step(name, f"Remove the {name} hook", (Remove(folder / name),))
        for name in NAMES
        if is_ours(folder / name)
    )
    return _do(paths, console, steps, dry_run=dry_run, nothing="no hook of refctl's is here")


def check_message(file: Path) -> Result:
    """Say whether a commit message is a Conventional Commit.

    Raises:
        RefctlError: it is not; with what is wrong and how it reads right.

    """
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise ConfigurationError(f"{file}: {error.strerror}") from None
    message = commits.written(text)
    # git itself ends a commit without a message.
    if not message or commits.is_gits_own(message):
        return Result()
    try:
        commits.parse(message)
    except ValueError as error:
        header = message.partition("\n")[0]
        width = max(map(len, commits.TYPES))
        raise RefctlError(
            f"{header!r} is not a Conventional Commit: {error}",
            hint=f"the message is kept: git commit --edit --file={shlex.quote(str(file))}",
            detail=(
                *(f"{kind.ljust(width)}  {when}" for kind, when in commits.TYPES.items()),
                "Like this:  fix(api): refuse titles of more than 200 characters",
            ),
        ) from None
    return Result()


def _folder(paths: Paths) -> Path:
    folder = git.hooks(paths.root)
    own = git.owned(paths.root)
    if not any(folder.is_relative_to(each) for each in own):
        raise ConfigurationError(
            f"core.hooksPath leads to {folder}, which other repositories share",
            hint="git config --local core.hooksPath .git/hooks, and run it again",
        )
    return folder


def _refuse_foreign(folder: Path) -> None:
    for name in NAMES:
        hook = folder / name
        if (hook.exists() or hook.is_symlink()) and not is_ours(hook):
            raise ConfigurationError(
                f"{hook} is there and not refctl's: it stays as it is",
                hint=f'call refctl from it: .venv/bin/refctl hooks run {name} "$@"',
            )


def _do(
    paths: Paths, console: Console, steps: tuple[Step, ...], *, dry_run: bool, nothing: str
) -> Result:
    plan = Plan("hooks", steps)
    data = {"plan": plan.as_json()}
    if dry_run:
        printing = PrintingExecutor()
        printing.execute(plan)
        return Result(data=data, lines=tuple(printing.lines) or (nothing,))
    RealExecutor(
        Processes(), console, lambda: Journal.begin(paths.state / "runs", "hooks")
    ).execute(plan)
    return Result(data=data, lines=tuple(step.title for step in steps) or (nothing,))
