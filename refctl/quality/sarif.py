"""Findings as one SARIF 2.1.0 log, for code scanning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from refctl.tools.finding import NOTE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from refctl.tools.finding import Finding

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def log(findings: Mapping[str, Sequence[Finding]]) -> dict[str, Any]:
    """Return the log: a run for each check that looked, with what it found."""
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [_run(check, found) for check, found in findings.items()],
    }


def _run(check: str, found: Sequence[Finding]) -> dict[str, Any]:
    rules = sorted({finding.rule or check for finding in found})
    return {
        "tool": {"driver": {"name": check, "rules": [{"id": rule} for rule in rules]}},
        # One log may have many runs of one tool only when they are told apart.
        "automationDetails": {"id": f"refctl/{check}/"},
        "columnKind": "unicodeCodePoints",
        "results": [_result(check, finding, rules) for finding in found],
    }


def _result(check: str, finding: Finding, rules: list[str]) -> dict[str, Any]:
    rule = finding.rule or check
    result: dict[str, Any] = {
        "ruleId": rule,
        "ruleIndex": rules.index(rule),
        "level": "note" if finding.level == NOTE else finding.level,
        "message": {"text": finding.message},
    }
    if finding.path:
        location: dict[str, Any] = {
            "artifactLocation": {"uri": quote(finding.path), "uriBaseId": "%SRCROOT%"}
        }
        if finding.line:
            location["region"] = {"startLine": finding.line}
            if finding.column:
                location["region"]["startColumn"] = finding.column
        result["locations"] = [{"physicalLocation": location}]
    return result
