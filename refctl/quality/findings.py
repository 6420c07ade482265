"""What a checking tool found, read from its own words into one form."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlparse

from refctl.tools.finding import NOTE, Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from refctl.tools.proc import Said

SKIPPED = 77
"""The exit code of our own checks when what they look at is not here: their last line says so."""


class NotLookedError(Exception):
    """The check could not look (a service is out of reach): neither good nor bad."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tool ran, to tell what its paths mean."""

    root: Path
    cwd: Path

    def path(self, told: str) -> str:
        """Return the path that a tool told, relative to the root."""
        return os.path.relpath(os.path.normpath(self.cwd / told), self.root)


_LINE = re.compile(
    r"(?P<path>[^:\n]+):(?P<line>\d+):(?P<column>\d+): "
    r"(?:\[?(?P<level>error|warning|note|info|style)\]?:? )?"
    r"(?:(?P<code>[A-Z]+\d{2,}|invalid-syntax|unformatted):? (?:\[\*\] )?)?"
    r"(?P<message>.+?)"
    r"(?: +[\[(](?P<rule>[\w./-]+)[\])])?"
)
_TSC = re.compile(
    r"(?P<path>[^(\n]+)\((?P<line>\d+),(?P<column>\d+)\): error (?P<rule>TS\d+): (?P<message>.+)"
)
_UNFORMATTED = re.compile(r"\[warn\] (?P<path>\S.*)")
_UNREADABLE = re.compile(
    r"\[error\] (?P<path>[^:|]+): (?P<message>\w*Error: .+?)"
    r"(?: \((?P<line>\d+):(?P<column>\d+)\))?"
)
_UNREACHED = re.compile(
    r"responded with \d+|ERR_PNPM_AUDIT_(?:BAD_RESPONSE|ENDPOINT_NOT_EXISTS)"
    r"|ERR_PNPM_\w*FETCH\w*|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT"
)
_NO_INDEX = re.compile(
    r"^requests\.exceptions\.|^pip_audit\.\S+\.ServiceError\b|network may be blocking",
    re.MULTILINE,
)
_IMPORT = re.compile(r"-? *(?P<importer>[\w.]+) -> (?P<imported>[\w.]+) \(l\.(?P<line>\d+)")


def read_lines(said: Said, place: Place) -> Iterator[Finding]:
    """Read `path:line:column: message`, as most tools can."""
    for line in (said.out + said.err).splitlines():
        if found := _LINE.fullmatch(line):
            rule = found["code"] or found["rule"] or ""
            yield Finding(
                found["message"],
                rule,
                place.path(found["path"]),
                int(found["line"]),
                int(found["column"]),
                # mypy's notes explain the line before; what has a rule counts.
                NOTE if found["level"] == "note" and not rule else _level(found["level"]),
            )


def read_tsc(said: Said, place: Place) -> Iterator[Finding]:
    """Read the TypeScript compiler's form."""
    for line in said.out.splitlines():
        if found := _TSC.fullmatch(line):
            yield Finding(
                found["message"],
                found["rule"],
                place.path(found["path"]),
                int(found["line"]),
                int(found["column"]),
            )


def read_prettier(said: Said, place: Place) -> Iterator[Finding]:
    """Read the files that prettier would write otherwise, or cannot read."""
    for line in (said.out + "\n" + said.err).splitlines():
        if found := _UNREADABLE.fullmatch(line):
            yield Finding(
                found["message"],
                "syntax",
                place.path(found["path"]),
                int(found["line"] or 0),
                int(found["column"] or 0),
            )
        elif (found := _UNFORMATTED.fullmatch(line)) and "Code style issues" not in line:
            yield Finding("File would be reformatted", "unformatted", place.path(found["path"]))


def read_contracts(said: Said, place: Place) -> Iterator[Finding]:
    """Read import-linter's broken contracts: each import that breaks one."""
    for line in said.out.splitlines():
        if found := _IMPORT.match(line.strip()):
            base = place.cwd.joinpath(*found["importer"].split("."))
            file = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
            yield Finding(
                f"must not import {found['imported']}",
                "contract",
                place.path(str(file)),
                int(found["line"]),
            )


def read_eslint(said: Said, place: Place) -> Iterator[Finding]:
    """Read ESLint's JSON."""
    for file in _json(said.out) or ():
        for message in file["messages"]:
            yield Finding(
                message["message"],
                message["ruleId"] or "syntax",
                place.path(file["filePath"]),
                message.get("line") or 0,
                message.get("column") or 0,
            )


def read_sarif(said: Said, place: Place) -> Iterator[Finding]:
    """Read a SARIF log."""
    for run in (_json(said.out) or {}).get("runs", ()):
        for result in run.get("results", ()):
            if result.get("suppressions"):
                continue
            location = (result.get("locations") or [{}])[0]
            where, more = location.get("physicalLocation", {}), location.get("properties", {})
            uri = where.get("artifactLocation", {}).get("uri", "")
            region = where.get("region", {})
            # What a tool says more of the place is clearer than its headline.
            told = more.get("description") or result["message"]["text"]
            commit = more.get("git_metadata", {}).get("commit", {}).get("id", "")
            since = f" (in commit {commit[:12]})" if commit else ""
            yield Finding(
                " ".join(told.split()) + since,
                result.get("ruleId", ""),
                place.path(unquote(urlparse(uri).path)) if uri else "",
                max(region.get("startLine", 0), 0),
                max(region.get("startColumn", 0), 0),
                _level(result.get("level")),
            )


