"""Show, check and document the configuration: its values, where they come from, what is wrong."""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from app.core.config import MASK, ConfigurationError, Settings, is_secret, load
from app.core.variables import (
    BACKEND_DIR,
    ENVIRONMENTS,
    FILES,
    REPOSITORY_DIR,
    SHARED,
    Found,
    Problem,
    show,
)

EXAMPLE_PATH = REPOSITORY_DIR / ".env.example"
TABLE_PATH = REPOSITORY_DIR / "docs" / "deployment" / "configuration.md"
BEGIN, END = "<!-- python -m scripts.config table: begin -->", "<!-- end -->"
WIDTH = 96


def schema() -> dict[str, Any]:
    """Return the JSON schema of the variables, by name."""
    document = Settings.model_json_schema()
    document["properties"] = {
        name.upper(): {
            **document["properties"][name],
            **({"default": default(field)} if "default" in document["properties"][name] else {}),
            **({"writeOnly": True} if is_secret(field) else {}),
        }
        for name, field in Settings.model_fields.items()
    }
    document["title"] = "Settings"
    return document


def values(settings: Settings | None, found: Found) -> list[dict[str, Any]]:
    """Return every variable with its value, secrets masked, and where that came from."""
    rows = []
    for field_name, field in Settings.model_fields.items():
        name = field_name.upper()
        value = _plain(name, field_name, settings, found)
        rows.append(
            {
                "name": name,
                "value": visible(field, value),
                "source": found.origin(name),
                "secret": is_secret(field),
            }
        )
    return rows


def visible(field: FieldInfo, value: Any) -> Any:
    """Return what may be seen of a value: of a secret URL all but its passwords, else nothing."""
    if value is None or not is_secret(field):
        return value
    if field.repr or "://" not in str(value):
        return MASK
    try:
        parts = urlsplit(str(value))
        user, at, host = parts.netloc.rpartition("@")
        login, colon, _ = user.partition(":")
        query = [
            (name, MASK if "pass" in name.lower() or "key" in name.lower() else text)
            for name, text in parse_qsl(parts.query, keep_blank_values=True)
        ]
    except ValueError:
        return MASK
    shown = f"{login}:{MASK}@{host}" if colon else f"{login}{at}{host}"
    mark = f"?{urlencode(query, safe='[]/:')}" if query else ""
    return f"{parts.scheme}://{shown}{parts.path}{mark}"


def default(field: FieldInfo) -> Any:
    """Return the default as it may be shown anywhere: no secret, no machine's path."""
    value = field.get_default(call_default_factory=True)
    if isinstance(value, SecretStr):
        return None
    if isinstance(value, str):
        return value.replace(str(BACKEND_DIR), ".")
    return value


