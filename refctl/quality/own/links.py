"""Whether the links of Markdown files lead somewhere in this repository, without any network.

`python -m refctl.quality.own.links FILE…`: relative paths must exist, `#anchors` must be headings.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

_ID = re.compile(r"<[^>]*\b(?:id|name)=[\"']([^\"']+)[\"']")
_HREF = re.compile(r"<[^>]*\b(?:href|src)=[\"']([^\"']+)[\"']")


@cache
def _tokens(file: Path) -> list[Token]:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table").parse(file.read_text(encoding="utf-8"))


@cache
def anchors(file: Path) -> frozenset[str]:
    """Return what a link to the file can name after `#`: its headings as GitHub calls them."""
    tokens = _tokens(file)
    found: set[str] = set()
    seen: dict[str, int] = {}
    for i, token in enumerate(tokens):
        if token.type == "heading_open":
            words = "".join(
                each.content
                for each in tokens[i + 1].children or ()
                if each.type in {"text", "code_inline"}
            )
            name = re.sub(r"[^\w\- ]", "", words.lower()).strip().replace(" ", "-")
            found.add(f"{name}-{seen[name]}" if name in seen else name)
            seen[name] = seen.get(name, 0) + 1
        for html in (token, *(token.children or ())):
            if html.type in {"html_block", "html_inline"}:
                found.update(_ID.findall(html.content))
    return frozenset(found)


def links(file: Path) -> Iterator[tuple[int, str]]:
    """Yield each link and picture of the file with its line."""
    lines = file.read_text(encoding="utf-8").splitlines()
    for token in _tokens(file):
        first, last = token.map or (0, len(lines))
        targets = [
            str(target)
            for each in token.children or ()
            for target in (each.attrGet("href"), each.attrGet("src"))
            if target is not None
        ]
        for html in (token, *(token.children or ())):
            if html.type in {"html_block", "html_inline"}:
                targets += _HREF.findall(html.content)
        for target in targets:
            # The block is known, the line in it is where the target stands.
            within = (n for n in range(first, last) if unquote(target) in unquote(lines[n]))
            yield next(within, first) + 1, target


def problem(file: Path, target: str, root: Path) -> str | None:
    """Return what is wrong with a link of the file, or None."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return None  # elsewhere: asking would need the network
    path = unquote(parts.path)
    goal = file if not path else (root / path[1:] if path.startswith("/") else file.parent / path)
    if not goal.exists():
        return f"{path} does not exist"
    if parts.fragment and goal.suffix == ".md":
        name = unquote(parts.fragment).lower()
        if name not in anchors(goal.resolve()):
            return f"{goal.name} has no heading #{name}"
    return None


def main() -> int:
    """Print each link that leads nowhere; return 1 when there is one."""
    bad = 0
    for name in sys.argv[1:]:
        for line, target in links(Path(name).resolve()):
            found = problem(Path(name).resolve(), target, Path.cwd())
            if found is not None:
                bad = 1
                print(f"{name}:{line}:1: {found} [link]")
    return bad


if __name__ == "__main__":
    sys.exit(main())
