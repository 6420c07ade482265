"""Commit messages as Conventional Commits 1.0.0 has them."""

from __future__ import annotations

import re
from dataclasses import dataclass

TYPES = {
    "feat": "something new for its users",
    "fix": "a fault corrected",
    "docs": "documentation alone",
    "style": "looks of the code, not its meaning",
    "refactor": "neither a fault corrected nor anything new",
    "perf": "faster or smaller",
    "test": "tests alone",
    "build": "dependencies, packaging",
    "ci": "workflows",
    "chore": "anything else that no user sees",
    "revert": "an earlier commit taken back",
}
"""What a commit can be, and when."""

WIDTH = 100
"""Characters that the first line may have."""

_HEADER = re.compile(
    r"(?P<type>[A-Za-z]+)(?:\((?P<scope>[^()\r\n]+)\))?(?P<breaking>!)?:"
    r"(?P<space> *)(?P<subject>.*)"
)
_BREAKING = re.compile(r"^BREAKING[ -]CHANGE: \S", re.MULTILINE)
# What git itself writes, and what a later rebase takes away.
_GIT_S_OWN = re.compile(r'(?:Merge |Revert "|Reapply "|(?:fixup|squash|amend)! )')
_SCISSORS = re.compile(r"^# -+ >8 -+$.*", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit message, taken apart."""

    type: str
    scope: str
    breaking: bool
    subject: str
    body: str = ""


def parse(message: str) -> Commit:
    """Return the parts of a message.

    Raises:
        ValueError: it is not a Conventional Commit; the text says what is wrong with it.

    """
    header, _, rest = message.strip().partition("\n")
    found = _HEADER.fullmatch(header.rstrip())
    if found is None:
        raise ValueError("the first line must read 'type: subject' or 'type(scope): subject'")
    kind = found["type"]
    if kind not in TYPES:
        near = f": did you mean {kind.lower()}?" if kind.lower() in TYPES else ""
        raise ValueError(f"there is no type {kind!r}{near}")
    if not found["subject"]:
        raise ValueError("the subject is missing after the colon")
    if len(found["space"]) != 1:
        raise ValueError("one space must follow the colon")
    if len(header) > WIDTH:
        raise ValueError(
            f"the first line has {len(header)} characters, more than {WIDTH}: "
            "the rest belongs below an empty line"
        )
    if rest and not rest.startswith("\n"):
        raise ValueError("an empty line must follow the first line")
    return Commit(
        kind,
        (found["scope"] or "").strip(),
        bool(found["breaking"]) or _BREAKING.search(rest) is not None,
        found["subject"].strip(),
        rest.strip(),
    )


def written(text: str) -> str:
    """Return what git will keep of a message file: no comments, nothing below the scissors."""
    text = _SCISSORS.sub("", text)
    return "\n".join(line for line in text.splitlines() if not line.startswith("#")).strip()


def is_gits_own(message: str) -> bool:
    """Return whether git wrote the first line itself: a merge, a revert, a fixup."""
    return _GIT_S_OWN.match(message) is not None
