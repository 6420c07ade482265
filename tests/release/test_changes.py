"""What commits change, without git: squashes, reverts, merges, what they ask for."""

from __future__ import annotations

import pytest

from refctl.release.changes import Read, level_of, read
from refctl.release.policy import Policy
from refctl.tools.history import Entry


def hashed(number: int) -> str:
    return f"{number:02x}{'ab' * 19}"


def entry(number: int, message: str, *parents: int) -> Entry:
    return Entry(
        hashed(number),
        tuple(map(hashed, parents or ((number - 1,) if number > 1 else ()))),
        "Ada",
        "ada@example.com",
        message + "\n",
    )


def story(*messages: str, policy: Policy | None = None, zero: bool = False) -> list[Read]:
    """Return what a straight line of commits changes, the oldest first."""
    entries = [entry(number, text) for number, text in enumerate(messages, 1)]
    return list(reversed(read(reversed(entries), policy or Policy(), zero=zero)))


def changed(reads: list[Read]) -> list[list[tuple[str, str]]]:
    return [[(change.type, change.subject) for change in one.changes] for one in reads]


@pytest.mark.parametrize(
    ("message", "level"),
    [
        ("feat: a", "minor"),
        ("FEAT: a", "minor"),
        ("fix: a", "patch"),
        ("perf: a", "patch"),
        ("revert: a", "patch"),
        ("docs: a", ""),
        ("chore!: a", "major"),
        ("docs: a\n\nBREAKING CHANGE: b", "major"),
        ("made of nothing", ""),
        ("", ""),
    ],
)
def test_each_type_asks_for_its_level(message: str, level: str) -> None:
    assert level_of(story(message)) == level


def test_before_1_0_a_breaking_change_asks_for_a_minor_version_unless_told_otherwise() -> None:
    assert level_of(story("fix!: a", zero=True)) == "minor"
    assert level_of(story("fix!: a", zero=True, policy=Policy(major_on_zero=True))) == "major"


def test_the_policy_says_what_a_type_asks_for() -> None:
    policy = Policy(bumps={"docs": "patch", "feat": ""})
    assert level_of(story("docs: a", "feat: b", policy=policy)) == "patch"


GITHUB = """\
Add a command line (#3)

* feat(cli): add it

Why it is there.

BREAKING CHANGE: the old one is gone

* test(cli): try it

* docs: say how

---------

Co-authored-by: Bob <bob@example.com>
"""
GITLAB = """\
Squashed commits:

* fix: one

Body of one, closes #5

* perf(db)!: two

See merge request group/project!12
"""
GIT = """\
Squashed commit of the following:

commit 676104e676104e676104e676104e676104e67610
Author: Ada <ada@example.com>
Date:   Mon Jan 1 00:00:00 2024 +0000

    feat: one

    With a body.

commit a215868a215868a215868a215868a215868a2158
Merge: 676104e a215867
Author: Ada <ada@example.com>
Date:   Mon Jan 1 00:00:00 2024 +0000

    fix: two
"""


@pytest.mark.parametrize(
    ("message", "changes", "level"),
    [
        (GITHUB, [("feat", "add it"), ("test", "try it"), ("docs", "say how")], "major"),
        (GITLAB, [("fix", "one"), ("perf", "two")], "major"),
        (GIT, [("feat", "one"), ("fix", "two")], "minor"),
        (
            "chore: x\n\n- feat: a\n- fix: b\n",
            [("chore", "x"), ("feat", "a"), ("fix", "b")],
            "minor",
        ),
        ("feat: a (#3)\n\n* feat: a\n\n* fix: b", [("feat", "a"), ("fix", "b")], "minor"),
    ],
)
def test_a_squash_has_the_commits_that_went_into_it(
    message: str, changes: list[tuple[str, str]], level: str
) -> None:
    for ending in ("\n", "\r\n"):
        found = story(message.replace("\n", ending))
        assert changed(found) == [changes]
        assert level_of(found) == level


def test_a_squash_keeps_what_each_commit_says_of_what_breaks() -> None:
    (found,) = story(GITHUB)
    assert [change.migration for change in found.changes] == ["the old one is gone", "", ""]
    assert found.request == "#3"
    (found,) = story(GITLAB)
    assert (found.request, found.issues) == ("!12", ("5",))


