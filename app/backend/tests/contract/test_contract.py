"""Whether the running API is what its OpenAPI document says."""

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from app.core.config import BACKEND_DIR
from app.main import create_app
from tests.conftest import PASSWORD
from tests.databases import make_settings
from tests.servers import serve

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
TIMEOUT_SECONDS = 120
UNLIMITED = 1_000_000


def test_the_running_api_is_what_its_document_says(sqlite_url: str, tmp_path: Path) -> None:
    settings = make_settings(
        sqlite_url,
        # Thousands of wrong passwords from one address are the point here.
        login_max_failures=UNLIMITED,
        login_max_failures_per_account=UNLIMITED,
        login_max_failures_per_address=UNLIMITED,
    )
    report = tmp_path / "report.json"
    with serve(create_app(settings)) as address:
        result = subprocess.run(  # noqa: S603  # this interpreter, on literals
            [
                *(sys.executable, "-m", "schemathesis.cli"),
                *("--config-file", str(CONFIGURATION), "run", f"{address}/openapi.json"),
                *("--header", f"Authorization: Bearer {sign_up(address)}"),
                *("--no-color", "--continue-on-failure", "--report-json-path", str(report)),
            ],
            cwd=tmp_path,  # where it leaves its files
            env={"PATH": "", "PYTHONPATH": str(BACKEND_DIR)},
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )

    if result.returncode != 0:
        pytest.fail(f"{result.stdout}\n{result.stderr}", pytrace=False)
    outcome = json.loads(report.read_text())
    assert outcome["operations"]["tested"] == outcome["operations"]["total"] > 0
    assert outcome["test_cases"]["generated"] > 100


def sign_up(address: str) -> str:
    body = {"email": "ada@example.com", "password": PASSWORD}
    response = httpx.post(f"{address}/api/v1/auth/register", json=body)
    token: str = response.json()["access_token"]
    return token
