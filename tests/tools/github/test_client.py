"""The client against a server that refuses what GitHub refuses."""

from __future__ import annotations

import json
import socket
import time
from typing import TYPE_CHECKING, Any

import pytest

from refctl.core.errors import ConfigurationError, RemoteRefusedError
from refctl.core.redact import Secret
from refctl.tools.github.client import Client
from refctl.tools.github.refusals import GitHubError
from refctl.tools.github.tokens import Token
from tests.github.server import LIMIT, TOKEN, GitHub

if TYPE_CHECKING:
    from refctl.tools.github.repository import Repository

REPO = "/repos/octo/app"


def token(value: str = TOKEN, source: str = "GITHUB_TOKEN") -> Token:
    return Token(Secret(value), source)


def test_a_request_says_who_asks_and_in_which_version(server: GitHub, client: Client) -> None:
    assert client.get(REPO)["full_name"] == "octo/app"
    heads = server.requests[0].headers
    assert heads["authorization"] == f"Bearer {TOKEN}"
    assert heads["user-agent"].startswith("refctl/")
    assert heads["x-github-api-version"] == "2022-11-28"
    assert heads["accept"] == "application/vnd.github+json"


def test_a_wrong_token_is_named_by_its_place_and_never_shown(server: GitHub) -> None:
    with (
        Client(token("ghp_wrongWrongWrong", "gh auth token"), url=server.url) as one,
        pytest.raises(GitHubError, match="GitHub refused GET /repos/octo/app: 401 Bad cred") as no,
    ):
        one.get(REPO)
    assert no.value.exit_code == 6
    assert "the token from gh auth token is wrong, expired or revoked" in no.value.hint
    assert "ghp_wrong" not in str(no.value) + no.value.hint + repr(one.__dict__)


def test_two_factor_authentication_asks_for_a_token(server: GitHub, client: Client) -> None:
    server.fail(
        401,
        {"message": "Must specify two-factor authentication OTP code."},
        headers={"X-GitHub-OTP": "required; app"},
    )
    with pytest.raises(GitHubError, match="two-factor") as no:
        client.get(REPO)
    assert "a password is not enough: gh auth login" in no.value.hint


@pytest.mark.parametrize(
    ("status", "body", "headers", "hint"),
    [
        (
            403,
            {"message": "Resource not accessible by personal access token"},
            {"X-Accepted-GitHub-Permissions": "administration=write"},
            "the token from GITHUB_TOKEN may not do this: it needs administration=write",
        ),
        (
            403,
            {"message": "Must have admin rights to Repository."},
            {"X-Accepted-OAuth-Scopes": "repo", "X-OAuth-Scopes": "read:user"},
            "it needs repo and has read:user",
        ),
        (
            403,
            {"message": "Resource protected by organization SAML enforcement."},
            {"X-GitHub-SSO": "required; url=https://github.com/orgs/octo/sso?x=1"},
            "authorise the token https://github.com/orgs/octo/sso?x=1",
        ),
        (
            403,
            {"message": "Upgrade to GitHub Pro or make this repository public to enable this."},
            {},
            "this plan does not have it",
        ),
        (404, {"message": "Not Found"}, {}, "see that the name is right and that the token"),
        (409, {"message": "Conflict"}, {}, "something else changed it at the same time"),
        (
            422,
            {"message": "Failed. Please ensure the billing plan supports the rule."},
            {},
            "private repositories have this on GitHub Enterprise alone",
        ),
        (500, {"message": "Server Error"}, {}, "https://www.githubstatus.com"),
    ],
)
def test_each_refusal_says_what_to_do(
    server: GitHub, client: Client, status: int, body: dict[str, str], headers: dict[str, str],
    hint: str,
) -> None:  # fmt: skip
    server.fail(status, body, headers=headers)
    with pytest.raises(GitHubError) as no:
        client.post(f"{REPO}/labels", {"name": "x"})
    assert (no.value.exit_code, no.value.status) == (6, status)
    assert hint in no.value.hint
    assert str(no.value) == f"GitHub refused POST {REPO}/labels: {status} {body['message']}"


