"""What texts for people may hold."""

import re
import unicodedata

from pydantic import AfterValidator, BeforeValidator, Field

# Patterns that mean the same here, in JSON Schema and in JavaScript.
LINE = r"^[^\u0000-\u001f\u007f-\u009f]*$"
LINES = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"
INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
"""Categories: controls, formatting such as the zero-width space, and what separates."""


def _refuse_controls(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(LINE, value):
        raise ValueError("must not contain control characters")
    return value


def _refuse_most_controls(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(LINES, value):
        raise ValueError("must not contain control characters other than tabs and line breaks")
    return value


def _want_visible(value: str) -> str:
    if all(unicodedata.category(character) in INVISIBLE for character in value):
        raise ValueError("must contain a visible character")
    return value


# Each pair says the same twice: pydantic's own message would show the pattern to a person.
IS_LINE = (BeforeValidator(_refuse_controls), Field(json_schema_extra={"pattern": LINE}))
IS_LINES = (BeforeValidator(_refuse_most_controls), Field(json_schema_extra={"pattern": LINES}))
# Listed after StringConstraints, which says more clearly that nothing at all is too short.
IsVisible = AfterValidator(_want_visible)
