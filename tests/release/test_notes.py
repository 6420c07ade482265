"""What a release says: its notes, their links, and the file that keeps what people wrote."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from refctl.core.errors import ConfigurationError, UsageError
from refctl.release import changelog, notes, preview, record
from refctl.release.links import Links, links
from tests.release.repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

GITHUB = "git@github.com:ada/shop.git"


def noted(tmp_path: Path, *steps: str, origin: str = GITHUB) -> tuple[str, Repository]:
    repository = Repository(tmp_path / "repository", origin=origin).story(*steps)
    return preview.look(str(repository.folder)).notes, repository


def test_notes_have_their_categories_what_breaks_first(tmp_path: Path) -> None:
    text, repository = noted(
        tmp_path,
        "fix: a fault (#7)\n\nCloses #3",
        "feat(ui): <b> and `<i>`",
        "docs: nothing that users see",
        "perf: faster",
        "fix(security): a hole",
        "feat(api)!: another form\n\nBREAKING CHANGE: Send JSON:\n\n```\n{}\n```",
    )
    hashes = repository.git("log", "--reverse", "--format=%H").split()

    def commit(index: int) -> str:
        return f"[{hashes[index][:7]}](https://github.com/ada/shop/commit/{hashes[index][:12]})"

    assert text == textwrap.dedent(
        f"""\
        ### Breaking changes

        - **api:** another form ({commit(5)}) by Ada

          Send JSON:

          ```
          {{}}
          ```

        ### Added

        - **ui:** \\<b> and `<i>` ({commit(1)}) by Ada

        ### Changed

        - faster ({commit(3)}) by Ada

        ### Fixed

        - a fault ([#7](https://github.com/ada/shop/pull/7), {commit(0)}, closes \
[#3](https://github.com/ada/shop/issues/3)) by Ada

        ### Security

        - **security:** a hole ({commit(4)}) by Ada
        """
    )


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("see [this](https://x.example)", r"see \[this](https://x.example)"),
        ("see ![this](x.png) and [it][1]", r"see !\[this](x.png) and \[it]\[1]"),
        (r"an escaped \[x](y)", r"an escaped \\\[x](y)"),
        (r"C:\temp stays", r"C:\temp stays"),
        ("# a heading", r"\# a heading"),
        ("### a heading", r"\### a heading"),
        ("#12 is no heading, nor # there", "#12 is no heading, nor # there"),
        ("> quoted", r"\> quoted"),
        ("- listed", r"\- listed"),
        ("-x and a > b", "-x and a > b"),
        ("`[a](b)` and `# b` for #7", "`[a](b)` and `# b` for #7"),
    ],
)
def test_what_a_subject_has_of_markdown_is_shown_as_it_was_written(
    tmp_path: Path, subject: str, shown: str
) -> None:
    text, _ = noted(tmp_path, f"feat: {subject}")
    assert f"\n- {shown} (" in text


@pytest.mark.parametrize(
    ("url", "base", "dash"),
    [
        ("git@github.com:ada/shop.git", "https://github.com/ada/shop", ""),
        ("https://github.com/ada/shop", "https://github.com/ada/shop", ""),
        ("https://x-token:pw@github.com/ada/shop.git/", "https://github.com/ada/shop", ""),
        ("ssh://git@github.com:22/ada/shop.git", "https://github.com/ada/shop", ""),
        ("git@gitlab.com:a/b/c.git", "https://gitlab.com/a/b/c", "-/"),
        ("/srv/git/shop.git", "", ""),
        ("file:///srv/git/shop.git", "", ""),
        ("../shop", "", ""),
        ("", "", ""),
    ],
)
def test_pages_come_from_where_the_remote_is(url: str, base: str, dash: str) -> None:
    assert links(url) == Links(base, dash)


def test_each_host_has_its_own_pages() -> None:
    hub, lab = links(GITHUB), links("git@gitlab.com:a/b.git")
    assert hub.compare("v1.0.0", "v1.1.0").endswith("/compare/v1.0.0...v1.1.0")
    assert hub.compare("", "v1.0.0").endswith("/releases/tag/v1.0.0")
    assert lab.compare("", "v1.0.0").endswith("/-/tags/v1.0.0")
    assert lab.request("!4").endswith("/-/merge_requests/4")
    assert hub.author("Ada", "12+ada@users.noreply.github.com") == "[@ada](https://github.com/ada)"
    assert hub.author("Bot", "1+x[bot]@users.noreply.github.com") == "@x[bot]"
    assert Links().commit("abc") == ""


def part(body: str = "### Added\n\n- new", version: str = "1.1.0") -> notes.Part:
    return notes.Part(f"## [{version}] - 2026-01-01", body, f"[{version}]: https://x.example/c")


def test_an_issue_that_is_only_referred_to_is_not_said_to_be_closed(tmp_path: Path) -> None:
    text, _ = noted(tmp_path, "fix: a fault\n\nRefs: #12")
    assert "refs [#12](" in text
    assert "closes" not in text


def test_a_first_release_begins_the_file() -> None:
    text = changelog.updated("", "1.1.0", part())
    assert text.startswith("# Changelog\n")
    assert text.endswith(
        "## [1.1.0] - 2026-01-01\n\n### Added\n\n- new\n\n[1.1.0]: https://x.example/c\n"
    )


OLD = "# Ours\n\nWritten *by hand*.\n\n## 1.0.0 (long ago)\n\n* odd   form\n\n\n[x]: y\n"


def test_what_was_released_and_written_before_stays_as_it_is() -> None:
    text = changelog.updated(OLD, "1.1.0", part())
    assert text == OLD.replace("## 1.0.0", part().text + "\n## 1.0.0")
    assert changelog.updated(text, "1.1.0", part("### Added\n\n- other")) == text


def test_what_is_unreleased_becomes_part_of_the_release_by_category() -> None:
    own = (
        "# Ours\n\n## [Unreleased]\n\nA word before.\n\n### Added\n\n- by hand\n\n"
        "### Removed\n\n- gone\n\n## [1.0.0] - 2025-01-01\n\n- x\n"
    )
    text = changelog.updated(own, "1.1.0", part("### Added\n\n- new\n\n### Fixed\n\n- fault"))
    assert text == (
        "# Ours\n\n## [Unreleased]\n\n## [1.1.0] - 2026-01-01\n\nA word before.\n\n### Added\n\n"
        "- by hand\n- new\n\n### Removed\n\n- gone\n\n### Fixed\n\n- fault\n\n"
        "[1.1.0]: https://x.example/c\n\n## [1.0.0] - 2025-01-01\n\n- x\n"
    )
    again = changelog.updated(text, "1.2.0", part(version="1.2.0"))
    assert again.index("[Unreleased]") < again.index("## [1.2.0]") < again.index("## [1.1.0]")
    assert "A word before.\n\n### Added\n\n- by hand\n- new\n" in again


def test_the_addresses_at_the_end_of_the_file_stay_there() -> None:
    own = "# Ours\n\n## [Unreleased]\n\n[unreleased]: https://x.example/head\n"
    text = changelog.updated(own, "1.1.0", part())
    assert text.endswith(
        "- new\n\n[1.1.0]: https://x.example/c\n\n[unreleased]: https://x.example/head\n"
    )


def test_the_section_of_a_version_is_what_people_made_of_it() -> None:
    text = changelog.updated(OLD, "1.1.0", part("### Added\n\n- edited"))
    assert changelog.section(text, "1.1.0") == "### Added\n\n- edited\n"
    assert changelog.section(text, "1.0.0") == "* odd   form\n\n\n[x]: y\n"
    assert changelog.section(text, "1.0") is None


STORY = (
    *("feat: one", "v1.0.0", "fix: two", "v1.0.1-rc.1", "fix: three", "v1.0.1"),
    *("feat: four", "v1.1.0-rc.1", "docs: five", "fix: six"),
)


def test_a_changelog_has_each_release_with_its_commits(tmp_path: Path) -> None:
    repository = Repository(tmp_path).story(*STORY)
    data = record.changelog(str(repository.folder), after="", until="", as_data=True).data
    found = [
        (
            one["version"],
            one["previous"],
            [e["subject"] for s in one["sections"] for e in s["entries"]],
        )
        for one in data["releases"]
    ]
    assert found == [
        (None, "v1.1.0-rc.1", ["six"]),
        ("1.1.0-rc.1", "v1.0.1", ["four"]),
        ("1.0.1", "v1.0.0", ["three", "two"]),
        ("1.0.0", None, ["one"]),
    ]
    part = record.changelog(
        str(repository.folder), after="v1.0.0", until="v1.0.1", as_data=True
    ).data
    assert [one["version"] for one in part["releases"]] == ["1.0.1"]
    with pytest.raises(UsageError, match=r"v9\.9\.9 is no release"):
        record.changelog(str(repository.folder), after="v9.9.9", until="", as_data=True)


def test_the_notes_of_a_release_are_the_files_or_else_its_commits(tmp_path: Path) -> None:
    repository = Repository(tmp_path).story(*STORY)
    asked = record.notes_of(str(repository.folder), "v1.0.1")
    assert asked.data["source"] == "commits"
    assert "- three (" in asked.data["notes"]
    (tmp_path / "CHANGELOG.md").write_text("# C\n\n## [1.0.1] - 2025\n\nBy hand.\n\n## 1.0.0\n")
    asked = record.notes_of(str(repository.folder), "v1.0.1")
    assert (asked.data["source"], asked.data["notes"]) == ("changelog", "By hand.\n")
    with pytest.raises(UsageError, match="not the tag of a version"):
        record.notes_of(str(repository.folder), "latest")


def template(tmp_path: Path, text: str) -> str:
    repository = Repository(tmp_path / "repository").story("feat(ui): <new>")
    (repository.folder / "refctl.toml").write_text('[release]\ntemplate = "notes.md.j2"\n')
    (repository.folder / "notes.md.j2").write_text(text)
    return preview.look(str(repository.folder)).notes


def test_a_project_may_have_a_template_of_its_own(tmp_path: Path) -> None:
    text = (
        "{{ title }}:{% for section in sections %}{% for entry in section.entries %} "
        "{{ section.title }} {{ entry.scope }} {{ entry.subject }}{% endfor %}{% endfor %}.\n"
    )
    assert template(tmp_path, text) == "0.1.0: Added ui <new>.\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ nothing }}", "'nothing' is undefined"),
        ("a\n{% if %}", "notes.md.j2, line 2"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ sections.append(1) }}", "unsafe"),
        ("{{ 1 / 0 }}", "ZeroDivisionError"),
    ],
)
def test_a_template_that_is_wrong_or_wants_too_much_is_an_error(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        template(tmp_path, text)
    assert words in caught.value.message


def test_a_missing_template_is_an_error(tmp_path: Path) -> None:
    repository = Repository(tmp_path).story("feat: x")
    (tmp_path / "refctl.toml").write_text('[release]\ntemplate = "none.j2"\n')
    with pytest.raises(ConfigurationError, match=r"release\.template: none\.j2: No such file"):
        preview.look(str(repository.folder))


def test_many_entries_stand_by_their_scopes_and_within_them_newest_first(tmp_path: Path) -> None:
    few = [f"feat(s{number % 2}): change {number}" for number in range(notes.MANY)]
    repository = Repository(tmp_path).story(*few)

    def subjects() -> list[str]:
        (section,) = preview.look(str(repository.folder)).release.sections
        return [note.change.subject for note in section.notes]

    newest = [f"change {number}" for number in reversed(range(notes.MANY))]
    assert subjects() == newest
    repository.story("feat: of none")
    assert subjects() == ["of none", *newest[1::2], *newest[0::2]]
