from refctl.core.errors import ConfigurationError, RefctlError
from refctl.core.result import envelope


def test_an_error_as_json_says_what_and_what_next() -> None:
    error = ConfigurationError("no such file", hint="make one", detail=("last words",))
    assert error.as_json() == {
        "message": "no such file",
        "hint": "make one",
        "exit_code": 3,
        "detail": ["last words"],
    }
    assert str(error) == "no such file"


def test_an_error_begins_untold_and_of_no_command() -> None:
    error = RefctlError("x")
    assert (error.told, error.command, error.hint, error.detail) == (False, "", "", ())


def test_the_envelope_has_the_same_keys_for_good_and_bad() -> None:
    assert envelope("dev", ok=False, data={"a": 1}, errors=(RefctlError("x"),)) == {
        "schema": 1,
        "ok": False,
        "command": "dev",
        "data": {"a": 1},
        "errors": [{"message": "x", "hint": "", "exit_code": 1, "detail": []}],
    }
    assert envelope("dev", ok=True, data={})["errors"] == []
