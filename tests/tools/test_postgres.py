from pathlib import Path

import pytest

from refctl.core.errors import MissingToolError
from refctl.tools import postgres


@pytest.mark.parametrize(
    ("url", "uri", "password"),
    [
        (
            "postgresql://u:p%40w@h:5/d?a=b",
            "postgresql://u@h:5/d?a=b",
            "p@w",
        ),
        ("postgres://u@h/d", "postgresql://u@h/d", None),
        ("postgresql+psycopg://u:@/d?host=/run/pg", "postgresql://u@/d?host=/run/pg", None),
        ("postgresql:///d", "postgresql:///d", None),
        ("postgresql://h/d?password=canary", "postgresql://h/d", "canary"),
    ],
)
def test_the_password_leaves_the_address(url: str, uri: str, password: str | None) -> None:
    found, variables = postgres.connection(url)

    assert found == uri
    assert [secret.reveal() for secret in variables.values()] == ([password] if password else [])


def test_a_missing_program_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(MissingToolError, match="pg_dump is not on PATH") as caught:
        postgres.find("pg_dump")

    assert "apt install postgresql-client" in caught.value.hint
