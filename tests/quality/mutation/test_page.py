"""The page about mutants is one that the command writes, and its rooms are good enough."""

import re
from pathlib import Path

import pytest

from refctl.core.config import Accepted, Mutation, load
from refctl.quality.mutation.page import idle, render
from refctl.quality.mutation.results import Found, Mutant, complaint, count
from refctl.quality.mutation.session import PAGE

ROOT = Path(__file__).parents[3]


def test_survivors_are_listed_with_their_reasons_or_without() -> None:
    mutants = (
        Mutant("a.py", "killed"),
        Mutant("a.py", "survived", 3, "x | y → x"),
        Mutant("a.py", "no coverage", 4, "`a` → ``"),
    )
    accepted = [Accepted(file="*.py", change="x*", reason="one | the other")]
    page = render([Found("cli", mutants, 61)], Mutation(score=75, accepted=accepted))
    assert "has to reach 75 %" in page
    assert "| cli | 3 | 1 | 1 | 0 | 1 | 33.3 % | 1 min |" in page
    assert "| `a.py` | 3 | 1 | 1 | 0 | 1 | 33.3 % |" in page
    assert "| `a.py:3` | `x \\| y → x` | survived | one \\| the other |" in page
    assert "| `a.py:4` | `` `a` → `` `` | no coverage |" in page


def test_a_room_without_survivors_has_none_to_list() -> None:
    page = render([Found("cli", (Mutant("a.py", "killed"),), 1)], Mutation())
    assert page.count("\nNone.\n") == 2


def test_what_was_accepted_and_is_noticed_now_is_told() -> None:
    reasons = [
        Accepted(file="a.py", change="x*", reason="alive"),
        Accepted(file="a.py", change="y*", reason="noticed now"),
        Accepted(file="b.py", change="*", reason="not looked at today"),
    ]
    found = Found("cli", (Mutant("a.py", "survived", 1, "x → y"), Mutant("a.py", "killed")))
    assert [one.reason for one in idle([found], reasons)] == ["noticed now"]


def cells(page: str, heading: str) -> list[list[str]]:
    """Return the rows of the first table after a heading."""
    section = page.partition(heading)[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [
        [
            cell.strip(" ").strip("`").strip(" ").replace("\\|", "|")
            for cell in re.split(r"(?<!\\)\|", row)[1:-1]
        ]
        for row in rows
    ]


@pytest.fixture(scope="module")
def kept() -> list[Found]:
    """What the page says, read back."""
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    survivors = []
    for heading in ("## Survivors with a reason", "## Survivors without one"):
        for where, change, status, *_ in cells(page, heading):
            file, _, line = where.rpartition(":")
            survivors.append(Mutant(file, status, int(line), change))
    rooms = []
    modules = cells(page, "## By module")
    for name, *_, time in cells(page, "# Mutation testing"):
        mutants: list[Mutant] = []
        for file, _, killed, _, timeouts, _, _ in modules:
            own = {"app/backend": "backend", "app/frontend": "frontend"}
            if own.get("/".join(file.split("/")[:2]), "cli") == name:
                mutants += [Mutant(file, "killed")] * int(killed)
                mutants += [Mutant(file, "timeout")] * int(timeouts)
                mutants += [one for one in survivors if one.file == file]
        rooms.append(Found(name, tuple(mutants), 60.0 * int(time.split()[0])))
    return rooms


def test_the_page_is_one_that_the_command_writes(kept: list[Found]) -> None:
    config = load(ROOT / "refctl.toml").test.mutation
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    again = render(kept, config)
    assert sorted(again.splitlines()) == sorted(page.splitlines())


def test_every_room_of_the_page_is_good_enough(kept: list[Found]) -> None:
    least = load(ROOT / "refctl.toml").test.mutation.score
    assert least >= 80
    assert [room.name for room in kept] == ["cli", "backend", "frontend"]
    for room in kept:
        assert complaint(room, least) == "", (room.name, count(room.mutants))
