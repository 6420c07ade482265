"""Publishing a tag on its host: looks at what is there, and does what is missing."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from refctl.core.errors import ConfigurationError
from refctl.release.hosting import Out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from refctl.release.hosting import Host, Wanted

CHECKSUMS = "SHA256SUMS"


def files(root: Path, patterns: Iterable[str]) -> tuple[Path, ...]:
    """Return the files to publish.

    Raises:
        ConfigurationError: a pattern matches none, or two files have one name.

    """
    found: dict[str, Path] = {}
    for pattern in patterns:
        matching = sorted(path for path in root.glob(pattern) if path.is_file())
        if not matching:
            raise ConfigurationError(
                f"refctl.toml: release.assets: {pattern} matches no file",
                hint="build them, and run it again",
            )
        for path in matching:
            if found.setdefault(path.name, path) != path:
                raise ConfigurationError(
                    f"refctl.toml: release.assets: two files are called {path.name}"
                )
    return tuple(found.values())


def checksums(assets: Iterable[Path]) -> str:
    """Return the sums in the form that `sha256sum --check` reads."""
    return "".join(f"{digest(path)}  {path.name}\n" for path in assets)


def digest(path: Path) -> str:
    """Return a file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def publish(
    host: Host, wanted: Wanted, folder: Path, step: Callable[[str], object]
) -> tuple[list[str], Out | None]:
    """Do what is missing of a release; return what was done, in words, and what is out now.

    `step` is told the name of each step before it is taken. The page is the last thing that people
    see: until its files are there, it is a draft. A file that an earlier run left in the draft is
    replaced where it was built anew since: what is out and its checksums belong together.
    """
    done, out = [], None
    release = host.find(wanted.tag)
    if release is None:
        step("draft")
        release = host.create(
            wanted.tag, title=wanted.title, notes=wanted.notes, prerelease=wanted.prerelease
        )
        done.append("notes")
    if release.draft:
        assets = list(wanted.assets())
        if assets:
            sums = folder / CHECKSUMS
            sums.write_text(checksums(assets), encoding="utf-8")
            assets.append(sums)
        for path in assets:
            if release.assets.get(path.name) != digest(path):
                step(f"upload {path.name}")
                host.upload(release, path)
                done.append(path.name)
        step("publish")
        page = host.publish(release, latest=wanted.latest)
        done.append("page")
        out = Out(wanted.tag, page, tuple(assets))
    for workflow in wanted.workflows:
        if not host.was_started(workflow, wanted.tag):
            step(f"start {workflow}")
            host.start(workflow, wanted.tag)
            done.append(workflow)
    return done, out