def read_schemas(said: Said, place: Place) -> Iterator[Finding]:
    """Read check-jsonschema's JSON: one object a schema."""
    decoder = json.JSONDecoder()
    text = said.out.lstrip()
    while text:
        try:
            document, end = decoder.raw_decode(text)
        except ValueError:
            return
        for error in document.get("errors", ()):
            best = error.get("best_match") or error
            yield Finding(
                f"{best.get('path', '$')}: {best['message']}",
                "schema",
                place.path(error["filename"]),
            )
        for error in document.get("parse_errors", ()):
            yield Finding(error["message"], "syntax", place.path(error["filename"]))
        text = text[end:].lstrip()


def read_pip_audit(said: Said, place: Place) -> Iterator[Finding]:
    """Read pip-audit's JSON; a package that it could not look up makes no green.

    Raises:
        NotLookedError: nothing bad is known, yet not everything was asked.

    """
    document = _json(said.out)
    if document is None:
        if _NO_INDEX.search(said.err):
            raise NotLookedError(_last(said.err))
        yield Finding(
            _last(said.err) or f"pip-audit said nothing (exit code {said.code})",
            "audit",
            place.path("uv.lock"),
        )
        return
    unknown = [one for one in document["dependencies"] if "skip_reason" in one]
    bad = False
    for package in document["dependencies"]:
        for flaw in package.get("vulns", ()):
            bad = True
            fixed = ", ".join(flaw["fix_versions"]) or "no version yet"
            yield Finding(
                f"{package['name']} {package['version']}: fixed in {fixed}",
                flaw["id"],
                place.path("uv.lock"),
            )
    if unknown and not bad:
        total = len(document["dependencies"])
        raise NotLookedError(
            f"{len(unknown)} of {total} packages could not be looked up: run it where the index "
            "answers for advisories"
        )


def read_pnpm_audit(said: Said, place: Place) -> Iterator[Finding]:
    """Read pnpm audit's JSON; any other answer than the registry's own is a failure.

    Raises:
        NotLookedError: the registry is out of reach, or does not answer audits.

    """
    document = _json(said.out)
    if not isinstance(document, dict) or "advisories" not in document:
        # A terminal's rule runs beside its words, and breaks them anywhere.
        words = " ".join(re.sub(r"[│├╰─▶\xd7]", " ", said.out + said.err).split())
        if _UNREACHED.search(words):
            code = re.search(r"responded with (\d+)", words)
            reason = f"HTTP {code[1]}" if code else words
            raise NotLookedError(f"the registry answers no audit ({reason}): run it where it does")
        yield Finding(f"pnpm audit did not look: {words}", "audit", place.path("pnpm-lock.yaml"))
        return
    for advisory in document["advisories"].values():
        yield Finding(
            f"{advisory['module_name']}: {advisory['title']}",
            advisory.get("github_advisory_id") or str(advisory["id"]),
            place.path("pnpm-lock.yaml"),
        )


def read_workflows(said: Said, _place: Place) -> Iterator[Finding]:
    """Read the answer of `refctl ci lint --json`, which speaks of findings as we do.

    Raises:
        NotLookedError: nothing bad is known, yet a linter is not here.

    """
    answer = _json(said.out)
    if answer is None:
        return
    for error in answer["errors"]:
        yield Finding(error["message"])
    data = answer["data"]
    absent = [f"{name} is not here: {how}" for name, how in data.get("missing", {}).items()]
    if absent and answer["ok"]:
        raise NotLookedError("; ".join(absent))
    for one in data.get("findings", ()):
        yield Finding(**one)
    yield from map(Finding, absent)


READERS: dict[str, Callable[[Said, Place], Iterator[Finding]]] = {
    "lines": read_lines,
    "tsc": read_tsc,
    "prettier": read_prettier,
    "contracts": read_contracts,
    "eslint": read_eslint,
    "sarif": read_sarif,
    "schemas": read_schemas,
    "pip-audit": read_pip_audit,
    "pnpm-audit": read_pnpm_audit,
    "workflows": read_workflows,
}


def read(form: str, said: Said, place: Place) -> tuple[Finding, ...]:
    """Return what the tool found, once each and in the order of places.

    Raises:
        NotLookedError: the check could not look.

    """
    if said.code == SKIPPED:
        raise NotLookedError(_last(said.out))
    if not said.code and not said.out:
        return ()
    found = dict.fromkeys(READERS[form](said, place))
    return tuple(sorted(found, key=lambda one: one.place))


def _level(told: str | None) -> str:
    return "error" if told in {"error", None} else "warning"


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _last(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""