def written(value: object) -> str:
    """Return a value as a `.env` file has it."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case list() | tuple():
            return ",".join(str(one) for one in value)
        case _:
            return str(value)


def described(field: FieldInfo) -> str:
    """Return the description on one line."""
    return " ".join((field.description or "").split())


def example() -> str:
    """Return the content of `.env.example`."""
    lines = [
        "# Every variable with its default. Copy what you change to .env (for all environments, or",
        "# for one, by a line ENVIRONMENT=...) or to .env.production and the like.",
        "# Written by: cd app/backend && python -m scripts.config example",
        "",
    ]
    for name, field in Settings.model_fields.items():
        lines.append(f"# {described(field)}")
        if is_secret(field):
            lines.append(f"# Or {name.upper()}_FILE: a file that holds it.")
        lines += [f"# {name.upper()}={written(default(field))}", ""]
    lines += ["# The frontend's, and of its process's environment:", ""]
    for name, text in SHARED.items():
        if name not in Settings.names().known:
            lines += [f"# {text}", f"# {name}=", ""]
    return "\n".join(lines)


def table() -> str:
    """Return the table of all variables in Markdown."""
    rows = ["| variable | default | |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        shown = written(default(field))
        secret = f" Secret: also as `{name.upper()}_FILE`." if is_secret(field) else ""
        rows.append(
            f"| `{name.upper()}` | {f'`{shown}`' if shown else ''} | {described(field)}{secret} |"
        )
    return "\n".join(rows)


def with_table(text: str) -> str:
    """Return the document with the table between its marks."""
    block = f"{BEGIN}\n\n{table()}\n\n{END}"
    return re.sub(re.escape(BEGIN) + ".*?" + re.escape(END), lambda _: block, text, flags=re.DOTALL)


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m scripts.config", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("schema", help="print the JSON schema")
    diff = commands.add_parser("diff", help="print as JSON what differs in two environments")
    for side in ("one", "other"):
        diff.add_argument(side, choices=ENVIRONMENTS)
    for name, text in (
        ("show", "print every value and its source"),
        ("validate", "say what is wrong"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("--environment", choices=ENVIRONMENTS, help="not the current one")
        command.add_argument("--json", action="store_true", help="print JSON")
    for name, path in (("example", EXAMPLE_PATH), ("table", TABLE_PATH)):
        command = commands.add_parser(name, help=f"write {show(path)}")
        command.add_argument("--check", action="store_true", help="exit 1 if it is out of date")
    arguments = parser.parse_args(argv)
    match arguments.command:
        case "schema":
            print(json.dumps(schema(), indent=2, default=str))
            return 0
        case "diff":
            print(json.dumps(differences(arguments.one, arguments.other), default=str))
            return 0
        case "example":
            return _write(EXAMPLE_PATH, example(), arguments)
        case "table":
            return _write(TABLE_PATH, with_table(TABLE_PATH.read_text(encoding="utf-8")), arguments)
    return _report(arguments)


def _write(path: Path, text: str, arguments: argparse.Namespace) -> int:
    if not arguments.check:
        path.write_text(text, encoding="utf-8")
        return 0
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return 0
    print(
        f"{show(path)} is out of date: python -m scripts.config {arguments.command}",
        file=sys.stderr,
    )
    return 1


def _load(environment: str | None) -> tuple[Settings | None, Found, tuple[Problem, ...]]:
    """Return what there is, valid or not."""
    try:
        loaded = load(environment=environment, files=FILES)
    except ConfigurationError as error:
        return None, error.found, error.problems
    return loaded.settings, loaded.found, ()


def differences(one: str, other: str) -> dict[str, Any]:
    """Compare two environments; of secrets only whether they differ, or are shared, is told."""
    sides = [(environment, *_load(environment)[:2]) for environment in (one, other)]
    rows: list[dict[str, Any]] = []
    shared = []
    for field_name, field in Settings.model_fields.items():
        name = field_name.upper()
        raw = [_plain(name, field_name, settings, found) for _, settings, found in sides]
        if raw[0] == raw[1]:
            if is_secret(field) and all(name in found.variables for _, _, found in sides):
                shared.append(name)
            continue
        row: dict[str, Any] = {"name": name, "secret": is_secret(field)}
        for (environment, _, found), value in zip(sides, raw, strict=True):
            row[environment] = {
                "value": visible(field, value),
                "source": found.origin(name),
            }
        rows.append(row)
    return {
        "environments": [one, other],
        "differences": rows,
        "shared_secrets": shared,
        "notes": sorted({note for _, _, found in sides for note in found.notes}),
    }


def _plain(name: str, field_name: str, settings: Settings | None, found: Found) -> Any:
    """Return the value as valid settings have it, else as it was found."""
    if settings is not None:
        value = getattr(settings, field_name)
    elif name in found.variables:
        value = found.variables[name].text
    else:
        value = Settings.model_fields[field_name].get_default(call_default_factory=True)
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def _report(arguments: argparse.Namespace) -> int:
    """Show or validate."""
    settings, found, problems = _load(arguments.environment)
    validates = arguments.command == "validate"
    if arguments.json:
        report = {
            "environment": found.environment,
            "valid": not problems,
            **({} if validates else {"values": values(settings, found)}),
            "problems": _as_json(problems),
            "warnings": _as_json(found.warnings),
            "notes": list(found.notes),
        }
        print(json.dumps(report, default=str))
        return int(validates and bool(problems))
    if not validates:
        rows = values(settings, found)
        width = max(len(row["name"]) for row in rows)
        for row in rows:
            print(f"{row['name']:<{width}}  {written(row['value'])}  ({row['source']})")
    for words, some in (("error", problems), ("warning", found.warnings)):
        for problem in some:
            print(f"{words}: {problem}", file=sys.stderr)
    for note in found.notes:
        print(f"note: {note}", file=sys.stderr)
    if validates and not problems:
        print(f"The configuration of {found.environment} is valid.")
    return int(validates and bool(problems))


def _as_json(problems: Sequence[Problem]) -> list[dict[str, str]]:
    return [
        {"variable": one.variable, "source": one.origin, "reason": one.reason} for one in problems
    ]


if __name__ == "__main__":
    sys.exit(main())
