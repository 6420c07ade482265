"""`refctl config` for real, against the backend of a fresh checkout."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import clean_environment, make_checkout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_checkout(tmp_path_factory.mktemp("checkout"))


def config(checkout: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "refctl", "config", *arguments],
        cwd=checkout,
        env={**clean_environment(), **env},
        capture_output=True,
        check=False,
        text=True,
    )


def test_it_shows_values_and_sources_masks_secrets_and_writes_no_env_file(checkout: Path) -> None:
    secret = "canary-Qm7xRk29ZtVn4LpYc8WsHd3Jf6Gb1Ea5"
    said = config(checkout, "show", APP_NAME="Shop", JWT_SECRET_KEY=secret)
    assert said.returncode == 0, said.stderr
    rows = {line.split()[0]: line.split() for line in said.stdout.splitlines()}
    assert rows["APP_NAME"] == ["APP_NAME", "Shop", "environment"]
    assert rows["JWT_SECRET_KEY"] == ["JWT_SECRET_KEY", "[REDACTED]", "environment"]
    assert secret not in said.stdout + said.stderr
    assert not (checkout / ".env").exists()


def test_it_validates_an_environment_and_names_what_is_wrong(checkout: Path) -> None:
    assert config(checkout, "validate").returncode == 0
    file = checkout / ".env.production"
    file.write_text("DATABSE_URL=postgresql://db/app\nJWT_SECRET_KEY=canary\n")
    try:
        said = config(checkout, "validate", "--environment", "production", "--json")
    finally:
        file.unlink()
    answer = json.loads(said.stdout)
    assert (said.returncode, answer["ok"], answer["command"]) == (3, False, "config validate")
    message = answer["errors"][0]["message"]
    assert "DATABSE_URL (.env.production:1): no such variable: is DATABASE_URL meant?" in message
    assert "JWT_SECRET_KEY (.env.production:2): needs at least 32 characters" in message
    assert "canary" not in said.stdout + said.stderr


def test_it_compares_two_environments(checkout: Path) -> None:
    file = checkout / ".env.staging"
    file.write_text("APP_NAME=Shop\nDATABASE_URL=postgresql://u:canary-pw@db/app\n")
    try:
        said = config(checkout, "diff", "development", "staging", "--json")
    finally:
        file.unlink()
    rows = {row["name"]: row for row in json.loads(said.stdout)["data"]["differences"]}
    assert rows["APP_NAME"]["staging"] == {"value": "Shop", "source": ".env.staging:1"}
    assert rows["DATABASE_URL"]["staging"]["value"] == "postgresql://u:[REDACTED]@db/app"


def test_it_prints_the_schema_of_the_variables(checkout: Path) -> None:
    said = config(checkout, "schema")
    assert said.returncode == 0, said.stderr
    assert "DATABASE_URL" in json.loads(said.stdout)["properties"]


def test_a_backend_that_cannot_answer_shows_its_last_words(checkout: Path) -> None:
    source = checkout / "app/backend/app/core/config/__init__.py"
    whole = source.read_text()
    source.write_text("raise RuntimeError('words of the last')\n")
    try:
        said = config(checkout, "show")
    finally:
        source.write_text(whole)
    assert said.returncode == 5
    assert "words of the last" in said.stderr
