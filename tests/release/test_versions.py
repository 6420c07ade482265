"""Versions, held against the semver library and the specification's own order."""

from __future__ import annotations

import itertools

import pytest
import semver

from refctl.release.versions import TagFormat, Version, compare, newest, numbered, parse

# From the lowest on: the example of the specification, and its neighbours.
ORDER = (
    *("0.0.0", "0.0.1-0", "0.0.1", "0.9.0", "0.10.0", "1.0.0-0", "1.0.0-1", "1.0.0-10"),
    *("1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2"),
    *("1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "2.0.0-rc.9", "2.0.0-rc.10", "2.0.0"),
)
NONE = (
    *("", "1", "1.2", "1.2.3.4", "01.2.3", "1.02.3", "1.2.03", "1.2.3-", "1.2.3+", "1.2.3-01"),
    *("1.2.3-a..b", "1.2.3-a_b", "v1.2.3", " 1.2.3", "1.2.3 ", "1.2.3\n", "-1.2.3", "1.2.-3"),
    *("1.2.3-ä", "\u0661.2.3", "1.2.3+a+b", "a.b.c"),
)


def known(text: str) -> Version:
    version = parse(text)
    assert version is not None, text
    return version


def test_versions_are_those_of_the_library_and_are_written_as_they_were_read() -> None:
    for text in (*ORDER, "1.2.3+build.7", "1.2.3-rc.1+build-7.x", "1.2.3--"):
        theirs = semver.Version.parse(text)
        assert tuple(known(text)) == (
            *theirs.to_tuple()[:3],
            theirs.prerelease or "",
            theirs.build or "",
        )
        assert str(known(text)) == text
    for text in NONE:
        assert parse(text) is None, text
        assert not semver.Version.is_valid(text), text


def test_the_order_is_that_of_the_specification() -> None:
    for (i, one), (j, other) in itertools.product(enumerate(ORDER), repeat=2):
        assert compare(known(one), known(other)) == (i > j) - (i < j), (one, other)
    assert compare(known("1.0.0+1"), known("1.0.0+2")) == 0
    assert str(newest(map(known, reversed(ORDER)))) == ORDER[-1]
    assert newest(()) is None


def test_each_level_resets_what_is_below_it() -> None:
    version = known("1.2.3-rc.1+x")
    assert [str(version.bump(level)) for level in ("major", "minor", "patch", "")] == [
        "2.0.0",
        "1.3.0",
        "1.2.4",
        "1.2.3",
    ]


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ((), "1.0.0-rc.1"),
        (("1.0.0-rc.9", "1.0.0-rc.10", "1.0.0-beta.99", "1.1.0-rc.77"), "1.0.0-rc.11"),
        (("1.0.0-rc", "1.0.0-rc.x", "1.0.0-rc.1.5"), "1.0.0-rc.1"),
    ],
)
def test_a_pre_release_gets_the_next_number(taken: tuple[str, ...], expected: str) -> None:
    assert str(numbered(known("1.0.0"), "rc", map(known, taken))) == expected


def test_a_tag_is_the_format_and_nothing_more() -> None:
    for pattern in ("v{version}", "{version}", "shop-{version}-final"):
        tags = TagFormat(pattern)
        assert tags.version(tags.name(known("1.2.3-rc.1"))) == known("1.2.3-rc.1")
        assert tags.version(f"x{tags.name(known('1.2.3'))}") is None
    assert TagFormat("v{version}").version("1.2.3") is None
