import time

import pytest
from pydantic import SecretStr

from app.core.redaction import REDACTED, Redactor, secrets_of
from tests.databases import make_settings

CANARY = "canary-7f3a9b"


@pytest.fixture
def redactor() -> Redactor:
    return Redactor([CANARY])


@pytest.mark.parametrize(
    "text",
    [
        f"The key {CANARY} was refused",
        f"{CANARY}{CANARY}",
        f"postgresql://refapp:{CANARY}@database/refapp",
        f"b'{CANARY}'",
    ],
)
def test_the_value_of_a_secret_setting_is_redacted_wherever_it_stands(
    redactor: Redactor, text: str
) -> None:
    assert CANARY not in redactor.text(text)


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer hunter2",
        "authorization=Basic aHVudGVyMg==hunter2",
        "password=hunter2",
        "PASSWORD: hunter2",
        "current_password='a hunter2'",
        '{"refresh_token": "a \\"hunter2"}',
        r"{\"password\": \"hunter2\"}",
        r'{"body": "{\"new_password\":\"hunter2\", \"x\": 1}"}',
        "X-Api-Key: hunter2",
        "api_key=hunter2",
        "Set-Cookie: hunter2",
        "?token=hunter2&page=1",
        "sent Bearer hunter2.hunter2",
        "Cookie seen, refapp_refresh=hunter2; Path=/",
        "(b'cookie-jar', b'refapp_access=hunter2')",
        "postgresql://refapp:hunter2@database/refapp",
        "redis://:hunter2@cache",
        "eyJhbGciOi.eyJzdWIiOi.hunter2",
    ],
)
def test_what_is_called_like_a_secret_is_redacted(text: str) -> None:
    redacted = Redactor().text(text)

    assert "hunter2" not in redacted
    assert REDACTED in redacted


@pytest.mark.parametrize(
    "text",
    [
        "Signed in",
        "GET /api/v1/todos/{todo_id} 200",
        "The session has ended. Sign in again.",
        "https://app.example.com:8443/todos?q=a:b@c",
        "postgresql://refapp@database/refapp",
    ],
)
def test_other_text_stays_as_it_is(redactor: Redactor, text: str) -> None:
    assert redactor.text(text) == text


def test_what_stands_around_a_secret_can_still_be_read() -> None:
    redacted = Redactor().text('{"email": "ada@example.com", "password": "x", "page": 1}')

    assert redacted == f'{{"email": "ada@example.com", "password": {REDACTED}, "page": 1}}'


def test_the_longer_of_two_secrets_goes_as_a_whole() -> None:
    assert Redactor(["canary", "canary-longer"]).text("canary-longer") == REDACTED


def test_a_short_secret_does_not_riddle_every_line() -> None:
    assert Redactor(["a"]).text("a banana") == "a banana"
    assert Redactor(["short", "longer"]).text("short longer") == f"short {REDACTED}"


@pytest.mark.parametrize(
    "text",
    ["a" * 60_000, "token" * 12_000, "eyJ-" * 15_000, "x://" * 15_000, 'token="' * 8_000],
    ids=lambda text: text[:8],
)
def test_a_long_text_takes_no_long_time(redactor: Redactor, text: str) -> None:
    started = time.perf_counter()

    redactor.text(text)

    assert time.perf_counter() - started < 0.5


def test_headers_keep_their_names_and_lose_their_secrets(redactor: Redactor) -> None:
    headers = {
        "Authorization": "Bearer hunter2",
        "cookie": "refapp_refresh=hunter2",
        "X-Api-Key": "hunter2",
        "Accept": f"application/{CANARY}",
        "Host": "app.example.com",
    }

    assert redactor.value(headers) == {
        "Authorization": REDACTED,
        "cookie": REDACTED,
        "X-Api-Key": REDACTED,
        "Accept": f"application/{REDACTED}",
        "Host": "app.example.com",
    }


def test_headers_as_servers_pass_them_lose_their_secrets(redactor: Redactor) -> None:
    headers = [(b"cookie", b"sid=hunter2"), (b"host", b"app.example.com")]

    assert redactor.value(headers) == [
        ["b'cookie'", REDACTED],
        ["b'host'", "b'app.example.com'"],
    ]


def test_values_become_what_json_can_hold(redactor: Redactor) -> None:
    values = {
        "none": None,
        "yes": True,
        "count": 3,
        "ratio": 0.5,
        "endless": float("inf"),
        "nested": [{"password": "hunter2", "page": 1}, (CANARY,)],
        "settings": SecretStr("hunter2"),
        7: frozenset({"one"}),
    }

    assert redactor.value(values) == {
        "none": None,
        "yes": True,
        "count": 3,
        "ratio": 0.5,
        "endless": "inf",
        "nested": [{"password": REDACTED, "page": 1}, [REDACTED]],
        "settings": "**********",
        "7": ["one"],
    }


def test_the_secrets_are_those_of_the_settings_and_of_the_database_url() -> None:
    settings = make_settings(
        "postgresql://refapp:p%40ss%2Fword@database/refapp",
        jwt_secret_key="k" * 40,
        jwt_secret_key_previous="p" * 40,
        demo_password="demo-canary",
    )

    secrets = secrets_of(settings)

    assert {"k" * 40, "p" * 40, "demo-canary", "p@ss/word"} == set(secrets)
    assert "p%40ss" not in Redactor(secrets).text(f"cannot connect to {settings.database_url}")


def test_a_database_without_a_password_has_no_secret() -> None:
    assert secrets_of(make_settings(jwt_secret_key="k" * 40)) == ["k" * 40, "demo-password"]
