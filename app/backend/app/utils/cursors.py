"""Cursors: the place in an order where a page ended, as a token that clients only hand back."""

import json
from base64 import urlsafe_b64encode
from binascii import Error as Base64Error
from binascii import a2b_base64
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

# The longest title, every character of it escaped, fits.
MAX_CURSOR_LENGTH = 1_024


def write_cursor(sort: str, position: tuple[Any, ...]) -> str:
    """Return the token of a place."""
    text = json.dumps([sort, *position], separators=(",", ":"), ensure_ascii=False)
    return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def read_cursor(token: str, sort: str, positions: TypeAdapter[tuple[Any, ...]]) -> tuple[Any, ...]:
    """Return the place that a token names, if it is one of this order."""
    try:
        # The standard library's URL-safe reader skips what it does not know.
        padded = token.translate({ord("-"): "+", ord("_"): "/"}) + "=" * (-len(token) % 4)
        written_sort, *position = from_json(a2b_base64(padded, strict_mode=True))
    except (Base64Error, ValueError, TypeError):
        raise ValueError("is not a cursor of this list") from None
    if written_sort != sort:
        raise ValueError("belongs to another sort")
    try:
        return positions.validate_python(tuple(position))
    except ValidationError:
        raise ValueError("is not a cursor of this list") from None
