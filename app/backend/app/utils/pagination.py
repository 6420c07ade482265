"""Headers of paged lists."""

from collections.abc import Mapping
from urllib.parse import urlencode

# The largest integer that JavaScript holds exactly; both databases accept it.
MAX_INTEGER = 2**53 - 1


def page_headers(
    path: str, *, skip: int, limit: int, total: int, parameters: Mapping[str, str]
) -> dict[str, str]:
    """Return `X-Total-Count` and, where other pages exist, `Link` (RFC 8288).

    The targets are relative: only the client knows under which origin it reached the server.
    """
    last = (total - 1) // limit * limit if total else 0
    offsets = {"first": 0}
    if skip > 0:
        # Beyond the end, the previous page is the last one that has something.
        offsets["prev"] = min(max(skip - limit, 0), last)
    if skip + limit < total:
        offsets["next"] = skip + limit
    offsets["last"] = last
    links = (
        _link(path, {"skip": str(offset), "limit": str(limit), **parameters}, relation)
        for relation, offset in offsets.items()
    )
    return {"X-Total-Count": str(total), "Link": ", ".join(links)}


def cursor_headers(
    path: str, *, cursor: str, limit: int, parameters: Mapping[str, str]
) -> dict[str, str]:
    """Return the `Link` to the page behind a cursor."""
    return {"Link": _link(path, {"cursor": cursor, "limit": str(limit), **parameters}, "next")}


def _link(path: str, query: Mapping[str, str], relation: str) -> str:
    return f'<{path}?{urlencode(query)}>; rel="{relation}"'
