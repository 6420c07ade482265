"""The signed-in user's todos."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response, status

from app.api.deps import CurrentUser, SessionDep
from app.models import Todo
from app.schemas.todo import TodoCreate, TodoResponse, TodoUpdate
from app.services import todo as service
from app.utils.openapi import problems
from app.utils.pagination import MAX_INTEGER, page_headers

router = APIRouter(prefix="/todos", tags=["todos"], responses=problems(401, 403, 422))

TodoId = Annotated[int, Path(ge=1, le=MAX_INTEGER)]


@router.get("", response_model=list[TodoResponse])
async def list_todos(
    request: Request,
    response: Response,
    session: SessionDep,
    user: CurrentUser,
    skip: Annotated[int, Query(ge=0, le=MAX_INTEGER)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 100,
) -> Any:
    """Return one page, newest first; `X-Total-Count` and `Link` tell about the others."""
    rows, total = await service.list_todos(session, user.id, skip=skip, limit=limit)
    response.headers.update(page_headers(request.url.path, skip=skip, limit=limit, total=total))
    return rows


@router.post(
    "",
    response_model=TodoResponse,
    status_code=status.HTTP_201_CREATED,
    responses=problems(400),
)
async def create_todo(
    body: TodoCreate, request: Request, response: Response, session: SessionDep, user: CurrentUser
) -> Todo:
    """Create a todo."""
    todo = await service.create_todo(session, user.id, body)
    response.headers["Location"] = f"{request.url.path}/{todo.id}"
    return todo


@router.get("/{todo_id}", response_model=TodoResponse, responses=problems(404))
async def get_todo(todo_id: TodoId, session: SessionDep, user: CurrentUser) -> Todo:
    """Return one todo."""
    return await service.get_todo(session, user.id, todo_id)


@router.patch("/{todo_id}", response_model=TodoResponse, responses=problems(400, 404))
async def update_todo(
    todo_id: TodoId, body: TodoUpdate, session: SessionDep, user: CurrentUser
) -> Todo:
    """Change the fields that are present."""
    return await service.update_todo(session, user.id, todo_id, body)


@router.delete("/{todo_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(404))
async def delete_todo(todo_id: TodoId, session: SessionDep, user: CurrentUser) -> None:
    """Delete a todo."""
    await service.delete_todo(session, user.id, todo_id)
