"""`refctl test`: everything at once against one suite after another.

Runs each suite alone, then all together, in a checkout where everything is installed, and prints
the wall time of the second as a multiple of the first. It takes as long as that sounds; `-k`
measures a sample of the tests (and leaves out the journeys, which are one story). Exits with 1
above the goal.

    .venv/bin/python benchmarks/test.py [-k WORD]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
GOAL = 0.65


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("-k", metavar="WORD", default="", help="only tests whose names match")
    keyword = parser.parse_args().k
    chosen = ("cli", "backend", "frontend", *(() if keyword else ("e2e",)))
    words = ("-k", keyword) if keyword else ()
    alone = {name: seconds_of(name, *words) for name in chosen}
    together = seconds_of("all", *words)
    for name, seconds in alone.items():
        print(f"{name:<16}{seconds:8.1f} s")
    print(f"{'one by one':<16}{sum(alone.values()):8.1f} s")
    print(f"{'together':<16}{together:8.1f} s")
    ratio = together / sum(alone.values())
    print(f"ratio {ratio:.2f} (goal {GOAL} or less)")
    sys.exit(ratio > GOAL)


def seconds_of(suite: str, *words: str) -> float:
    """Return how long `refctl test` takes for it; a suite that fails proves nothing."""
    began = time.perf_counter()
    argv = [sys.executable, "-m", "refctl", "test", suite, "--quiet", *words]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{suite} failed:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
