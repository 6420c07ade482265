"""Where things are in a project."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from refctl.core.errors import ConfigurationError
from refctl.core.marker import MARKER, find_folder

STATE = ".refctl"
"""The name of refctl's own folder in a project."""


@dataclass(frozen=True, slots=True)
class Paths:
    """The places of one project, all absolute."""

    root: Path

    @property
    def marker(self) -> Path:
        """The file that marks and configures the project."""
        return self.root / MARKER

    @property
    def backend(self) -> Path:
        """The FastAPI application."""
        return self.root / "app" / "backend"

    @property
    def frontend(self) -> Path:
        """The Next.js application."""
        return self.root / "app" / "frontend"

    @property
    def env(self) -> Path:
        """Local configuration with generated secrets; never committed."""
        return self.root / ".env"

    @property
    def backend_python(self) -> Path:
        """The interpreter of the backend's own environment."""
        return self.backend / ".venv" / "bin" / "python"

    @property
    def state(self) -> Path:
        """Refctl's own folder: tools, stamps, locks and journals."""
        return self.root / STATE


def find_project(start: Path | None = None) -> Paths:
    """Return the project that holds `start` (default: the working folder).

    Raises:
        ConfigurationError: no folder from there upwards holds refctl.toml.

    """
    here = (start or Path.cwd()).resolve()
    folder = find_folder(str(here))
    if folder is not None:
        return Paths(Path(folder))
    raise ConfigurationError(
        f"no {MARKER} in {here} or any folder above it",
        hint="change into a refctl project and run the command again",
    )


def templates() -> Path:
    """Return the folder of Jinja2 templates: in the wheel, or beside the package in a checkout."""
    package = Path(__file__).resolve().parents[1]
    packed = package / "_data" / "templates"
    return packed if packed.is_dir() else package.parent / "templates"


def make_folder(folder: Path) -> None:
    """Make a folder and all above it; refctl's own is kept out of git from its first moment."""
    folder.mkdir(parents=True, exist_ok=True)
    own = next((one for one in (folder, *folder.parents) if one.name == STATE), None)
    if own is not None and not (own / ".gitignore").exists():
        (own / ".gitignore").write_text("*\n")


def write_atomically(path: Path, content: str, *, mode: int = 0o644) -> None:
    """Write the whole file or nothing: a kill leaves the old one or the new one."""
    make_folder(path.parent)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:  # Ctrl-C, too, must leave no half-written file
        temporary.unlink(missing_ok=True)
        raise
