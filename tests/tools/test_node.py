from pathlib import Path

import pytest

from refctl.tools.node import NODE_VERSION, find_node, parse_version


def test_versions_are_read() -> None:
    assert parse_version("v22.11.0\n") == (22, 11)
    assert parse_version("command not found") is None


@pytest.mark.parametrize(("version", "present"), [("v20.1.0", False), ("v26.0.0", True)])
def test_a_node_that_is_too_old_gives_way_to_the_pinned_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, *, present: bool
) -> None:
    for name in ("node", "npm"):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho {version}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    node = find_node(tmp_path / "tools")
    assert node.present is present
    assert (f"node-{NODE_VERSION}" in str(node.bin)) is not present
