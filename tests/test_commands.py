import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from refctl.commands import COMMANDS

READ_ONLY = (
    {"completion", "db status", "ci list", "ci lint", "hooks run", "changelog"}
    | {"secrets list", "secrets check"}
    | {f"config {name}" for name in ("show", "validate", "diff", "schema")}
    | {f"release {name}" for name in ("plan", "notes", "lint-commit")}
)

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


def tree() -> dict[str, list[str]]:
    """Return the sub-commands of every command; none of one that is not a group."""
    return {
        name: [
            str(command.name)
            for command in app.registered_commands
            if app.registered_callback is not None
        ]
        for name, (_, module) in COMMANDS.items()
        for app in [importlib.import_module(module).app]
    }


COMMAND_LINES = [
    " ".join([name, *words])
    for name, subs in tree().items()
    for words in ([[sub] for sub in subs] or [[]])
]


@pytest.mark.parametrize("name", [name for name, subs in tree().items() if subs])
def test_a_group_lists_its_commands_and_says_where_their_help_is(name: str) -> None:
    said = refctl(name, "--help")
    assert said.returncode == 0, said.stderr
    assert f"Run 'refctl {name} COMMAND --help'" in said.stdout
    assert COMMANDS[name][0] in said.stdout
    for sub in tree()[name]:
        assert f"  {sub} " in said.stdout
    if name == "release":
        return  # alone it is a command, which must not be tried in this repository
    alone = refctl(name)
    assert (alone.returncode, "Traceback" in alone.stderr) == (2, False)
    assert f"hint: refctl {name} --help" in alone.stderr


@pytest.mark.parametrize("name", COMMAND_LINES)
def test_every_command_has_an_example_and_the_common_options(name: str) -> None:
    said = refctl(*name.split(), "--help")
    assert said.returncode == 0, said.stderr
    assert "Example: " in said.stdout
    assert f"refctl {name}" in said.stdout
    options = ["--json", "--verbose", "--quiet"]
    if name not in READ_ONLY:
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


@pytest.mark.parametrize("name", ["test", "config show", "db status", "docs openapi"])
def test_errors_have_the_envelope_too(tmp_path: Path, name: str) -> None:
    said = refctl(*name.split(), "--json", cwd=tmp_path)
    answer = json.loads(said.stdout)
    assert (answer["schema"], answer["ok"], answer["command"]) == (1, False, name)
    assert answer["errors"][0]["exit_code"] == said.returncode == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("dev", "--nonsense"),
        ("test", "nonsense"),
        ("db", "nonsense"),
        ("db", "revision"),
        ("config", "diff", "development", "prod"),
    ],
)
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


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("refctl de", ["dev"]),
        ("refctl db re", ["revision", "reset", "restore"]),
        ("refctl config show -e pro", ["production"]),
    ],
)
def test_completion_completes(words: str, expected: list[str]) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "refctl"],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "COMP_WORDS": words,
            "COMP_CWORD": str(words.count(" ")),
            "_REFCTL_COMPLETE": "complete_bash",
        },
    )
    assert said.stdout.split() == expected


def test_a_mistyped_command_gets_the_nearest_one() -> None:
    said = refctl("dve")
    assert said.returncode == 2
    assert "no such command: dve" in said.stderr
    assert "refctl dev" in said.stderr
