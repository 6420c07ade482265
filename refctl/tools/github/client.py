"""The client: one request at a time, pages, etags, limits, and retries of what may be repeated.

GitHub asks to send requests one after another; so does this. What a rate limit refused was not
done and is sent again after the wait that GitHub names. A lost answer is another matter: what reads
or sets a state is sent again, what creates something is not, for it may be there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from refctl import __version__
from refctl.core.errors import ConfigurationError, RemoteRefusedError
from refctl.tools.github.refusals import GitHubError, error, is_limit, message_of, parse, wait_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import TracebackType
    from typing import Self

    import httpx

    from refctl.tools.github.tokens import Token

API = "https://api.github.com"
VERSION = "2022-11-28"
TRIES = 4
PATIENCE = 120.0
"""Seconds that it waits for a limit to be over, before it says when that will be."""
TIMEOUT = 30.0
REPEATABLE = frozenset({"GET", "PUT", "PATCH", "DELETE"})
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Answer:
    """What GitHub answered: never a refusal."""

    status: int
    headers: Mapping[str, str]
    body: Any = None
    links: Mapping[str, str] = field(default_factory=dict)
    """Other pages by their relation: next, last."""


class Client:
    """Speaks with one GitHub in the name of one token. Used as a context."""

    def __init__(
        self,
        token: Token,
        *,
        url: str = API,
        patience: float = PATIENCE,
        sleep: Callable[[float], None] = time.sleep,
        on_wait: Callable[[str], None] = lambda _: None,
    ) -> None:
        import httpx

        where = urlsplit(url)
        local = where.hostname in LOOPBACK
        if "@" in where.netloc:
            raise ConfigurationError(
                f"GitHub's address at {where.hostname} has a user or a password in it",
                hint="take it out of GITHUB_API_URL, or of github.api_url in refctl.toml",
            )
        if where.scheme != "https" and not (local and where.scheme == "http"):
            raise ConfigurationError(
                f"GitHub's address {url} is not https://: anybody on the way could read the token",
                hint="correct GITHUB_API_URL, or github.api_url in refctl.toml",
            )
        self._url = url.rstrip("/")
        self._token = token
        self._patience = patience
        self._sleep = sleep
        self._on_wait = on_wait
        self._known: dict[str, tuple[str, Answer]] = {}
        self._http = httpx.Client(
            timeout=TIMEOUT,
            # A proxy is for the world outside.
            trust_env=not local,
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {token.value.reveal()}",
                "User-Agent": f"refctl/{__version__}",
                "X-GitHub-Api-Version": VERSION,
            },
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """Return what is at a path.

        Raises:
            GitHubError: GitHub says no; 404 among them.

        """
        return self.request("GET", path, params=params).body

    def find(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """Return what is at a path, or None where nothing is."""
        try:
            return self.get(path, params)
        except GitHubError as no:
            if no.status == NOT_FOUND:
                return None
            raise

    def all(
        self, path: str, params: Mapping[str, str] | None = None, *, key: str = ""
    ) -> Iterator[Any]:
        """Yield every item of a list, page by page; with `key`, of the list within an object."""
        answer = self.request("GET", path, params={"per_page": "100", **(params or {})})
        while True:
            yield from answer.body[key] if key else answer.body
            ahead = answer.links.get("next")
            if ahead is None:
                return
            self._same_origin(ahead)
            answer = self.request("GET", ahead)

    def post(self, path: str, body: Any = None) -> Any:
        """Create something; return it."""
        return self.request("POST", path, body=body).body

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        content: bytes | None = None,
        content_type: str = "",
    ) -> Answer:
        """Send a request until it is answered; `path` may be a whole address of GitHub's own.

        Raises:
            GitHubError: GitHub says no.
            RemoteRefusedError: nobody answers, or somebody else does.

        """
        url = path if path.startswith(("https://", "http://")) else self._url + path
        what = f"{method} {urlsplit(url).path}"
        headers = {"Content-Type": content_type} if content_type else {}
        known = self._known.get(self._key(url, params)) if method == "GET" else None
        if known is not None:
            headers["If-None-Match"] = known[0]
        sending: dict[str, Any] = {"params": params, "headers": headers}
        if content is not None:
            sending["content"] = content
        elif body is not None:
            sending["json"] = body
        for tries in range(TRIES):
            last = tries == TRIES - 1
            response = self._send(method, url, what, sending, last=last, tries=tries)
            if response is None:
                continue
            if known is not None and response.status_code == 304:  # noqa: PLR2004 - not modified
                return known[1]
            if response.is_success:
                return self._keep(method, url, params, response, what)
            self._wait_or_raise(method, what, response, last=last, tries=tries)
        raise AssertionError("the last try returns or raises")

    def _send(
        self, method: str, url: str, what: str, sending: dict[str, Any], *, last: bool, tries: int
    ) -> httpx.Response | None:
        """Return the answer, or None where none came and it may be asked again."""
        import httpx

        try:
            return self._http.request(method, url, **sending)
        except (httpx.TransportError, httpx.InvalidURL) as lost:
            # What was never sent was not done either.
            again = method in REPEATABLE or isinstance(lost, httpx.ConnectError)
            if last or not again:
                doubt = "" if again else "; whether GitHub did it is not known"
                raise RemoteRefusedError(
                    f"GitHub did not answer {what} at {urlsplit(url).netloc}: "
                    f"{str(lost) or type(lost).__name__}{doubt}",
                    hint="check the network or proxy, then run the same command again",
                ) from None
            self._on_wait("GitHub does not answer: trying again.")
            self._sleep(2.0**tries)
            return None

    def _wait_or_raise(
        self, method: str, what: str, response: httpx.Response, *, last: bool, tries: int
    ) -> None:
        status, headers = response.status_code, response.headers
        body = parse(response.text)
        if is_limit(status, headers, message_of(body)):
            wait = wait_of(headers, now=time.time(), tries=tries)
            if not last and wait <= self._patience:
                self._on_wait(f"GitHub's rate limit: going on in {wait:.0f} s.")
                self._sleep(wait)
                return
            no = self._error(what, response, body)
            over = time.strftime("%H:%M:%S", time.localtime(time.time() + wait))
            no.hint = f"the rate limit is over at {over}: run the same command again then"
            raise no
        if status >= 500 and method in REPEATABLE and not last:  # noqa: PLR2004 - its own fault
            self._sleep(2.0**tries)
            return
        raise self._error(what, response, body)

    def _error(self, what: str, response: httpx.Response, body: Any) -> GitHubError:
        if response.is_redirect:
            return GitHubError(
                f"GitHub refused {what}: it has moved to {response.headers.get('location', '')}",
                status=response.status_code,
                hint="the repository was renamed: git remote set-url origin NEW-ADDRESS",
            )
        return error(
            what, response.status_code, response.headers, body, token_from=self._token.source
        )

    def _keep(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None,
        response: httpx.Response,
        what: str,
    ) -> Answer:
        body = parse(response.text) if response.content else None
        if response.content and body is None:
            raise RemoteRefusedError(
                f"{what} at {urlsplit(url).netloc} was not answered by GitHub: not JSON",
                hint="a proxy may have answered: see GITHUB_API_URL and the proxy's settings",
            )
        links = {name: one["url"] for name, one in response.links.items() if name and "url" in one}
        answer = Answer(response.status_code, response.headers, body, links)
        if method == "GET" and (tag := response.headers.get("etag")):
            self._known[self._key(url, params)] = (tag, answer)
        return answer

    @staticmethod
    def _key(url: str, params: Mapping[str, str] | None) -> str:
        return f"{url} {sorted((params or {}).items())}"

    def _same_origin(self, url: str) -> None:
        ours, theirs = urlsplit(self._url), urlsplit(url)
        if (ours.scheme, ours.netloc) != (theirs.scheme, theirs.netloc):
            raise RemoteRefusedError(f"GitHub's next page is elsewhere: {theirs.netloc}")
