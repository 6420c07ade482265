import subprocess
from pathlib import Path

import pytest

from refctl.quality.changed import explain, touched

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("file", "suites"),
    [
        ("refctl/core/plan.py", {"cli"}),
        ("tests/test_dev.py", {"cli"}),
        ("templates/env.j2", {"cli"}),
        ("Makefile", {"cli"}),
        (".github/workflows/test.yml", {"cli"}),
        ("refctl/develop/isolated.py", {"cli", "e2e"}),
        ("app/backend/app/main.py", {"backend", "e2e"}),
        ("app/backend/tests/test_main.py", {"backend"}),
        ("app/backend/alembic/versions/0001_x.py", {"cli", "backend", "e2e"}),
        ("app/backend/openapi.json", {"backend", "frontend", "e2e"}),
        ("app/frontend/src/app/page.tsx", {"frontend", "e2e"}),
        ("app/frontend/src/lib/time.test.ts", {"frontend"}),
        ("app/frontend/cypress/e2e/live.cy.ts", {"e2e"}),
        ("app/frontend/cypress/tasks/compare.ts", {"frontend", "e2e"}),
        ("app/frontend/cypress/e2e/local/visual/menu-phone-dark.png", {"cli", "e2e"}),
        ("app/frontend/eslint.config.mjs", {"cli", "frontend", "e2e"}),
        ("refctl/tools/collector.py", {"cli", "e2e"}),
        ("refctl/workspace/setup.py", {"cli", "e2e"}),
        ("docs/contributing/mutation.md", {"cli"}),
        ("docs/adr/README.md", set()),
        ("app/backend/README.md", set()),
        ("docs/deployment/configuration.md", {"backend"}),
    ],
)
def test_a_path_says_which_suites_it_touches(file: str, suites: set[str]) -> None:
    assert set(touched([file])) == suites


def test_every_file_of_the_repository_has_a_rule_and_every_suite_a_file() -> None:
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout.splitlines()
    assert set(touched(files)) == {"cli", "backend", "frontend", "e2e"}


def test_the_reason_names_a_file_and_how_many_more() -> None:
    reasons = touched(["app/backend/tests/a.py", "app/backend/tests/b.py", "tests/c.py"])
    assert explain(reasons, "main (0123456)") == (
        "backend: app/backend/tests/a.py and 1 more changed since main (0123456)",
        "cli: tests/c.py changed since main (0123456)",
    )
