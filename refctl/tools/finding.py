"""What a tool has to say of one place."""

from __future__ import annotations

from dataclasses import dataclass

NOTE = "note"
"""The level of a finding that explains and does not fail."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that a tool complains about. `path` is relative to the project's root."""

    message: str
    rule: str = ""
    path: str = ""
    line: int = 0
    column: int = 0
    level: str = "error"

    @property
    def place(self) -> tuple[str, int, int, str]:
        """What findings are sorted by."""
        return self.path, self.line, self.column, self.rule

    @property
    def where(self) -> str:
        """The place in the form that editors and terminals make a link of."""
        return ":".join(
            [self.path, *(str(number) for number in (self.line, self.column) if number)]
        )

    def describe(self) -> str:
        """Return it as one line."""
        rule = f"  [{self.rule}]" if self.rule else ""
        return f"{self.where}: {self.message}{rule}" if self.path else f"{self.message}{rule}"
