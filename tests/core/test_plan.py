from pathlib import Path

import pytest

from refctl.core.plan import Plan, Run, Step, WriteFile
from refctl.core.redact import Secret


def test_a_step_may_only_need_steps_before_it() -> None:
    with pytest.raises(ValueError, match="does not come before"):
        Plan("p", (Step("a", "A", (), needs=("b",)), Step("b", "B", ())))


def test_two_steps_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="two steps"):
        Plan("p", (Step("a", "A", ()), Step("a", "A", ())))


def test_a_plan_reads_as_steps_and_their_actions() -> None:
    plan = Plan("p", (Step("a", "Do it", (WriteFile(Path("/x"), "y"),)),))
    assert plan.describe() == ["a: Do it", "    write /x"]


def test_a_plan_as_json_shows_commands_and_no_secret() -> None:
    plan = Plan(
        "p",
        (
            Step(
                "a",
                "A",
                (
                    Run(("echo", "two words"), Path("/x"), {"K": "v"}),
                    WriteFile(Path("/x/.env"), Secret("canary-123")),
                ),
            ),
        ),
    )
    assert plan.as_json() == {
        "name": "p",
        "steps": [
            {
                "id": "a",
                "title": "A",
                "needs": [],
                "actions": ["K=v echo 'two words'  (in /x)", "write /x/.env"],
            }
        ],
    }
