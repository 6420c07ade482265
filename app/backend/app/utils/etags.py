"""Entity tags (RFC 9110, 8.8.3): a version number in quotation marks."""

import re
from dataclasses import dataclass
from typing import Self

TAG = re.compile(r'(?P<weak>W/)?"(?P<version>[0-9]{1,18})"')


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions that a conditional request names; `None` stands for `*`, any."""

    numbers: frozenset[int] | None

    @classmethod
    def parse_strong(cls, header: str) -> Self:
        """Read `If-Match`: a weak tag vouches for too little to write upon."""
        return cls._parse(header, weak=False)

    @classmethod
    def parse_weak(cls, header: str) -> Self:
        """Read `If-None-Match`: proxies that compress make tags weak."""
        return cls._parse(header, weak=True)

    @classmethod
    def _parse(cls, header: str, *, weak: bool) -> Self:
        if header.strip() == "*":
            return cls(None)
        # A tag of another form was never given out: it matches nothing, and is no error.
        tags = (TAG.fullmatch(part.strip()) for part in header.split(","))
        return cls(
            frozenset(int(tag["version"]) for tag in tags if tag and (weak or not tag["weak"]))
        )

    def __contains__(self, version: int) -> bool:
        return self.numbers is None or version in self.numbers


def format_etag(version: int) -> str:
    """Return the tag of a version."""
    return f'"{version}"'
