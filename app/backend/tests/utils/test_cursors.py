from base64 import urlsafe_b64encode

import pytest

from app.schemas.todo import POSITIONS
from app.utils.cursors import MAX_CURSOR_LENGTH, read_cursor, write_cursor

TITLES = POSITIONS["title", "id"]


def encode(text: bytes) -> str:
    return urlsafe_b64encode(text).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "title", ["Buy milk", "Ünïcode ✓ ~?>", '"' * 100, "\x01" * 100, "🥛" * 100]
)
def test_a_cursor_leads_back_to_its_place_and_needs_no_escaping(title: str) -> None:
    token = write_cursor("title", (title, 7))

    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert len(token) <= MAX_CURSOR_LENGTH
    assert read_cursor(token, "title", TITLES) == (title, 7)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "!!!!",
        "é",
        write_cursor("title", ("x", 1)) + "A",
        encode(b""),
        encode(b"5"),
        encode(b"{}"),
        encode(b"[]"),
        encode(b"\xff\xfe"),
        encode(b'["title"]'),
        encode(b'["title","x"]'),
        encode(b'["title","x",0]'),
        encode(b'["title","x",1.5]'),
        encode(b'["title","x","1"]'),
        encode(b'["title","x",true]'),
        encode(b'["title","x",1,2]'),
        encode(b'["title","x",2147483648]'),
        encode(b'["title","\\u0000",1]'),
        encode(b'["title","\\ud800",1]'),
        encode(b'["title",' + b"[" * 500 + b"]" * 500 + b",1]"),
        encode(b'["title","' + b"x" * 101 + b'",1]'),
    ],
)
def test_what_no_page_gave_out_is_not_a_cursor(token: str) -> None:
    with pytest.raises(ValueError, match=r"is not a cursor of this list|belongs to another sort"):
        read_cursor(token, "title", TITLES)


def test_a_cursor_belongs_to_one_sort() -> None:
    with pytest.raises(ValueError, match="another sort"):
        read_cursor(write_cursor("title", ("x", 1)), "-title", TITLES)
