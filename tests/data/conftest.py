from pathlib import Path

import pytest


@pytest.fixture
def postgres_tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with PostgreSQL's programs, which are not started."""
    for name in ("pg_dump", "pg_restore", "psql"):
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path
