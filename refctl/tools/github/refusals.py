"""GitHub's refusals as errors that say what to type next."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from refctl.core.errors import RemoteRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDARY = re.compile(r"secondary rate limit|abuse detection", re.IGNORECASE)
LIMITED = (403, 429)
TROUBLE = 500


class GitHubError(RemoteRefusedError):
    """GitHub said no; `status` and `codes` say which no."""

    def __init__(
        self, message: str, *, status: int, codes: frozenset[str] = frozenset(), hint: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.codes = codes
        """What a 422 says of the fields: `already_exists`, `missing_field`, `invalid`, `custom`."""


def is_limit(status: int, headers: Mapping[str, str], message: str) -> bool:
    """Return whether it is a rate limit, by which nothing was done."""
    if status not in LIMITED:
        return False
    spent = headers.get("x-ratelimit-remaining") == "0"
    return (
        status == LIMITED[1] or spent or "retry-after" in headers or bool(SECONDARY.search(message))
    )


def wait_of(headers: Mapping[str, str], *, now: float, tries: int) -> float:
    """Return the seconds that GitHub asks to wait after a rate limit, as its documentation says."""
    after = headers.get("retry-after", "")
    if after.isdigit():
        return float(after)
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
        return max(float(reset) - now, 0.0) + 1.0
    return 60.0 * 2.0**tries


def message_of(body: Any) -> str:
    """Return what the answer says, or nothing."""
    said = body.get("message") if isinstance(body, dict) else None
    return str(said or "")


def error(
    what: str, status: int, headers: Mapping[str, str], body: Any, *, token_from: str
) -> GitHubError:
    """Return the error for an answer that is a refusal; `what` was asked."""
    said = " ".join(message_of(body).split())
    details, codes = _details(body)
    words = f"{said}: {details}" if details else said
    message = f"GitHub refused {what}: {status}" + (f" {words}" if words else "")
    hint = _hint(status, headers, said, words, token_from)
    return GitHubError(message, status=status, codes=codes, hint=hint)


def _details(body: Any) -> tuple[str, frozenset[str]]:
    """Return what a 422 says of each field, and the codes."""
    errors = body.get("errors") if isinstance(body, dict) else None
    if isinstance(errors, str):
        return errors, frozenset()
    words, codes = [], set()
    for one in errors or ():
        if not isinstance(one, dict):
            words.append(str(one))
            continue
        code = str(one.get("code", ""))
        codes.add(code)
        field = ".".join(str(one[key]) for key in ("resource", "field") if one.get(key))
        words.append(str(one.get("message") or f"{field} {code.replace('_', ' ')}".strip()))
    return "; ".join(words), frozenset(codes)


def _hint(status: int, headers: Mapping[str, str], said: str, words: str, token: str) -> str:
    if is_limit(status, headers, said):
        return "wait until the limit is over, then run the same command again"
    if status >= TROUBLE:
        return "GitHub is in trouble (https://www.githubstatus.com): run it again later"
    hint = ""
    match status:
        case 401 if "required" in headers.get("x-github-otp", ""):
            hint = (
                "the account has two-factor authentication, so a password is not enough: gh auth "
                "login, or a token in GITHUB_TOKEN"
            )
        case 401:
            hint = (
                f"the token from {token} is wrong, expired or revoked: gh auth login, or set "
                "GITHUB_TOKEN"
            )
        case 403 | 404 if sign_on := headers.get("x-github-sso", ""):
            where = sign_on.partition("url=")[2]
            hint = f"the organisation asks for single sign-on: authorise the token {where}".strip()
        case 403 if "upgrade to" in said.lower():
            hint = "this plan does not have it: make the repository public, or change the plan"
        case 403 | 404:
            hint = _permission_hint(status, headers, token)
        case 409:
            hint = "something else changed it at the same time: run the same command again"
        case 422 if "billing plan" in words:
            hint = (
                "private repositories have this on GitHub Enterprise alone: take reviewers and "
                "wait_minutes out of [github.environments] in refctl.toml, or make it public"
            )
    return hint


def _permission_hint(status: int, headers: Mapping[str, str], token: str) -> str:
    needs = headers.get("x-accepted-github-permissions") or headers.get("x-accepted-oauth-scopes")
    has = headers.get("x-oauth-scopes")
    lack = f"it needs {needs}" if needs else "it needs more permissions for this"
    lack += f" and has {has}" if has else ""
    if status == LIMITED[0]:
        return f"the token from {token} may not do this: {lack}"
    # A private repository does not exist for a token that may not see it.
    return f"see that the name is right and that the token from {token} may see it: {lack}"


def parse(text: str) -> Any:
    """Return the JSON of an answer, or None where a proxy or an error page answered instead."""
    try:
        return json.loads(text)
    except ValueError:
        return None
