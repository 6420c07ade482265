from io import StringIO

from refctl.core.console import Console
from refctl.core.redact import Redactor
from refctl.develop.report import Reporter


def told(*, quiet: bool = False) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    console = Console(out=out, err=err, quiet=quiet, redactor=Redactor(("canary-123",)))
    reporter = Reporter(console, json=False)
    reporter.event("port", service="backend", wanted=8000, port=8001)
    reporter.event("log", service="frontend", line="with canary-123")
    reporter.event("exited", service="backend", code=1, tail=[], ends=False)
    reporter.event("restarted", service="backend")
    reporter.event("notice", service="backend", message="a migration changed")
    reporter.event(
        "ready",
        backend="http://b",
        frontend=None,
        docs="http://b/docs",
        login={"email": "demo@example.com", "password": "demo-1"},
    )
    return out.getvalue(), err.getvalue()


def test_people_get_one_block_and_a_prefixed_log_without_secrets() -> None:
    out, err = told()
    assert out.split("\n")[1:6] == [
        "  Ready",
        "  API        http://b",
        "  API docs   http://b/docs",
        "  Log in as  demo@example.com  demo-1",
        "  Stop       Ctrl-C",
    ]
    assert "port 8000 is taken: the backend moves to 8001" in err
    assert "a migration changed" in err
    assert "frontend │ with [REDACTED]" in err
    assert "ended with exit code 1; it starts again when a source changes" in err


def test_quiet_leaves_the_block_and_what_went_wrong() -> None:
    out, err = told(quiet=True)
    assert "Ready" in out
    assert "│" not in err
    assert "ended with exit code 1" in err
