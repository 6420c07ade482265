import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.core.config import DEVELOPMENT_JWT_SECRET, Settings
from app.core.variables import BACKEND_DIR, DROPPED, SHARED
from scripts import config

SECRET = "Qm7xRk29ZtVn4LpYc8WsHd3Jf6Gb1Ea5"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No `.env` but the ones that a test writes."""
    monkeypatch.setattr(config, "FILES", (tmp_path / ".env",))
    for name in ("ENVIRONMENT", "DATABASE_URL", "JWT_SECRET_KEY"):
        monkeypatch.delenv(name)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("document", ["example", "table"])
def test_what_is_written_from_the_settings_is_up_to_date(document: str) -> None:
    assert config.main([document, "--check"]) == 0


def test_every_variable_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_check_notices_drift_and_writing_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(config, "EXAMPLE_PATH", tmp_path / "example")

    assert config.main(["example", "--check"]) == 1
    assert "python -m scripts.config example" in capsys.readouterr().err
    assert config.main(["example"]) == 0
    assert config.main(["example", "--check"]) == 0


def test_the_example_is_itself_a_valid_file(files: Path) -> None:
    text = config.example()
    lines = re.findall(r"^# ([A-Z0-9_]+)=(.*)$", text, flags=re.MULTILINE)
    names = {name for name, _ in lines}
    (files / ".env").write_text("\n".join(f"{name}={value}" for name, value in lines if value))

    assert config.main(["validate"]) == 0
    assert {name.upper() for name in Settings.model_fields} | SHARED.keys() <= names
    assert DEVELOPMENT_JWT_SECRET not in text
    assert str(BACKEND_DIR) not in text
    assert not DROPPED.keys() & names


def test_the_schema_is_of_variables_and_hides_secrets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert config.main(["schema"]) == 0

    schema = said(capsys)
    assert schema["properties"]["ENVIRONMENT"]["default"] == "development"
    assert schema["properties"]["JWT_SECRET_KEY"]["writeOnly"]
    assert schema["properties"]["DATABASE_URL"]["default"].endswith("///./app.db")
    assert DEVELOPMENT_JWT_SECRET not in json.dumps(schema)


def test_show_gives_values_and_sources_and_no_secret(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (files / ".env").write_text(
        f"ENVIRONMENT=staging\nJWT_SECRET_KEY={SECRET}\nDATABASE_URL=postgresql://u:canary@h/d\n"
    )

    assert config.main(["show"]) == 0
    text = capsys.readouterr().out
    assert config.main(["show", "--json"]) == 0

    report = said(capsys)
    rows = {row["name"]: row for row in report["values"]}
    assert report["environment"] == "staging"
    assert report["valid"]
    assert rows["DATABASE_URL"]["value"] == "postgresql+psycopg://u:[REDACTED]@h/d"
    assert rows["JWT_SECRET_KEY"]["source"] == f"{files / '.env'}:2"
    assert rows["APP_NAME"]["source"] == "default"
    for secret in (SECRET, "canary"):
        assert secret not in text + json.dumps(report)
    assert re.search(rf"JWT_SECRET_KEY +\[REDACTED\]  \({re.escape(str(files))}/.env:2\)", text)


def test_show_works_where_something_is_wrong(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (files / ".env").write_text("DEBUG=perhaps\nJWT_SECRET_KEY=canary\nREDIS_URL=redis://r\n")

    assert config.main(["show"]) == 0

    shown = capsys.readouterr()
    assert "perhaps" in shown.out
    assert "error: DEBUG" in shown.err
    assert "warning: REDIS_URL" in shown.err
    assert "canary" not in shown.out + shown.err


def test_validate_names_the_problems_of_an_environment(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (files / ".env").write_text("ENVIRONMENT=development\n")

    assert config.main(["validate"]) == 0
    assert "development is valid" in capsys.readouterr().out
    assert config.main(["validate", "--environment", "production"]) == 1
    shown = capsys.readouterr().err
    assert "error: JWT_SECRET_KEY (not set): production needs" in shown
    assert "is passed over" in shown
    assert config.main(["validate", "--environment", "production", "--json"]) == 1
    report = said(capsys)
    assert {one["variable"] for one in report["problems"]} == {"DATABASE_URL", "JWT_SECRET_KEY"}
    assert "values" not in report


def test_diff_says_what_differs_and_which_secrets_are_shared(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (files / ".env").write_text(f"JWT_SECRET_KEY={SECRET}\n")
    (files / ".env.production").write_text(
        "APP_NAME=Shop\nDATABASE_URL=postgresql://h/d\nDEMO_PASSWORD=another-canary\n"
    )

    assert config.main(["diff", "development", "production"]) == 0

    report = said(capsys)
    rows = {row["name"]: row for row in report["differences"]}
    assert rows.keys() == {"ENVIRONMENT", "APP_NAME", "DATABASE_URL", "DEMO_PASSWORD"}
    assert rows["APP_NAME"]["production"] == {
        "value": "Shop",
        "source": f"{files / '.env.production'}:1",
    }
    assert rows["DEMO_PASSWORD"]["development"]["value"] == "[REDACTED]"
    assert report["shared_secrets"] == ["JWT_SECRET_KEY"]
    assert "canary" not in json.dumps(report)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("plain", "[REDACTED]"),
        (None, None),
        ("postgresql://u:p%40x@h:1/d?sslmode=x&password=y", None),
        ("sqlite:////data/app.db", "sqlite:////data/app.db"),
        ("postgresql://[broken", "[REDACTED]"),
    ],
)
def test_urls_show_all_but_their_passwords(value: str | None, shown: str | None) -> None:
    if value and "sslmode" in value:
        shown = "postgresql://u:[REDACTED]@h:1/d?sslmode=x&password=[REDACTED]"
    assert config.visible(Settings.model_fields["database_url"], value) == shown


def test_a_secret_that_looks_like_a_url_is_not_shown_as_one() -> None:
    assert config.visible(Settings.model_fields["jwt_secret_key"], "x://canary") == "[REDACTED]"
