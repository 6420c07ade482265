"""Versions as SemVer 2.0.0 has them, and tags that hold one.

Nearly every version is three plain numbers, whose order is that of tuples. The `semver` library is
asked wherever there is more to it (pre-releases, build metadata, what a person wrote): importing it
takes longer than git needs for all the rest of `refctl release plan`.
"""

from __future__ import annotations

import re

from refctl.core.errors import UsageError
from refctl.core.record import Record

TYPE_CHECKING = False  # importing typing takes too long: see core/record
if TYPE_CHECKING:
    from collections.abc import Iterable

LEVELS = ("", "patch", "minor", "major")
"""What a change asks for, least first."""

_NUMBER = "(0|[1-9][0-9]*)"
_PLAIN = rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}"


class Version(Record):
    """A version; `str` writes it."""

    major: int
    minor: int
    patch: int
    prerelease: str = ""
    build: str = ""

    def __str__(self) -> str:
        return (
            f"{self.major}.{self.minor}.{self.patch}"
            + (f"-{self.prerelease}" if self.prerelease else "")
            + (f"+{self.build}" if self.build else "")
        )

    @property
    def core(self) -> Version:
        """The same without what follows the three numbers."""
        return Version(self.major, self.minor, self.patch)

    def bump(self, level: str) -> Version:
        """Return the next release of that level."""
        match level:
            case "major":
                return Version(self.major + 1, 0, 0)
            case "minor":
                return Version(self.major, self.minor + 1, 0)
            case "patch":
                return Version(self.major, self.minor, self.patch + 1)
        return self.core


def parse(text: str) -> Version | None:
    """Return the version that the text is, strictly, or None."""
    found = re.fullmatch(_PLAIN, text)
    if found is not None:
        major, minor, patch = found.groups()
        return Version(int(major), int(minor), int(patch))
    if ("-" not in text and "+" not in text) or re.match(_PLAIN, text) is None:
        return None
    import semver

    if not semver.Version.is_valid(text):
        return None
    known = semver.Version.parse(text)
    return Version(known.major, known.minor, known.patch, known.prerelease or "", known.build or "")


def hold_identifiers(prerelease: str, build: str) -> None:
    """Hold that what somebody asked for can be part of a version.

    Raises:
        UsageError: SemVer takes it neither as a pre-release nor as build metadata.

    """
    asked = parse(f"0.0.0-{prerelease}.1") if prerelease else None
    if prerelease and (asked is None or asked.prerelease != f"{prerelease}.1"):
        raise UsageError(
            f"--prerelease {prerelease!r}: only letters, digits and hyphens, with dots between",
            hint="refctl release --prerelease rc",
        )
    asked = parse(f"0.0.0+{build}") if build else None
    if build and (asked is None or asked.build != build):
        raise UsageError(
            f"--build {build!r}: only letters, digits and hyphens, with dots between",
            hint="refctl release --build linux.5",
        )


def compare(one: Version, other: Version) -> int:
    """Return -1, 0 or 1, by the precedence of SemVer: build metadata does not count."""
    if one[:3] != other[:3] or one[3] == other[3]:
        return (one[:3] > other[:3]) - (one[:3] < other[:3])
    if not one.prerelease or not other.prerelease:
        return 1 if other.prerelease else -1
    import semver

    return semver.Version.parse(str(one)).compare(str(other))


def newest(versions: Iterable[Version]) -> Version | None:
    """Return the version with the highest precedence."""
    best: Version | None = None
    for version in versions:
        if best is None or compare(version, best) > 0:
            best = version
    return best


def numbered(target: Version, token: str, taken: Iterable[Version]) -> Version:
    """Return the next pre-release of the target with that token: one more than the highest."""
    numbers = [0]
    for version in taken:
        name, _, number = version.prerelease.rpartition(".")
        if version.core == target.core and name == token and number.isdecimal():
            numbers.append(int(number))
    return target._replace(prerelease=f"{token}.{max(numbers) + 1}", build="")


class TagFormat:
    """How tags are named: `{version}` with something before or after it."""

    def __init__(self, pattern: str) -> None:
        self.prefix, _, self.suffix = pattern.partition("{version}")

    def name(self, version: Version) -> str:
        """Return the tag of the version."""
        return f"{self.prefix}{version}{self.suffix}"

    def version(self, tag: str) -> Version | None:
        """Return the version of the tag, or None: it is not one of ours."""
        if not tag.startswith(self.prefix) or not tag.endswith(self.suffix):
            return None
        return parse(tag[len(self.prefix) : len(tag) - len(self.suffix)])