def test_what_is_wrong_with_a_body_is_told_by_field_and_code(client: Client) -> None:
    with pytest.raises(
        GitHubError, match=r"422 Validation Failed: Label\.name already exists"
    ) as no:
        client.post(f"{REPO}/labels", {"name": "BUG"})
    assert no.value.codes == {"already_exists"}
    with pytest.raises(GitHubError, match=r'Invalid request\. "nmae" is not a permitted key'):
        client.post(f"{REPO}/labels", {"name": "x", "nmae": "y"})
    ruleset = {"name": "x", "enforcement": "active", "rules": [{"type": "nonsense"}]}
    with pytest.raises(GitHubError, match="Validation Failed: Invalid rules: 'nonsense'"):
        client.post(f"{REPO}/rulesets", ruleset)


def test_a_list_is_read_to_its_last_page(server: GitHub, client: Client) -> None:
    server.routes.labels = {str(n): {"name": str(n)} for n in range(250)}
    assert [one["name"] for one in client.all(f"{REPO}/labels")] == [str(n) for n in range(250)]
    assert [one.query.get("page", "1") for one in server.requests] == ["1", "2", "3"]
    server.routes.environments = {str(n): {"name": str(n)} for n in range(101)}
    found = list(client.all(f"{REPO}/environments", key="environments"))
    assert len(found) == 101


def test_a_next_page_elsewhere_is_not_followed(server: GitHub, client: Client) -> None:
    link = '<https://evil.test/next>; rel="next"'
    server.fail(200, "[]", headers={"Link": link})
    with pytest.raises(RemoteRefusedError, match=r"next page is elsewhere: evil\.test"):
        list(client.all(f"{REPO}/labels"))


def test_what_has_not_changed_is_not_sent_again_and_costs_nothing(
    server: GitHub, client: Client
) -> None:
    first = client.get(REPO)
    used = server.used
    assert client.get(REPO) == first
    assert "if-none-match" in server.requests[-1].headers
    assert server.used == used
    server.routes.settings["description"] = "new"
    assert client.get(REPO)["description"] == "new"


@pytest.mark.parametrize("status", [403, 429])
def test_a_secondary_limit_is_waited_out_even_for_what_creates(
    server: GitHub, client: Client, slept: list[float], status: int
) -> None:
    server.limit(retry_after=7, status=status)
    client.post(f"{REPO}/labels", {"name": "new"})
    assert slept == [7.0]
    assert server.writes() == [f"POST {REPO}/labels"] * 2


def test_a_limit_without_a_time_is_waited_out_a_minute_then_told(
    server: GitHub, client: Client, slept: list[float]
) -> None:
    for _ in range(4):
        server.limit()
    with pytest.raises(GitHubError, match="secondary rate limit") as no:
        client.get(REPO)
    assert slept == [60.0, 120.0]  # the next would be longer than anybody waits
    assert "the rate limit is over at" in no.value.hint
    assert len(server.requests) == 3


def test_a_spent_limit_says_when_it_is_over(
    server: GitHub, client: Client, slept: list[float]
) -> None:
    server.used = LIMIT
    with pytest.raises(GitHubError, match="API rate limit exceeded") as no:
        client.get(REPO)
    assert slept == []
    assert "is over at" in no.value.hint
    reset = str(int(time.time()) + 5)
    server.used = 0
    heads = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
    server.fail(403, {"message": "API rate limit exceeded"}, headers=heads)
    assert client.get(REPO)["id"] == 1
    assert 3 < slept[0] < 8


def test_it_says_that_it_waits(server: GitHub) -> None:
    said: list[str] = []
    server.limit(retry_after=3)
    with Client(token(), url=server.url, sleep=lambda _: None, on_wait=said.append) as one:
        one.get(REPO)
    assert said == ["GitHub's rate limit: going on in 3 s."]


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_what_reads_or_sets_is_asked_again_after_trouble(
    server: GitHub, client: Client, slept: list[float], method: str
) -> None:
    server.fail(502, "<html>Bad gateway</html>")
    server.fail(500, drop=True)
    body = None if method == "GET" else {"allow_auto_merge": True}
    answer = client.request(method, REPO, body=body)
    assert answer.status == 200
    assert slept == [1.0, 2.0]
    assert len(server.requests) == 3


