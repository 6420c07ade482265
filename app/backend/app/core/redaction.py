"""Keeps secrets out of the logs."""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import SecretStr
from sqlalchemy import make_url

from app.core.config import Settings

REDACTED = "[redacted]"
# Texts may be long and written by clients: each pattern reads every character a few times at most.
WORDS = "authorization|cookie|passw(?:or)?d|secret|token|api[_-]?key|credential"
SENSITIVE_KEY = re.compile(WORDS, re.IGNORECASE)
# `postgresql://name:x@host`, where the password may be written in escapes.
USER_INFO = re.compile(r"""(://[^\s:/@"']{0,64}:)[^\s/@"']{1,256}(?=@)""")
# `Cookie: a=x; b=y`, `Authorization: Scheme x`: to the end of the line.
HEADER = re.compile(r"""(?i)((?:authorization|cookie):\s*)[^\r\n"']+""")
# `password=x`, `"refresh_token": "x"`, the same within a string, and the cookies' own names.
SENSITIVE_PAIR = re.compile(
    rf"""(?ix)
    ( (?:{WORDS}) [\w-]{{0,40}} (?:\\*["'])? \s* [:=] \s* | _(?:access|refresh)= )
    (?: \[redacted\]
      | (\\+)(["']) .*? (?<!\\) \2\3
      | b?"(?:[^"\\]|\\.)*" | b?'(?:[^'\\]|\\.)*'
      | (?:bearer|basic)\s+[^\s,;"']+
      | ["']? [^\s,;&"')}}\]]+ )
    """
)
# A token anywhere.
BEARER = re.compile(r"(?i)\b(?:bearer|basic)\s+[\w.~+/=-]{8,}|(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]+")
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
        for pattern in (USER_INFO, HEADER, SENSITIVE_PAIR):
            text = pattern.sub(rf"\g<1>{REDACTED}", text)
        return BEARER.sub(REDACTED, text)

    def value(self, value: Any) -> Any:
        """Return the value as something that JSON can hold, without secrets."""
        match value:
            case None | bool() | int():
                return value
            case float():
                # JSON has no word for the others.
                return value if math.isfinite(value) else str(value)
            case Mapping():
                return {
                    str(key): REDACTED if SENSITIVE_KEY.search(str(key)) else self.value(item)
                    for key, item in value.items()
                }
            case (str() | bytes() as key, _) if SENSITIVE_KEY.search(str(key)):
                # A header, as servers pass them.
                return [self.value(key), REDACTED]
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
