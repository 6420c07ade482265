"""The files of a release, built from its commit: whatever the checkout has become since."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from refctl.core.errors import StepFailedError
from refctl.core.plan import Run
from refctl.release import publishing
from refctl.tools import proc, refs

if TYPE_CHECKING:
    from refctl.core.config_release import Release as Configuration

SHOWN = 20
"""Lines of a failed build that an error shows."""
TOKENS = ("GITHUB_TOKEN", "GH_TOKEN")
"""What a build has no use for."""


class Assets:
    """The files to publish with the releases of one run."""

    def __init__(self, root: Path, configuration: Configuration | None) -> None:
        self._root = root
        self._configuration = configuration
        self._built: dict[str, tuple[Path, ...]] = {}

    def of(self, commit: str) -> tuple[Path, ...]:
        """Return those of a commit; without a command that builds them, those that are here.

        Raises:
            ConfigurationError: there are none where there should be.
            StepFailedError: they could not be built.

        """
        configuration = self._configuration
        if configuration is None or not configuration.assets:
            return ()
        if not configuration.build:
            return publishing.files(self._root, configuration.assets)
        if commit not in self._built:
            self._built[commit] = self._build(configuration, commit)
        return self._built[commit]

    def _build(self, configuration: Configuration, commit: str) -> tuple[Path, ...]:
        state = refs.folder(self._root) / "refctl"
        place, kept = state / "build", state / "assets"
        inside = self._root.resolve().relative_to(Path(refs.top(self._root)).resolve())
        with refs.worktree(self._root, place, commit):
            _run(configuration.build, place / inside)
            found = publishing.files(place / inside, configuration.assets)
            shutil.rmtree(kept, ignore_errors=True)
            kept.mkdir(parents=True)
            return tuple(Path(shutil.copy2(file, kept)) for file in found)


def _run(command: list[str], folder: Path) -> None:
    # What is installed beside refctl is found, as it is by whoever calls it from there.
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    env = {"PATH": path, **dict.fromkeys(TOKENS)}
    said = proc.ask(Run(tuple(command), cwd=folder, env=env))
    if said.code != 0:
        raise StepFailedError(
            f"the files of the release could not be built: {' '.join(command)} "
            f"ended with {said.code}",
            hint="correct it or release.build in refctl.toml, and run it again",
            detail=tuple(f"{said.out}\n{said.err}".strip().splitlines()[-SHOWN:]),
        )
