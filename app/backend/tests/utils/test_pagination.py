import pytest

from app.utils.pagination import page_headers


@pytest.mark.parametrize(
    ("skip", "limit", "total", "offsets"),
    [
        (0, 10, 0, {"first": 0, "last": 0}),
        (0, 10, 10, {"first": 0, "last": 0}),
        (0, 10, 11, {"first": 0, "next": 10, "last": 10}),
        (10, 10, 11, {"first": 0, "prev": 0, "last": 10}),
        (5, 10, 30, {"first": 0, "prev": 0, "next": 15, "last": 20}),
        (1_000, 10, 25, {"first": 0, "prev": 20, "last": 20}),
    ],
)
def test_links_lead_to_the_pages_that_exist(
    skip: int, limit: int, total: int, offsets: dict[str, int]
) -> None:
    headers = page_headers("/todos", skip=skip, limit=limit, total=total, parameters={})

    assert headers == {
        "X-Total-Count": str(total),
        "Link": ", ".join(
            f'</todos?skip={offset}&limit={limit}>; rel="{relation}"'
            for relation, offset in offsets.items()
        ),
    }
