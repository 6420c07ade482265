"""What the commit of a release changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from refctl.core.errors import ConfigurationError
from refctl.release import changelog, notes, stamps
from refctl.tools import refs

if TYPE_CHECKING:
    from refctl.release.preview import Preview


def contents(seen: Preview, root: Path, version: str, day: str) -> dict[str, str]:
    """Return the files of the release's commit, by their path from the top."""
    top = Path(refs.top(root))
    found: dict[str, str] = {}
    for file in seen.configuration.files if seen.configuration else ():
        path = root / file.path
        name = _name(path, top, f"release.files: {file.path}")
        text = found.get(name) or _text(path, f"release.files: {file.path}")
        found[name] = stamps.stamped(file, text, version)
    if seen.policy.changelog:
        path = root / seen.policy.changelog
        where = f"release.changelog: {seen.policy.changelog}"
        name = _name(path, top, where)
        text = _text(path, where) if path.exists() else ""
        release = seen.release._replace(day=day)
        part = notes.part(release, seen.links, seen.notes)
        # A file that has both kinds keeps each where it is.
        if "\n" in text and text.count("\r\n") == text.count("\n"):
            whole = changelog.updated(text.replace("\r\n", "\n"), version, part)
            found[name] = whole.replace("\n", "\r\n")
        else:
            found[name] = changelog.updated(text, version, part)
    unknown = refs.untracked(root, found)
    if unknown:
        raise ConfigurationError(
            f"{unknown[0]} is here and not in git: the release would write over it",
            hint=f"git add --force {unknown[0]} and commit it, or remove it",
        )
    return found


def _text(path: Path, where: str) -> str:
    """Return a file as it is: another form of line endings would be a change of its own."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return stream.read()
    except OSError as error:
        raise ConfigurationError(f"refctl.toml: {where}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigurationError(
            f"refctl.toml: {where}: not text in UTF-8", hint="save it as UTF-8, and commit it"
        ) from None


def _name(path: Path, top: Path, where: str) -> str:
    """Return a file's path from the top, links followed: git commits no file of elsewhere."""
    real = path.resolve()
    if not real.is_relative_to(top):
        raise ConfigurationError(
            f"refctl.toml: {where}: leads out of the repository, to {real}",
            hint="name a file in the repository",
        )
    return real.relative_to(top).as_posix()
