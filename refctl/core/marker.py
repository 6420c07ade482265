"""Where the file is that marks a project. Apart from `paths`, and without pathlib, to be quick."""

from __future__ import annotations

import os

MARKER = "refctl.toml"


def find_folder(start: str, *, up_to: str = os.sep) -> str | None:
    """Return the folder with the marker: `start` or one above it, at the highest `up_to`."""
    folder = start
    while not os.path.isfile(os.path.join(folder, MARKER)):  # noqa: PTH113, PTH118 - see the head
        above = os.path.dirname(folder)  # noqa: PTH120 - the same
        if folder in {above, up_to}:
            return None
        folder = above
    return folder
