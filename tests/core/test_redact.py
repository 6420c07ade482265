import pickle

import pytest

from refctl.core.redact import MASK, Redactor, Secret

CANARY = "canary-value-123"


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret(CANARY)
    assert CANARY not in f"{secret} {secret!r} {[secret]}"
    assert secret.reveal() == CANARY
    with pytest.raises(TypeError, match=r"^a Secret is not pickled$"):
        pickle.dumps(secret)


def test_a_secret_inside_another_leaves_no_rest_readable() -> None:
    redact = Redactor((CANARY, CANARY + "-longer"))
    assert redact(f"a {CANARY}-longer b {CANARY}") == f"a {MASK} b {MASK}"


def test_each_line_of_a_secret_is_masked() -> None:
    assert "first-line" not in Redactor(("first-line\nsecond-line",))("log: first-line")


def test_a_secret_takes_a_format_and_compares_by_value() -> None:
    secret = Secret(CANARY)
    assert f"{secret:>12}" == f"  {MASK}"
    assert secret == Secret(CANARY)
    assert secret != Secret("another")
    assert secret != CANARY
    assert len({secret, Secret(CANARY)}) == 1


def test_the_longest_secret_goes_first_in_whatever_order_they_come() -> None:
    redact = Redactor()
    for value in ("zz-inner-zz", "a-zz-inner-zz-b", Secret("a-zz-inner-zz-b-c")):
        redact.add(value)
    assert redact("x a-zz-inner-zz-b-c y") == f"x {MASK} y"


def test_values_too_short_to_be_secrets_stay() -> None:
    redact = Redactor(("short", "longer"))
    assert redact("short longer") == f"short {MASK}"


def test_data_is_masked_all_through() -> None:
    redact = Redactor((CANARY,))
    data = {"a": [CANARY, (f"x{CANARY}", 1)], "b": {"c": CANARY}, "d": None}
    assert redact.data(data) == {"a": [MASK, [f"x{MASK}", 1]], "b": {"c": MASK}, "d": None}
