"""The signed-in user's todos."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response, status
from pydantic import StringConstraints

from app.api.deps import CurrentIdentity, SessionDep
from app.models import Todo
from app.schemas.todo import MAX_ID, TodoCreate, TodoQuery, TodoResponse, TodoUpdate
from app.services import todo as service
from app.services.todo_list import list_todos as list_page
from app.utils.etags import Versions, format_etag
from app.utils.openapi import headers, problems
from app.utils.pagination import cursor_headers, page_headers

router = APIRouter(prefix="/todos", tags=["todos"], responses=problems(401, 422, 503))

TodoId = Annotated[int, Path(ge=1, le=MAX_ID, description="The number of the todo", examples=[1])]
ID_DETAILS = {422: "todo_id: Input should be greater than or equal to 1"}
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The `ETag` of the todo as it was read: the change is refused (412) if the todo"
        " has changed since. Without it, or with `*`, the last change wins.",
        examples=['"1"'],
    ),
]
IfNoneMatch = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        description="An `ETag` that is known: 304 if it is still the todo's",
        examples=['"1"'],
    ),
]
IdempotencyKey = Annotated[
    Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[ -~]+$")] | None,
    Header(
        alias="Idempotency-Key",
        description="A name for this request, unique among the user's, such as a UUID. Sent again"
        " within 24 hours, the same body gets the first answer again instead of a second todo, and"
        " another body is refused (422). The value is compared as it is sent.",
        examples=["8e03978e-40d5-43e8-bc93-6894a57f9324"],
    ),
]


@router.get(
    "",
    response_model=list[TodoResponse],
    response_description="One page",
    responses=problems(422, details={422: "limit: Input should be less than or equal to 100"})
    | headers(200, "X-Total-Count", "X-Next-Cursor", "Link"),
)
async def list_todos(
    query: Annotated[TodoQuery, Query()],
    request: Request,
    identity: CurrentIdentity,
    session: SessionDep,
) -> Response:
    """Return one page, newest first unless `sort` says otherwise.

    Pages are reached in two ways. By `skip`: `X-Total-Count` and `Link` tell about all the others.
    By `cursor`, which every page but the last names in `X-Next-Cursor`: a page costs the same
    wherever it is, and todos that come or go between two requests make it neither repeat nor miss
    others. The total is then absent, because counting would cost more than the page.
    """
    page = await list_page(session, identity.user_id, query)
    path, limit, parameters = request.url.path, query.limit, query.link_parameters
    paging: dict[str, str] = {}
    if page.total is not None:
        paging |= page_headers(
            path, skip=query.skip, limit=limit, total=page.total, parameters=parameters
        )
    elif page.next_cursor is not None:
        paging |= cursor_headers(path, cursor=page.next_cursor, limit=limit, parameters=parameters)
    if page.next_cursor is not None:
        paging["X-Next-Cursor"] = page.next_cursor
    return Response(page.to_json(), headers=paging, media_type="application/json")


@router.post(
    "",
    response_model=TodoResponse,
    status_code=status.HTTP_201_CREATED,
    response_description="The new todo",
    responses=problems(400, 403) | headers(201, "Location", "ETag", "Idempotency-Replayed"),
)
async def create_todo(
    body: TodoCreate,
    request: Request,
    response: Response,
    identity: CurrentIdentity,
    session: SessionDep,
    idempotency_key: IdempotencyKey = None,
) -> Any:
    """Create a todo; with an `Idempotency-Key`, only once however often it is sent."""
    if idempotency_key is None:
        todo = await service.create_todo(session, identity.user_id, body)
        response.headers.update(_creation_headers(request, todo.id, todo.version))
        return todo
    answer, replayed = await service.create_todo_once(
        session, identity.user_id, body, idempotency_key
    )
    # As it was stored: the todo may have changed since, and the schema with a new release.
    created = json.loads(answer)
    return Response(
        answer,
        status.HTTP_201_CREATED,
        _creation_headers(request, created["id"], created["version"])
        | ({"Idempotency-Replayed": "true"} if replayed else {}),
        "application/json",
    )


@router.get(
    "/{todo_id}",
    response_model=TodoResponse,
    response_description="The todo",
    responses=problems(404, 422, details=ID_DETAILS)
    | headers(200, "ETag")
    | {304: {"description": "The todo is still at the version of `If-None-Match`"}},
)
async def get_todo(
    todo_id: TodoId,
    response: Response,
    identity: CurrentIdentity,
    session: SessionDep,
    if_none_match: IfNoneMatch = None,
) -> Any:
    """Return one todo."""
    todo = await service.get_todo(session, identity.user_id, todo_id)
    response.headers["ETag"] = format_etag(todo.version)
    if if_none_match is not None and todo.version in Versions.parse_weak(if_none_match):
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=response.headers)
    return todo


@router.patch(
    "/{todo_id}",
    response_model=TodoResponse,
    response_description="The todo as it is now",
    responses=problems(400, 403, 404, 412) | headers(200, "ETag"),
)
async def update_todo(
    todo_id: TodoId,
    body: TodoUpdate,
    response: Response,
    identity: CurrentIdentity,
    session: SessionDep,
    if_match: IfMatch = None,
) -> Todo:
    """Change the fields that are present."""
    expected = _expected_versions(if_match)
    todo = await service.update_todo(session, identity.user_id, todo_id, body, expected)
    response.headers["ETag"] = format_etag(todo.version)
    return todo


@router.delete(
    "/{todo_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    response_description="The todo is gone",
    responses=problems(403, 404, 412, 422, details=ID_DETAILS),
)
async def delete_todo(
    todo_id: TodoId, identity: CurrentIdentity, session: SessionDep, if_match: IfMatch = None
) -> None:
    """Delete a todo."""
    await service.delete_todo(session, identity.user_id, todo_id, _expected_versions(if_match))


def _expected_versions(if_match: str | None) -> Versions | None:
    if if_match is None:
        return None
    versions = Versions.parse_strong(if_match)
    # `*` asks that the todo exists, which every change needs.
    return None if versions.numbers is None else versions


def _creation_headers(request: Request, todo_id: int, version: int) -> dict[str, str]:
    return {"Location": f"{request.url.path}/{todo_id}", "ETag": format_etag(version)}
