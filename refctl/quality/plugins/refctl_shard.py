"""Runs one part of a pytest suite: `-p refctl_shard --refctl-shard 2/3`.

The parts are made of whole files, whose fixtures start costly things once, and are even in the
number of tests. They follow from the sources alone: machines that share the work need not talk.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest


def divide(weights: Mapping[str, float], of: int) -> list[list[str]]:
    """Return the names in that many parts of about the same weight, dealing the heaviest first."""
    parts: list[list[str]] = [[] for _ in range(of)]
    loads = [0.0] * of
    for name in sorted(weights, key=lambda name: (-weights[name], name)):
        lightest = loads.index(min(loads))
        parts[lightest].append(name)
        loads[lightest] += weights[name]
    return parts


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the part as I/N."""
    parser.addoption("--refctl-shard", default="1/1")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of the other parts."""
    index, of = (int(number) for number in config.getoption("--refctl-shard").split("/"))
    file_of = {item: item.nodeid.partition("::")[0] for item in items}
    mine = set(divide(Counter(file_of.values()), of)[index - 1])
    others = [item for item in items if file_of[item] not in mine]
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if file_of[item] in mine]
