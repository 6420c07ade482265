"""Secrets: a type that does not show itself, and a filter for everything that is printed."""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing takes too long: see core/record
if TYPE_CHECKING:
    from typing import Any


MASK = "[REDACTED]"

# Shorter values ("1", "dev") would blank out half of every log without protecting anything.
MIN_LENGTH = 6


class Secret:
    """A value that shows as `[REDACTED]` wherever it is printed, formatted or logged."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value, for the one place that needs it."""
        return self._value

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> str:
        raise TypeError("a Secret is not pickled")


class Redactor:
    """Masks known secret values in text."""

    def __init__(self, values: tuple[str, ...] = ()) -> None:
        self._values: list[str] = []
        for value in values:
            self.add(value)

    def add(self, value: str | Secret) -> None:
        """Mask this value from now on (and each of its lines, as logs are read by line)."""
        text = value.reveal() if isinstance(value, Secret) else value
        for part in {text, *text.splitlines()}:
            if len(part) >= MIN_LENGTH and part not in self._values:
                self._values.append(part)
        # Longest first: a secret inside another must not leave the rest of it readable.
        self._values.sort(key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return the text with every known secret masked."""
        for value in self._values:
            if value in text:
                text = text.replace(value, MASK)
        return text

    def data(self, value: Any) -> Any:
        """Return JSON-like data with every string masked (encoded, a secret may look different)."""
        if not self._values:
            return value
        if isinstance(value, str):
            return self(value)
        if isinstance(value, dict):
            return {key: self.data(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.data(one) for one in value]
        return value


REDACTOR = Redactor()
"""The process's own: what one part learns to be secret, no other part prints."""
