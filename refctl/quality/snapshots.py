"""What taking the pictures of pages anew has changed."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Changes:
    """Names of pictures."""

    changed: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """What to read before the commit."""
        kinds = (("changed", self.changed), ("new", self.added), ("removed", self.removed))
        said = tuple(f"{kind}: {name}" for kind, names in kinds for name in names)
        return said or ("no snapshot looks different",)

    def as_json(self) -> dict[str, Any]:
        """Return them for `--json`."""
        return asdict(self)


def read(folder: Path) -> dict[str, str]:
    """Return a digest of each picture in the folder."""
    return {
        file.stem: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.glob("*.png"))
    }


def compare(before: Mapping[str, str], now: Mapping[str, str]) -> Changes:
    """Return what is different."""
    return Changes(
        changed=tuple(name for name in now if name in before and now[name] != before[name]),
        added=tuple(name for name in now if name not in before),
        removed=tuple(name for name in before if name not in now),
    )
