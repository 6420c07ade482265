import pytest

from tests.conftest import Member

FAMILY = "\U0001f469\u200d\U0001f467"  # two people, joined by something invisible
CONTROLS = "must not contain control characters"
INVISIBLE = "must contain a visible character"


@pytest.mark.parametrize(
    ("title", "detail"),
    [
        ("\u200b", INVISIBLE),  # zero-width space
        ("\u200e \ufeff\u2060", INVISIBLE),
        ("\u00ad", INVISIBLE),  # soft hyphen
        ("\u3164", INVISIBLE),  # a letter without a shape
        ("\u115f\u1160\uffa0", INVISIBLE),
        ("\u2800 \u2800", INVISIBLE),  # Braille without a dot
        ("\u034f", INVISIBLE),  # marks with nothing to stand on
        ("\ufe0f\U000e0100", INVISIBLE),
        ("nul \0", CONTROLS),
        ("bell \a", CONTROLS),
        ("two\nlines", CONTROLS),
        ("a\ttab", CONTROLS),
        ("Buy milk\n", CONTROLS),
        ("\x85", CONTROLS),
        ("   ", "String should have at least 1 character"),
    ],
)
async def test_a_title_is_one_line_in_which_something_can_be_seen(
    ada: Member, title: str, detail: str
) -> None:
    todo = (await ada.client.post("/todos", json={"title": "Buy milk"})).json()

    for response in (
        await ada.client.post("/todos", json={"title": title}),
        await ada.client.patch(f"/todos/{todo['id']}", json={"title": title}),
    ):
        assert response.status_code == 422
        assert response.json()["errors"] == [{"field": "title", "detail": detail}]


@pytest.mark.parametrize(
    "title",
    [
        FAMILY,
        "\u05d0\u200f",
        "\u0645\u06cc\u200c\u0631\u0648\u0645",
        "e\u0301",
        "\u2764\ufe0f",
        "\u0915\u093f",
    ],
)
async def test_a_visible_title_keeps_what_is_invisible_in_it(ada: Member, title: str) -> None:
    response = await ada.client.post("/todos", json={"title": title})

    assert response.status_code == 201
    assert response.json()["title"] == title


async def test_a_description_may_have_lines_and_tabs(ada: Member) -> None:
    text = "- milk\r\n- bread\n\tbrown"

    response = await ada.client.post("/todos", json={"title": "Shop", "description": text})

    assert response.json()["description"] == text


@pytest.mark.parametrize("character", ["\0", "\a", "\x1b", "\x7f", "\x9f", "\v"])
async def test_a_description_has_no_other_control_characters(ada: Member, character: str) -> None:
    body = {"title": "Shop", "description": f"milk{character}"}

    response = await ada.client.post("/todos", json=body)

    assert response.status_code == 422
    assert response.json()["errors"] == [
        {
            "field": "description",
            "detail": "must not contain control characters other than tabs and line breaks",
        }
    ]
