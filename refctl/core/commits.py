"""Commit messages as Conventional Commits 1.0.0 has them.

`parse` is for a message that is being written: it says what is wrong with it. `read` is for
history, which cannot be corrected any more: it takes what the specification takes, in any case of
the type, and answers None to everything else.
"""

from __future__ import annotations

import re

from refctl.core.record import Record

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

# Not compiled here: a release asks for few of them, and each costs what reading ten commits does.
_HEADER = (
    r"(?P<type>[A-Za-z]+)(?:\((?P<scope>[^()\r\n]+)\))?(?P<breaking>!)?:"
    r"(?P<space> *)(?P<subject>.*)"
)
# A noun of any language; what people put between words of it is let be.
_READ = r"([\w-]+)(?:\(([^()\n]+)\))?(!)?:[ \t]+(\S.*)"
_FOOTER = r"(BREAKING[ -]CHANGE: +|[A-Za-z0-9][A-Za-z0-9-]*(?:: +| #))(?=\S)"
_FENCES = ("```", "~~~")
# What git itself writes, and what a later rebase takes away.
_GIT_S_OWN = r'(?:Merge |Revert "|Reapply "|(?:fixup|squash|amend)! )'
_SCISSORS = r"(?ms)^# -+ >8 -+$.*"
BREAKING = "BREAKING CHANGE"


class Footer(Record):
    """One footer; the value may go over several paragraphs."""

    token: str
    value: str


# Records, not dataclasses: importing those takes a third of the time of `refctl release plan`.
class Commit(Record):
    """A commit message, taken apart."""

    type: str
    """In lower case."""
    scope: str
    breaking: bool
    subject: str
    body: str = ""
    footers: tuple[Footer, ...] = ()

    @property
    def migration(self) -> str:
        """What the footers say of what breaks."""
        return "\n\n".join(value for token, value in self.footers if token == BREAKING)

    def values(self, token: str) -> tuple[str, ...]:
        """Return what the footers of that token say; tokens have no case."""
        wanted = token.lower()
        return tuple(value for name, value in self.footers if name.lower() == wanted)


def parse(message: str) -> Commit:
    """Return the parts of a message.

    Raises:
        ValueError: it is not a Conventional Commit; the text says what is wrong with it.

    """
    header, _, rest = message.strip().partition("\n")
    found = re.fullmatch(_HEADER, header.rstrip())
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
    body, footers = _split(rest)
    return _commit(
        found["type"], found["scope"], found["breaking"], found["subject"], body, footers
    )


def read(message: str) -> Commit | None:
    """Return the parts of a message of the past, or None: it is not a Conventional Commit."""
    header, _, rest = message.partition("\n")
    found = re.fullmatch(_READ, header.rstrip())
    if found is None:
        return None
    # The common case costs no more than its header.
    body, footers = _split(rest) if rest else ("", ())
    kind, scope, mark, subject = found.groups()
    return _commit(kind, scope, mark, subject, body, footers)


def footers_of(rest: str) -> tuple[Footer, ...]:
    """Return the footers of what follows a first line of any form."""
    return _split(rest)[1]


def one_line_ending(message: str) -> str:
    """Return the message with the line endings of Unix, and none of them around it."""
    if "\r" in message:
        message = message.replace("\r\n", "\n").replace("\r", "\n")
    return message.strip("\n")


def _commit(
    kind: str,
    scope: str | None,
    mark: str | None,
    subject: str,
    body: str,
    footers: tuple[Footer, ...],
) -> Commit:
    breaking = bool(mark) or any(token == BREAKING for token, _ in footers)
    return Commit(kind.lower(), (scope or "").strip(), breaking, subject.strip(), body, footers)


def _split(rest: str) -> tuple[str, tuple[Footer, ...]]:
    """Return the body, and the footers.

    A footer begins a paragraph, or follows another one in it. What looks like one in the midst of a
    sentence, in a fenced example or right below text is none. A paragraph that begins without a
    token goes on with the value before it.
    """
    if ": " not in rest and " #" not in rest:
        return rest.strip(), ()
    body: list[str] = []
    footers: list[tuple[str, list[str]]] = []
    fresh = among = fenced = False
    for line in rest.split("\n"):
        token = None
        if not line.strip():
            fresh = True
        else:
            if line.lstrip(" ").startswith(_FENCES):
                fenced = not fenced
            elif not fenced and (fresh or among):
                token = re.match(_FOOTER, line)
                among = token is not None if fresh else among
            fresh = False
        if token is not None:
            name = token[1].rstrip(": #").replace("BREAKING-CHANGE", BREAKING)
            footers.append((name, [line[token.end() :]]))
        else:
            (footers[-1][1] if footers else body).append(line)
    return "\n".join(body).strip(), tuple(
        Footer(name, "\n".join(value).strip()) for name, value in footers
    )


def written(text: str) -> str:
    """Return what git will keep of a message file: no comments, nothing below the scissors."""
    text = re.sub(_SCISSORS, "", text)
    return "\n".join(line for line in text.splitlines() if not line.startswith("#")).strip()


def is_gits_own(message: str) -> bool:
    """Return whether git wrote the first line itself: a merge, a revert, a fixup."""
    return re.match(_GIT_S_OWN, message) is not None
