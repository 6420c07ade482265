from pathlib import Path

import pytest

from refctl.core.plan import Call, Plan, Remove, Rename, Run, Step, WriteFile
from refctl.core.redact import Secret


def test_a_step_may_only_need_steps_before_it() -> None:
    with pytest.raises(ValueError, match=r"^a needs b, which does not come before it$"):
        Plan("p", (Step("a", "A", (), needs=("b",)), Step("b", "B", ())))


def test_two_steps_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^two steps are called a$"):
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


def test_a_command_reads_as_a_person_would_type_it() -> None:
    env = {"PATH": "/bin", "A": "1", "B": None, "C": Secret("canary-123"), "D": None}
    said = Run(("a", "b c"), Path("/x"), env).describe()
    assert said == "env -u B -u D A=1 C='[REDACTED]' a 'b c'  (in /x)"
    assert Run(("a",), Path("/x"), {"PATH": "/bin"}).describe() == "a  (in /x)"


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (WriteFile(Path("/x"), "", keep=True), "write /x unless it exists"),
        (WriteFile(Path("/x"), ""), "write /x"),
        (Remove(Path("/x")), "remove /x"),
        (Rename(Path("/x"), Path("/y")), "rename /x to /y"),
        (Call("PUT", "/x", {"y": "canary-123"}), "PUT /x"),
    ],
)
def test_actions_say_what_they_do(action: WriteFile | Remove | Rename | Call, said: str) -> None:
    assert action.describe() == said


def test_a_plan_has_its_steps_in_order() -> None:
    steps = (Step("a", "A", ()), Step("b", "B", (), needs=("a",)))
    plan = Plan("p", steps)
    assert (len(plan), tuple(plan)) == (2, steps)
    assert plan.as_json()["steps"][1]["needs"] == ["a"]
