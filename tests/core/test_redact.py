import pickle

import pytest

from refctl.core.redact import MASK, Redactor, Secret

CANARY = "canary-value-123"


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret(CANARY)
    assert CANARY not in f"{secret} {secret!r} {[secret]}"
    assert secret.reveal() == CANARY
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_a_secret_inside_another_leaves_no_rest_readable() -> None:
    redact = Redactor((CANARY, CANARY + "-longer"))
    assert redact(f"a {CANARY}-longer b {CANARY}") == f"a {MASK} b {MASK}"


def test_each_line_of_a_secret_is_masked() -> None:
    assert "first-line" not in Redactor(("first-line\nsecond-line",))("log: first-line")
