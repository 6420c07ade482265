import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from refctl.commands import COMMANDS

HEAVY = {
    "typing",
    "dataclasses",
    "typer",
    "click",
    "rich",
    "pydantic",
    "jinja2",
    "asyncio",
    "importlib.metadata",
}


def refctl(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "refctl", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
    )


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_has_an_example_and_the_common_options(name: str) -> None:
    said = refctl(name, "--help")
    assert said.returncode == 0, said.stderr
    assert "Example: " in said.stdout
    assert f"refctl {name}" in said.stdout
    options = ["--json", "--verbose", "--quiet"]
    if name != "completion":
        options.append("--dry-run")
    for option in options:
        assert option in said.stdout


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_the_first_answers_import_nothing_heavy(option: str) -> None:
    code = (
        "import sys\nsys.argv = ['refctl', sys.argv[1]]\n"
        "from refctl.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(sorted(sys.modules), file=sys.stderr)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, option],
        capture_output=True,
        text=True,
        check=True,
        # Measuring coverage imports half of the standard library by itself.
        env={name: value for name, value in os.environ.items() if "COVERAGE" not in name},
    )
    assert not {name for name in HEAVY if f"'{name}'" in said.stderr}


def test_outside_a_project_the_error_says_what_to_do(tmp_path: Path) -> None:
    said = refctl("dev", cwd=tmp_path)
    assert said.returncode == 3
    assert "no refctl.toml in" in said.stderr
    assert "hint: change into a refctl project" in said.stderr
    assert "Traceback" not in said.stderr


def test_errors_have_the_envelope_too(tmp_path: Path) -> None:
    said = refctl("test", "--json", cwd=tmp_path)
    answer = json.loads(said.stdout)
    assert (answer["schema"], answer["ok"], answer["command"]) == (1, False, "test")
    assert answer["errors"][0]["exit_code"] == said.returncode == 3


@pytest.mark.parametrize("arguments", [("nonsense",), ("dev", "--nonsense"), ("test", "nonsense")])
def test_a_wrong_command_line_is_a_usage_error(arguments: tuple[str, ...]) -> None:
    said = refctl(*arguments)
    assert said.returncode == 2
    assert "error:" in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell: str) -> None:
    said = refctl("completion", shell)
    assert said.returncode == 0, said.stderr
    assert "_REFCTL_COMPLETE" in said.stdout


def test_completion_completes() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "refctl"],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "COMP_WORDS": "refctl d",
            "COMP_CWORD": "1",
            "_REFCTL_COMPLETE": "complete_bash",
        },
    )
    assert said.stdout.split() == ["dev"]


def test_a_mistyped_command_gets_the_nearest_one() -> None:
    said = refctl("dve")
    assert said.returncode == 2
    assert "no such command: dve" in said.stderr
    assert "refctl dev" in said.stderr
