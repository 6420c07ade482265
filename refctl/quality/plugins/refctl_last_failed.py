"""A plug-in for pytest: where nothing that failed is left, `--last-failed` runs nothing.

Run by the suite's own interpreter, which finds it by path. Alone, pytest says so only where it
knows of no failure; where those it knows are gone from the sources, it runs everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None]:
    """Look last at what was chosen."""
    yield
    failed = config.cache.get("cache/lastfailed", {})
    # What failed may have been a whole file, which did not even import.
    names = {name for item in items for name in (item.nodeid, item.nodeid.partition("::")[0])}
    if not names & failed.keys():
        config.hook.pytest_deselected(items=items[:])
        items.clear()
