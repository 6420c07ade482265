"""Addresses of commits, requests, issues and people, by where the remote is."""

from __future__ import annotations

import re

from refctl.core.record import Record

# https://host/path, ssh://git@host:22/path and git@host:path; a password in it is never shown.
_URL = r"(?:https?|ssh|git)://(?:[^/@]*@)?([^/:]+)(?::[0-9]+)?/(.+?)(?:\.git)?/?"
_SCP = r"(?:[^/@:]+@)?([^/:]{2,}):(?!/)(.+?)(?:\.git)?/?"
_NOREPLY = r"(?:[0-9]+\+)?([A-Za-z0-9-]+(?:\[bot\])?)@users\.noreply\.github\.com"


class Links(Record):
    """The web pages of one repository; empty where it has none."""

    base: str = ""
    dash: str = ""
    """What GitLab has before each page."""

    def commit(self, hashed: str) -> str:
        """Return the page of a commit."""
        return self._page(f"commit/{hashed}")

    def request(self, number: str) -> str:
        """Return the page of a pull request (#1) or a merge request (!1)."""
        kind = "merge_requests" if self.dash else "pull"
        return self._page(f"{kind}/{number[1:]}")

    def issue(self, number: str) -> str:
        """Return the page of an issue."""
        return self._page(f"issues/{number}")

    def compare(self, before: str, after: str) -> str:
        """Return the page of what is different between two tags; of the first, its own."""
        if before:
            return self._page(f"compare/{before}...{after}")
        return self._page(f"{'tags' if self.dash else 'releases/tag'}/{after}")

    def author(self, name: str, email: str) -> str:
        """Return the author, as Markdown; with a page where the address gives it away."""
        found = re.fullmatch(_NOREPLY, email) if email.endswith("github.com") else None
        if found is None:
            return name
        login = found[1]
        if login.endswith("[bot]"):
            return f"@{login}"
        return f"[@{login}](https://github.com/{login})"

    def _page(self, path: str) -> str:
        return f"{self.base}/{self.dash}{path}" if self.base else ""


def links(url: str) -> Links:
    """Return the pages of the repository whose remote has that URL."""
    found = re.fullmatch(_URL if "://" in url else _SCP, url)
    if found is None:
        return Links()
    host, path = found.groups()
    return Links(f"https://{host}/{path}", "-/" if "gitlab" in host else "")
