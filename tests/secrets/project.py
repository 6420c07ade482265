"""A checkout with secrets, and eyes on everything that its commands leave behind."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyrage import decrypt, x25519

from tests.checkout import clean_environment
from tests.github.server import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.github.server import GitHub

CANARY = "canary-Qm7xRk29ZtVn4LpYc8WsHd3Jf6Gb1Ea5"
OTHER = "canary-Zt7xRk29QmVn4LpYc8WsHd3Jf6Gb1Ea9"
ENVIRONMENT = "/repos/octo/app/environments/production/secrets"


class Project:
    """A checkout with an identity of its own, and what its commands said."""

    def __init__(self, root: Path, home: Path, server: GitHub) -> None:
        self.root, self.home, self.server = root, home, server
        self.env = {
            **clean_environment(),
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "GITHUB_API_URL": server.url,
            "GITHUB_TOKEN": TOKEN,
        }
        self.said: list[str] = []

    def run(
        self, *arguments: str, given: str | None = None, **env: str
    ) -> subprocess.CompletedProcess[str]:
        said = subprocess.run(
            [sys.executable, "-m", "refctl", "secrets", *arguments],
            cwd=self.root,
            env={**self.env, **env},
            input=given or "",
            capture_output=True,
            check=False,
            text=True,
            timeout=120,
        )
        self.said += [said.stdout, said.stderr]
        return said

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command that will not end by itself."""
        return subprocess.Popen(
            [sys.executable, "-m", "refctl", "secrets", *arguments],
            cwd=self.root,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def data(self, *arguments: str, given: str | None = None) -> dict[str, Any]:
        said = self.run(*arguments, "--json", given=given)
        assert said.returncode in {0, 1}, said.stderr + said.stdout
        found: dict[str, Any] = json.loads(said.stdout)["data"]
        return found

    @property
    def identity(self) -> Path:
        return self.home / ".config/refctl/identity.txt"

    def kept(self, name: str) -> dict[str, str]:
        """Open a store as anybody with the identity can, without refctl."""
        line = self.identity.read_text().splitlines()[-1]
        key = x25519.Identity.from_str(line)
        document = json.loads(decrypt((self.root / f"secrets/{name}.age").read_bytes(), [key]))
        return {secret: one["value"] for secret, one in document["secrets"].items()}

    def age(self, name: str, days: int) -> None:
        """Make everything in a store older."""
        self._alter(
            name,
            "back = timedelta(days=int(given))\n"
            "old = {k: replace(e, set_at=e.set_at - back) for k, e in one.entries.items()}\n"
            "turns = {k: replace(r, at=r.at - back) for k, r in one.rotations.items()}\n"
            "new = replace(one, entries=old, rotations=turns)\n",
            str(days),
        )

    def forget(self, name: str, secret: str) -> None:
        """Keep a secret no longer."""
        self._alter(name, "new = one.without(given)\n", secret)

    def keep(self, name: str, secret: str, value: str) -> None:
        """Keep a value that `set` would refuse, as one did before."""
        change = f"new = one.with_entry({secret!r}, Secret(given), store.now())\n"
        self._alter(name, change, value)

    def _alter(self, name: str, change: str, given: str) -> None:
        code = (
            "import sys; from datetime import timedelta; from dataclasses import replace\n"
            "from pathlib import Path; from refctl.core.paths import Paths, write_atomically\n"
            "from refctl.secrets import store; from refctl.tools import age\n"
            "from refctl.core.redact import Secret\n"
            "paths, name, given = Paths(Path.cwd()), *sys.argv[1:]\n"
            "one = store.read(paths, name, age.find(paths.root))\n"
            f"{change}"
            "text = store.write(new, one.recipients)\n"
            "write_atomically(store.file_of(paths, name), text)\n"
        )
        subprocess.run(
            [sys.executable, "-c", code, name, given],
            cwd=self.root,
            env={**self.env, "PYTHONPATH": str(Path(__file__).parents[1])},
            check=True,
        )


def backend(project: Project, code: str, given: Any) -> Any:
    """Ask the application itself."""
    said = subprocess.run(
        [project.root / "app/backend/.venv/bin/python", "-c", code],
        cwd=project.root / "app/backend",
        env=project.env,
        input=json.dumps(given),
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(said.stdout)


@contextlib.contextmanager
def watched(word: str) -> Iterator[set[str]]:
    """Look at every process's command line and environment, all the while."""
    seen: set[str] = set()
    over = threading.Event()

    def watch() -> None:
        proc = Path("/proc")
        while not over.is_set():
            for pid in filter(str.isdecimal, os.listdir(proc)):  # noqa: PTH208 - names alone: they come and go
                for file in (proc / pid / "cmdline", proc / pid / "environ"):
                    with contextlib.suppress(OSError):
                        if word.encode() in file.read_bytes():
                            seen.add(str(file))
            over.wait(0.005)  # a process lives longer, and needs a processor

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()
