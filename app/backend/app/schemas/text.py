"""What texts for people may hold."""

import re
import unicodedata
from typing import Any

from pydantic import AfterValidator, BeforeValidator, Field

# Patterns that mean the same here, in JSON Schema and in JavaScript.
LINE = r"^[^\u0000-\u001f\u007f-\u009f]*$"
LINES = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"
INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Mc", "Me"})
"""Categories: controls, formatting such as the zero-width space, what separates, and marks, which
need something to stand on."""
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and a symbol without a shape: the Hangul fillers and Braille's blank."""


def _matches(pattern: str, refusal: str) -> tuple[BeforeValidator, Any]:
    """Check a pattern and document it; pydantic's own message would show it to a person."""

    def check(value: object) -> object:
        if isinstance(value, str) and not re.fullmatch(pattern, value):
            raise ValueError(refusal)
        return value

    return BeforeValidator(check), Field(json_schema_extra={"pattern": pattern})


def _want_visible(value: str) -> str:
    if value and not any(map(_is_visible, value)):
        raise ValueError("must contain a visible character")
    return value


def _is_visible(character: str) -> bool:
    return character not in BLANKS and unicodedata.category(character) not in INVISIBLE


IS_LINE = _matches(LINE, "must not contain control characters")
IS_LINES = _matches(LINES, "must not contain control characters other than tabs and line breaks")
# Listed after StringConstraints, which says more clearly that nothing at all is too short.
IsVisible = AfterValidator(_want_visible)
