"""Keeps secrets out of the logs."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import SecretStr
from sqlalchemy import make_url

from app.core.config import Settings

REDACTED = "[redacted]"
SENSITIVE_KEY = re.compile(
    r"authorization|cookie|passw(or)?d|secret|token|api[_-]?key|credential", re.IGNORECASE
)
# `Authorization: Bearer x`, `password=x`, `"refresh_token": "x"`; and a token anywhere.
SENSITIVE_PAIR = re.compile(
    r"""(?ix)
    ( [\w-]* (?:authorization|cookie|passw(?:or)?d|secret|token|api[_-]?key|credential) [\w-]*
      ["']? \s* [:=] \s* )
    ( "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | (?:bearer|basic)\s+[^\s,;"']+ | [^\s,;&"')}\]]+ )
    """
)
BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}|\beyJ[\w-]+\.[\w-]+\.[\w-]+")
# Shorter ones are words that a text may contain by chance.
MIN_VALUE_LENGTH = 6


class Redactor:
    """Replaces the values of secret settings, and what is called like a secret."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # The longest first: one secret may begin like another.
        known = sorted({s for s in secrets if len(s) >= MIN_VALUE_LENGTH}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def text(self, text: str) -> str:
        """Return the text without secrets."""
        if self._known is not None:
            text = self._known.sub(REDACTED, text)
        text = SENSITIVE_PAIR.sub(lambda match: match[1] + REDACTED, text)
        return BEARER.sub(REDACTED, text)

    def value(self, value: Any) -> Any:
        """Return the value as something that JSON can hold, without secrets."""
        match value:
            case None | bool() | int() | float():
                return value
            case Mapping():
                return {
                    str(key): REDACTED if SENSITIVE_KEY.search(str(key)) else self.value(item)
                    for key, item in value.items()
                }
            case list() | tuple() | set() | frozenset():
                return [self.value(item) for item in value]
        return self.text(str(value))


def secrets_of(settings: Settings) -> list[str]:
    """Return the values that must never be written anywhere."""
    values = (getattr(settings, name) for name in type(settings).model_fields)
    secrets = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
    if password := make_url(settings.database_url).password:
        secrets.append(password)
    return secrets
