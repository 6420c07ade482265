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
        try:
            # As it is: another form of line endings would be a change of its own.
            with path.open(encoding="utf-8", newline="") as stream:
                text = found.get(name) or stream.read()
        except OSError as error:
            raise ConfigurationError(
                f"refctl.toml: release.files: {file.path}: {error.strerror}"
            ) from None
        except UnicodeDecodeError:
            raise ConfigurationError(
                f"refctl.toml: release.files: {file.path}: not text in UTF-8"
            ) from None
        found[name] = stamps.stamped(file, text, version)
    if seen.policy.changelog:
        path = root / seen.policy.changelog
        name = _name(path, top, f"release.changelog: {seen.policy.changelog}")
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        release = seen.release._replace(day=day)
        part = notes.part(release, seen.links, seen.notes)
        found[name] = changelog.updated(text, version, part)
    unknown = refs.untracked(root, found)
    if unknown:
        raise ConfigurationError(
            f"{unknown[0]} is here and not in git: the release would write over it",
            hint=f"git add --force {unknown[0]} and commit it, or remove it",
        )
    return found


def _name(path: Path, top: Path, where: str) -> str:
    """Return a file's path from the top, links followed: git commits no file of elsewhere."""
    real = path.resolve()
    if not real.is_relative_to(top):
        raise ConfigurationError(
            f"refctl.toml: {where}: leads out of the repository, to {real}",
            hint="name a file in the repository",
        )
    return real.relative_to(top).as_posix()
