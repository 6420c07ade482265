import pytest

from refctl.core.commits import Commit, is_gits_own, parse, written


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("feat: due dates", Commit("feat", "", breaking=False, subject="due dates")),
        ("fix(api)!: no", Commit("fix", "api", breaking=True, subject="no")),
        (
            "perf: less\n\nBecause.\n\nBREAKING CHANGE: more",
            Commit("perf", "", True, "less", "Because.\n\nBREAKING CHANGE: more"),
        ),
        (
            "docs: say how\n\nNo BREAKING CHANGE: here",
            Commit("docs", "", False, "say how", "No BREAKING CHANGE: here"),
        ),
        ("chore(deps-dev, ci): x", Commit("chore", "deps-dev, ci", False, "x")),
    ],
)
def test_a_conventional_commit_is_taken_apart(message: str, expected: Commit) -> None:
    assert parse(message) == expected


@pytest.mark.parametrize(
    ("message", "complaint"),
    [
        ("Add due dates", "must read 'type: subject'"),
        ("feature: due dates", "no type 'feature'"),
        ("Feat: due dates", "did you mean feat?"),
        ("feat:due dates", "one space must follow"),
        ("feat: ", "the subject is missing"),
        ("feat(): x", "must read"),
        ("feat: x\nmore", "an empty line must follow"),
        ("feat: " + "x" * 100, "106 characters"),
    ],
)
def test_what_is_wrong_with_a_message_is_said(message: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse(message)
    assert complaint in str(caught.value)


def test_what_git_strips_does_not_count() -> None:
    text = "\nfix: x\n# Please enter\n\nwhy\n# ---- >8 ----\ndiff --git\n"
    assert written(text) == "fix: x\n\nwhy"
    assert written("# nothing\n") == ""


@pytest.mark.parametrize("message", ["Merge branch 'x'", 'Revert "feat: x"', "fixup! feat: x"])
def test_messages_of_gits_own_are_known(message: str) -> None:
    assert is_gits_own(message)
    assert not is_gits_own(f"fix: {message}")


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("x", "the first line must read 'type: subject' or 'type(scope): subject'"),
        ("Feat: x", "there is no type 'Feat': did you mean feat?"),
        ("foo: x", "there is no type 'foo'"),
        ("feat:", "the subject is missing after the colon"),
        ("feat:  x", "one space must follow the colon"),
        ("feat: x\ny", "an empty line must follow the first line"),
        (
            f"feat: {'x' * 95}",
            (
                "the first line has 101 characters, more than 100: "
                "the rest belongs below an empty line"
            ),
        ),
    ],
)
def test_each_fault_has_one_sentence(message: str, said: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse(message)
    assert str(caught.value) == said


def test_a_first_line_may_be_a_hundred_characters_and_end_in_blanks() -> None:
    assert len(parse(f"feat: {'x' * 94}").subject) == 94
    assert parse("feat: x  \n\nbody").subject == "x"