@pytest.mark.parametrize(
    "body",
    [
        "* a list\n* of things: said",
        "* note: not a type that is known",
        "as in\n* feat: the midst of a paragraph",
        "  * feat: an indented list",
    ],
)
def test_a_list_that_is_none_of_commits_stays_a_body(body: str) -> None:
    assert changed(story(f"docs: x\n\n{body}")) == [[("docs", "x")]]


def test_a_revert_cancels_what_it_names_when_that_was_not_released() -> None:
    found = story("feat: a", f'Revert "feat: a"\n\nThis reverts commit {hashed(1)}.')
    assert level_of(found) == ""
    assert changed(found) == [[], []]
    assert found[0].why == f"taken back by {hashed(2)[:9]}"


def test_a_revert_of_what_was_released_is_a_patch() -> None:
    found = story(f'Revert "feat: a (#2)" (#9)\n\nThis reverts commit {hashed(77)}.', "docs: b")
    assert level_of(found) == "patch"
    assert changed(found)[0] == [("revert", "feat: a")]


def test_a_revert_without_a_hash_is_a_patch_and_cancels_nothing() -> None:
    found = story("feat: a (#2)", 'Revert "feat: a (#2)" (#3)\n\nReverts owner/name#2')
    assert level_of(found) == "minor"
    assert [len(one.changes) for one in found] == [1, 1]


@pytest.mark.parametrize("footer", ["Refs: {}, {}", "Reverts: {} {}"])
def test_a_conventional_revert_names_several_commits(footer: str) -> None:
    text = footer.format(hashed(1)[:8], hashed(2)[:12])
    assert level_of(story("feat: a", "fix: b", f"revert: both\n\n{text}")) == ""
    partly = story("feat: a", f"revert: both\n\n{footer.format(hashed(1), hashed(50))}")
    assert level_of(partly) == "patch"
    assert changed(partly)[0] == []


def test_a_revert_of_a_revert_brings_the_change_back() -> None:
    back = f'Revert "feat: a"\n\nThis reverts commit {hashed(1)}.'
    again = f'Reapply "feat: a"\n\nThis reverts commit {hashed(2)}.'
    found = story("feat: a", back, again)
    assert changed(found) == [[("feat", "a")], [], []]
    gone = story("feat: a", back, again, f'Revert "x"\n\nThis reverts commit {hashed(3)}.')
    assert level_of(gone) == ""


def test_only_a_revert_takes_back() -> None:
    found = story("feat: a", f"docs: tell of it\n\nThis reverts commit {hashed(1)}.")
    assert level_of(found) == "minor"


def test_a_reverted_merge_takes_what_it_brought() -> None:
    entries = [
        entry(1, "feat: before"),
        entry(2, "feat: on the branch", 1),
        entry(3, "fix: on the branch", 2),
        entry(4, "fix: meanwhile", 1),
        entry(5, "Merge branch 'x'", 4, 3),
        entry(
            6,
            f"Revert \"Merge branch 'x'\"\n\nThis reverts commit {hashed(5)}, reversing\n"
            f"changes made to {hashed(4)}.",
        ),
    ]
    found = list(reversed(read(reversed(entries), Policy(), zero=False)))
    assert [bool(one.changes) for one in found] == [True, False, False, True, False, False]


def test_merges_are_looked_at_only_when_the_policy_says_so() -> None:
    merge = entry(3, "Merge pull request #7 from a/b\n\nfeat: the title", 1, 2)
    named = entry(3, "feat: a merge with a message", 1, 2)
    for one in (merge, named):
        assert level_of(read([one], Policy(), zero=False)) == ""
    looked = Policy(merge_commits=True)
    (found,) = read([merge], looked, zero=False)
    assert changed([found]) == [[("feat", "the title")]]
    assert found.request == "#7"
    assert level_of(read([named], looked, zero=False)) == "minor"


def test_issues_and_requests_are_found_where_people_write_them() -> None:
    (found,) = story("fix: a (#12)\n\nFixes #1, #2 and #3.\n\nCloses: #4\nRefs: #1, #5\n")
    assert (found.request, found.issues) == ("#12", ("1", "2", "3", "4"))
    assert found.mentions == ("5",)
    assert found.changes[0].subject == "a"


@pytest.mark.parametrize("text", ["breaking change: x", "see\nBREAKING CHANGE: x", "BREAKING: x"])
def test_what_nearly_breaks_is_remarked(text: str) -> None:
    (found,) = story(f"fix: a\n\n{text}")
    assert ("must begin a paragraph" in found.remark) is ("CHANGE" in text.upper())
