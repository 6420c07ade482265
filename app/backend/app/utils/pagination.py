"""Headers of paged lists."""

from urllib.parse import urlencode

# The largest integer that JavaScript holds exactly; both databases accept it.
MAX_INTEGER = 2**53 - 1


def page_headers(path: str, *, skip: int, limit: int, total: int) -> dict[str, str]:
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
        f'<{path}?{urlencode({"skip": offset, "limit": limit})}>; rel="{relation}"'
        for relation, offset in offsets.items()
    )
    return {"X-Total-Count": str(total), "Link": ", ".join(links)}
