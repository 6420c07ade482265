import json
from pathlib import Path

import pytest

from refctl.quality.mutation.results import (
    UNKNOWN,
    Count,
    Found,
    Mutant,
    complaint,
    count,
    from_mutmut,
    from_stryker,
    load,
    modules,
    table,
)


def mutants(**ended: int) -> tuple[Mutant, ...]:
    return tuple(
        Mutant("a.py", status.replace("_", " ")) for status, n in ended.items() for _ in range(n)
    )


def test_the_score_is_what_a_test_noticed_or_never_came_to_an_end_with() -> None:
    found = count(mutants(killed=6, timeout=2, survived=1, no_coverage=1, unknown=5))
    assert found == Count(killed=6, timeouts=2, survived=1, no_coverage=1)
    assert (found.mutants, found.score) == (10, 80.0)
    assert count(()).score == 0


def test_a_score_just_below_is_not_shown_as_enough() -> None:
    assert count(mutants(killed=7999, survived=2001)).cells[-1] == "79.9 %"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Found("x", mutants(killed=8, survived=2)), ""),
        (Found("x", mutants(killed=79, survived=21)), "less than 80 % are noticed"),
        (Found("x", mutants(killed=9, unknown=1)), "1 mutants were not looked at to the end"),
        (Found("x"), "there is no mutant"),
        (Found("x", mutants(killed=9), note="exit code 1"), "exit code 1"),
    ],
)
def test_a_room_passes_only_when_all_was_looked_at_and_enough_noticed(
    found: Found, said: str
) -> None:
    assert complaint(found, 80) == said
    assert table([found], 80).rows[0][1] == ("failed" if said else "passed")


def test_a_module_has_a_count_of_its_own() -> None:
    found = modules((Mutant("b.py", "killed"), Mutant("a.py", "survived", 1, "x → y")))
    assert list(found.items()) == [("a.py", Count(survived=1)), ("b.py", Count(killed=1))]


def test_what_mutmut_says_is_read_with_the_folder_in_front() -> None:
    said = [
        {"file": "app/x.py", "status": "killed"},
        {"file": "app/x.py", "status": "survived", "line": 3, "before": "a  < b", "after": "a"},
        {"file": "app/x.py", "status": "no tests", "line": 4, "before": "c", "after": "d"},
        {"file": "app/x.py", "status": "timeout", "line": 5, "before": "e", "after": "f"},
        {"file": "app/x.py", "status": "suspicious", "line": 6, "before": "g", "after": "h"},
        {"file": "app/x.py", "status": "not checked", "line": 7, "before": "i", "after": "j"},
        {"file": "app/x.py", "status": "skipped", "line": 8, "before": "k", "after": "l"},
    ]
    file = "app/backend/app/x.py"
    assert from_mutmut(json.dumps(said), "app/backend/") == (
        Mutant(file, "killed"),
        Mutant(file, "survived", 3, "a < b → a"),
        Mutant(file, "no coverage", 4, "c → d"),
        Mutant(file, "timeout", 5, "e → f"),
        Mutant(file, "survived", 6, "g → h"),
        Mutant(file, "unknown", 7, "i → j"),
    )


def test_what_stryker_reports_is_read_with_the_text_that_was_replaced(tmp_path: Path) -> None:
    def mutant(status: str, start: tuple[int, int], end: tuple[int, int], to: str) -> object:
        location = {
            "start": {"line": start[0], "column": start[1]},
            "end": {"line": end[0], "column": end[1]},
        }
        return {"status": status, "location": location, "replacement": to}

    source = "export const f = (a) => {\n  return a < 1;\n};\n"
    file = {
        "source": source,
        "mutants": [
            mutant("Survived", (2, 10), (2, 15), "a <= 1"),
            mutant("Killed", (2, 10), (2, 15), "true"),
            mutant("NoCoverage", (1, 25), (3, 2), "{}"),
            mutant("Ignored", (2, 10), (2, 15), "false"),
            mutant("CompileError", (2, 10), (2, 15), "?"),
            mutant("Timeout", (2, 10), (2, 15), "a >= 1"),
            mutant("Pending", (2, 10), (2, 15), "0"),
        ],
    }
    report = tmp_path / "mutation.json"
    report.write_text(json.dumps({"files": {"src/f.ts": file}}))
    name = "app/frontend/src/f.ts"
    assert from_stryker(report, "app/frontend/") == (
        Mutant(name, "survived", 2, "a < 1 → a <= 1"),
        Mutant(name, "killed"),
        Mutant(name, "no coverage", 1, "{ return a < 1; } → {}"),
        Mutant(name, "timeout", 2, "a < 1 → a >= 1"),
        Mutant(name, "unknown"),
    )


def test_a_report_as_stryker_wrote_it_is_read() -> None:
    killed = Mutant("src/lib/json.ts", "killed")
    assert from_stryker(Path(__file__).with_name("stryker.json"), "") == (
        killed,
        killed,
        Mutant("src/lib/json.ts", "survived", 5, "{ return undefined; } → {}"),
    )


def test_a_long_change_is_cut() -> None:
    said = {"file": "x.py", "status": "survived", "line": 1, "before": "a" * 99, "after": "b"}
    (found,) = from_mutmut(json.dumps([said]), "")
    assert found.change == f"{'a' * 79}… → b"


def test_a_report_is_read_as_it_was_kept(tmp_path: Path) -> None:
    found = Found("cli", (Mutant("a.py", "survived", 3, "x → y"),), 2.5)
    (tmp_path / "cli.json").write_text(json.dumps(found.as_json()))
    assert load(tmp_path / "cli.json") == found
    assert load(tmp_path / "backend.json") is None
    (tmp_path / "backend.json").write_text("{torn")
    assert load(tmp_path / "backend.json") is None


def test_a_room_is_whole_when_each_of_its_mutants_was_looked_at_to_the_end() -> None:
    some = mutants(killed=2, survived=1)
    assert Found("x", some).whole
    assert not Found("x", some, note="exit code 1").whole
    assert not Found("x").whole
    assert not Found("x", (*some, Mutant("a.py", UNKNOWN))).whole
