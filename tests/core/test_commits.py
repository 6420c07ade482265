import pytest

from refctl.core.commits import (
    Commit,
    Footer,
    footers_of,
    is_gits_own,
    one_line_ending,
    parse,
    read,
    written,
)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("feat: due dates", Commit("feat", "", breaking=False, subject="due dates")),
        ("fix(api)!: no", Commit("fix", "api", breaking=True, subject="no")),
        (
            "perf: less\n\nBecause.\n\nBREAKING CHANGE: more",
            Commit("perf", "", True, "less", "Because.", (Footer("BREAKING CHANGE", "more"),)),
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


@pytest.mark.parametrize(
    ("header", "parts"),
    [
        ("FEAT: x", ("feat", "", False, "x")),
        ("Fix(API Gateway)!: y", ("fix", "API Gateway", True, "y")),
        ("feat(a/b-c,d): x: y", ("feat", "a/b-c,d", False, "x: y")),
        ("build-deps:  two blanks", ("build-deps", "", False, "two blanks")),
        ("ajout: être", ("ajout", "", False, "être")),
    ],
)
def test_history_may_have_any_type_in_any_case(
    header: str, parts: tuple[str, str, bool, str]
) -> None:
    found = read(header)
    assert found is not None
    assert found[:4] == parts


@pytest.mark.parametrize(
    "header",
    [
        *("", "feat", "feat:", "feat: ", "feat:x", "feat():x", "feat(): x", "feat!(a): x"),
        *("feat (a): x", "feat(a) : x", "Merge branch 'x'", "add feat: x", "https://x.example"),
        *("feat(a)b: x", "(a): x", "!: x", ": x", "feat!!: x", "feat(a(b)): x"),
    ],
)
def test_what_is_no_conventional_commit_is_none_in_history_either(header: str) -> None:
    assert read(header) is None
    assert read(f"{header}\n\nBREAKING CHANGE: x") is None


@pytest.mark.parametrize(
    "text",
    [
        "BREAKING CHANGE: x",
        "BREAKING-CHANGE: x",
        "Why.\n\nBREAKING CHANGE: x",
        "Why.\n\nReviewed-by: Z\nBREAKING CHANGE: x",
        "Why.\n\nRefs #12\nBREAKING CHANGE: x\nSigned-off-by: Z",
        "Why.\n\nBREAKING CHANGE: x\n\nand how to live with it\n\nRefs: #1",
        "Why.\n\n```yaml\na: b\n```\n\nBREAKING CHANGE: x",
    ],
)
def test_a_footer_says_that_something_breaks(text: str) -> None:
    for ending in ("\n", "\r\n", "\r"):
        found = read(one_line_ending(f"fix: a\n\n{text}\n".replace("\n", ending)))
        assert found is not None
        assert (found.breaking, found.migration[:1]) == (True, "x"), text


@pytest.mark.parametrize(
    "text",
    [
        "breaking change: x",
        "Breaking Change: x",
        "breaking-change: x",
        "BREAKING CHANGE:x",
        "BREAKING CHANGE: ",
        "BREAKING CHANGE #1",
        "BREAKING CHANGES: x",
        "BREAKING_CHANGE: x",
        "This is no BREAKING CHANGE: x",
        "It is called\nBREAKING CHANGE: and ends a sentence",
        "    BREAKING CHANGE: an example",
        "> BREAKING CHANGE: quoted",
        "```\nBREAKING CHANGE: an example\n```",
        "```\n\nBREAKING CHANGE: an example\n\n```\nmore",
        "Note: x\n\nIt says\nBREAKING CHANGE: mid-sentence",
    ],
)
def test_what_only_looks_like_such_a_footer_breaks_nothing(text: str) -> None:
    found = read(f"fix: a\n\n{text}")
    assert found is not None
    assert not found.breaking, found


def test_what_follows_the_first_line_at_once_is_no_footer() -> None:
    found = read("fix: a\nBREAKING CHANGE: x")
    assert found is not None
    assert not found.breaking


def test_a_footer_goes_on_until_the_next_token() -> None:
    found = read(
        "feat: a\n\nThe body:\nhas a colon.\n\nBREAKING CHANGE: one\n  two\n\nthree\n\n"
        "```yaml\nkey: value\n\nother: value\n```\n\nReviewed-by: Z\nRefs #133"
    )
    assert found is not None
    assert found.body == "The body:\nhas a colon."
    assert found.footers == (
        Footer(
            "BREAKING CHANGE",
            "one\n  two\n\nthree\n\n```yaml\nkey: value\n\nother: value\n```",
        ),
        Footer("Reviewed-by", "Z"),
        Footer("Refs", "133"),
    )
    assert found.values("REFS") == ("133",)
    assert found.migration.startswith("one\n")


def test_the_hook_is_as_strict_as_ever_and_reads_footers_as_history_does() -> None:
    assert parse("fix: a\n\nBREAKING-CHANGE: b").breaking
    assert not parse("fix: a\n\nsee\nBREAKING CHANGE: b").breaking
    with pytest.raises(ValueError, match="no type"):
        parse("FEAT: x")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("\r\nfeat: a\r\n\r\nb\rc\r\n", "feat: a\n\nb\nc"),
        ("\n  X \n", "  X "),
        ("X\n", "X"),
    ],
)
def test_line_endings_become_one_kind_and_nothing_else_changes(message: str, expected: str) -> None:
    assert one_line_ending(message) == expected


def test_a_message_of_one_line_has_nothing_below() -> None:
    found = read("feat: a")
    assert found is not None
    assert (found.body, found.footers) == ("", ())


@pytest.mark.parametrize(
    ("below", "footers"),
    [
        ("\nRefs #12", [("Refs", "12")]),
        ("\nFIX: 1", [("FIX", "1")]),
        ("\nRefs: 1\nand on\nCloses: 2", [("Refs", "1\nand on"), ("Closes", "2")]),
        ("\n  ```\nRefs: 1\n  ```\nCloses: 2", []),
        ("\ntext\nRefs: 1\n\nCloses: 2", [("Closes", "2")]),
    ],
)
def test_footers_are_found_below_a_first_line_of_any_form(
    below: str, footers: list[tuple[str, str]]
) -> None:
    assert [tuple(one) for one in footers_of(below)] == footers
