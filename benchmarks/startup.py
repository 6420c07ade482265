"""Start-up: refctl against the interpreter's floor and its peers, in one run.

Installs a wheel of this checkout and the peers as users do, bytecode compiled, into temporary
environments; then runs all commands in turn, so that a change in the machine's speed hits all
alike. Prints the minimum of each as a multiple of `python -c pass` of the same interpreter.

    .venv/bin/python benchmarks/startup.py
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROUNDS = 15
PEERS = ("hatch", "copier", "python-semantic-release")


def main() -> None:
    """Install, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        uv = str(Path(sys.executable).with_name("uv"))
        built = Path(folder) / "dist"
        subprocess.run(
            [uv, "build", "--wheel", "--out-dir", str(built), str(ROOT)],
            check=True,
            capture_output=True,
        )
        homes = {}
        for name in (str(next(built.glob("*.whl"))), *PEERS):
            home = Path(folder) / Path(name).stem.partition("-0")[0]
            subprocess.run(
                [uv, "venv", "--python", sys.executable, str(home)], check=True, capture_output=True
            )
            install = [uv, "pip", "install", "--compile-bytecode", "--python", str(home), name]
            subprocess.run(install, check=True, capture_output=True)
            homes[home.name] = home / "bin"
        own = homes["refctl"]
        commands = {
            "python -c pass": [str(own / "python"), "-c", "pass"],
            "refctl --version": [str(own / "refctl"), "--version"],
            "refctl --help": [str(own / "refctl"), "--help"],
            "refctl test --help": [str(own / "refctl"), "test", "--help"],
            "refctl db dump --help": [str(own / "refctl"), "db", "dump", "--help"],
            "hatch --help": [str(homes["hatch"] / "hatch"), "--help"],
            "copier --version": [str(homes["copier"] / "copier"), "--version"],
            "semantic-release --version": [
                str(homes["python-semantic-release"] / "semantic-release"),
                "--version",
            ],
        }
        best = dict.fromkeys(commands, float("inf"))
        for _ in range(ROUNDS):
            for name, argv in commands.items():
                began = time.perf_counter()
                subprocess.run(argv, check=True, capture_output=True)
                best[name] = min(best[name], time.perf_counter() - began)
        floor = best["python -c pass"]
        for name, seconds in best.items():
            print(f"{name:<28} {seconds * 1000:7.1f} ms  {seconds / floor:5.2f}x")


if __name__ == "__main__":
    main()