def test_it_gives_up_after_four_tries(server: GitHub, client: Client, slept: list[float]) -> None:
    for _ in range(9):
        server.fail(503, {"message": "Unavailable"})
    with pytest.raises(GitHubError, match="503 Unavailable"):
        client.get(REPO)
    assert (len(server.requests), slept) == (4, [1.0, 2.0, 4.0])


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 200, "drop": True, "after": True}])
def test_what_creates_is_never_sent_twice(
    server: GitHub, client: Client, fault: dict[str, Any]
) -> None:
    server.fail(**fault)
    with pytest.raises(RemoteRefusedError):
        client.post(f"{REPO}/labels", {"name": "new"})
    assert server.writes() == [f"POST {REPO}/labels"]


def test_a_lost_answer_says_that_nobody_knows(server: GitHub, client: Client) -> None:
    server.fail(200, drop=True, after=True)
    with pytest.raises(RemoteRefusedError, match="whether GitHub did it is not known") as no:
        client.post(f"{REPO}/labels", {"name": "new"})
    assert no.value.hint.startswith("check the network or proxy")
    assert "new" in server.routes.labels


def test_a_password_in_the_address_is_refused_and_not_shown() -> None:
    for scheme in ("https", "http"):
        with pytest.raises(ConfigurationError, match=r"a user or a password in it") as no:
            Client(token(), url=f"{scheme}://u:canary@git.test/api")
        assert "canary" not in f"{no.value} {no.value.hint}"


def test_it_says_that_it_tries_again(server: GitHub) -> None:
    said: list[str] = []
    server.fail(200, drop=True)
    with Client(token(), url=server.url, sleep=lambda _: None, on_wait=said.append) as one:
        one.get(REPO)
    assert said == ["GitHub does not answer: trying again."]


def test_nobody_there_is_an_error_with_its_place() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        slept: list[float] = []
        with (
            Client(token(), url=url, sleep=slept.append) as one,
            pytest.raises(RemoteRefusedError, match=f"did not answer POST /x at {url[7:]}") as no,
        ):
            one.post("/x", {})
    assert (no.value.exit_code, slept) == (6, [1.0, 2.0, 4.0])


def test_somebody_else_s_answer_is_not_taken_for_github_s(server: GitHub, client: Client) -> None:
    server.fail(200, "<html>Please sign in to the café's network</html>")
    with pytest.raises(RemoteRefusedError, match="was not answered by GitHub: not JSON"):
        client.get(REPO)


def test_a_renamed_repository_says_where_it_went(server: GitHub, client: Client) -> None:
    server.fail(301, {"message": "Moved"}, headers={"Location": "https://x.test/repositories/1"})
    with pytest.raises(GitHubError, match=r"moved to https://x\.test/repositories/1") as no:
        client.get(REPO)
    assert "git remote set-url origin" in no.value.hint


@pytest.mark.parametrize("url", ["http://github.test", "ftp://127.0.0.1", "github.test"])
def test_a_token_is_not_sent_where_others_can_read_it(url: str) -> None:
    with pytest.raises(ConfigurationError, match="is not https://"):
        Client(token(), url=url)


def test_nothing_is_found_as_nothing(client: Client, repository: Repository) -> None:
    assert client.find(repository.at("releases", "tags", "v9.9.9")) is None


def test_the_server_refuses_what_github_refuses(server: GitHub) -> None:
    def status(method: str = "GET", path: str = REPO, raw: bytes = b"", **heads: str) -> int:
        given = {"authorization": f"Bearer {TOKEN}", "user-agent": "x", **heads}
        reply = server.answer(method, path, {k.replace("_", "-"): v for k, v in given.items()}, raw)
        assert reply is not None
        return reply.status

    assert status() == 200
    assert status(user_agent="") == 403
    assert status(authorization="") == 401
    assert status(authorization="Basic eDp5") == 401
    assert status(x_github_api_version="2020-01-01") == 400
    assert status(accept="text/html") == 415
    assert status("POST", f"{REPO}/labels", b"{") == 400
    assert status("POST", f"{REPO}/labels", b"[]") == 400
    assert status("POST", f"{REPO}/labels", json.dumps({"color": "ffffff"}).encode()) == 422
    assert status("PATCH", REPO, json.dumps({"allow_auto_merge": "yes"}).encode()) == 422
    assert status(path="/repos/octo/other") == 404
