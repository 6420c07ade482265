"""Typed errors, and the one place where they become HTTP (RFC 9457 problems)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from loguru import logger
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.core.context import current_request
from app.core.database import is_unavailable
from app.core.problem import FieldError, Problem

PROBLEM_MEDIA_TYPE = "application/problem+json"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
RETRY_AFTER_SECONDS = 2
# RFC 9110's names; the standard library has them from Python 3.13 on.
TITLES = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Content Too Large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Unprocessable Content",
}


class DomainError(Exception):
    """An expected failure; its message is shown to the client."""

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST
    # What the request wrote is rolled back unless the error says otherwise.
    keeps_changes: ClassVar[bool] = False

    @property
    def headers(self) -> dict[str, str]:
        """Headers that belong to the answer."""
        return {}

    @property
    def errors(self) -> list[FieldError] | None:
        """The fields that are to blame, if some are."""
        return None


class NotFoundError(DomainError):
    """The thing does not exist, or belongs to somebody else."""

    status = HTTPStatus.NOT_FOUND


class ConflictError(DomainError):
    """The request contradicts what is stored."""

    status = HTTPStatus.CONFLICT


class PreconditionFailedError(DomainError):
    """The thing is no longer what the client believes."""

    status = HTTPStatus.PRECONDITION_FAILED


class UnprocessableError(DomainError):
    """The request is well formed, but what it asks for contradicts itself."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class ForbiddenError(DomainError):
    """The request is understood and refused."""

    status = HTTPStatus.FORBIDDEN


class AuthenticationError(DomainError):
    """Nobody is signed in, or the credentials are not valid."""

    status = HTTPStatus.UNAUTHORIZED

    @property
    def headers(self) -> dict[str, str]:
        """RFC 9110 requires a challenge with every 401."""
        return {"WWW-Authenticate": "Bearer"}


class InvalidTokenError(AuthenticationError):
    """A token was presented that is not, or no longer, valid."""

    @property
    def headers(self) -> dict[str, str]:
        """RFC 6750 names the reason."""
        return {"WWW-Authenticate": 'Bearer error="invalid_token"'}


class TokenReuseError(InvalidTokenError):
    """A refresh token was used twice: the revocation of its family must outlive the failure."""

    keeps_changes = True


class TooManyStreamsError(DomainError):
    """One user has too many event streams open."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    @property
    def headers(self) -> dict[str, str]:
        """Say when to try again."""
        return {"Retry-After": "30"}


class UnavailableError(DomainError):
    """The process cannot take this on now; another one, or a later try, may."""

    status = HTTPStatus.SERVICE_UNAVAILABLE

    @property
    def headers(self) -> dict[str, str]:
        """Say when to try again."""
        return {"Retry-After": "1"}


class WrongCredentialsError(AuthenticationError):
    """The email or the password is wrong: that it was tried must outlive the failure."""

    keeps_changes = True


class WrongPasswordError(DomainError):
    """Somebody who is signed in gave a wrong password: a form can show it beside its field."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    keeps_changes = True

    def __init__(self, field: str) -> None:
        super().__init__(f"{field}: This is not your password")
        self._field = field

    @property
    def errors(self) -> list[FieldError]:
        """Name the field."""
        return [FieldError(field=self._field, detail="This is not your password")]


class TooManyAttemptsError(DomainError):
    """Too much was tried: what was counted up to here must outlive the failure."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    keeps_changes = True

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many attempts. Try again later.")
        self._retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        """Say when to try again."""
        return {"Retry-After": str(self._retry_after)}


class EmailTakenError(ConflictError):
    """The email address is registered: that somebody asked must outlive the failure."""

    keeps_changes = True


def install_error_handlers(app: FastAPI) -> None:
    """Answer every failure with a problem."""
    app.add_exception_handler(DomainError, _on_domain_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(DBAPIError, _on_database_error)
    app.add_exception_handler(PoolTimeoutError, _on_database_error)
    app.add_exception_handler(Exception, _on_unhandled)


def problem_response(
    request: Request,
    status: int,
    detail: str,
    *,
    errors: list[FieldError] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Build a problem; its type is `about:blank`, so the title is the status phrase."""
    problem = Problem(
        type="about:blank",
        title=title_of(status),
        status=status,
        detail=detail,
        instance=request.url.path,
        errors=errors,
    )
    return JSONResponse(
        jsonable_encoder(problem, exclude_none=True),
        status_code=status,
        headers=dict(headers or {}),
        media_type=PROBLEM_MEDIA_TYPE,
    )


def title_of(status: int) -> str:
    """Return the phrase of a status."""
    return TITLES.get(HTTPStatus(status), HTTPStatus(status).phrase)


async def _on_domain_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DomainError)
    return problem_response(
        request, error.status, str(error), errors=error.errors, headers=error.headers
    )


async def _on_http_exception(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_allowed_methods(request))
    return problem_response(request, error.status_code, error.detail, headers=headers)


async def _on_validation_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [_field_error(item) for item in error.errors()]
    detail = "; ".join(f"{item.field}: {item.detail}" for item in errors)
    return problem_response(request, HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=errors)


async def _on_database_error(request: Request, error: Exception) -> JSONResponse:
    if not is_unavailable(error):
        raise error
    cause = getattr(error, "orig", None) or error
    logger.warning("The database is not available: {}: {}", type(cause).__name__, cause)
    return problem_response(
        request,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The database is not available at the moment. Try again shortly.",
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )


async def _on_unhandled(request: Request, _error: Exception) -> JSONResponse:
    # The server logs the exception: Starlette raises it again after this answer, which leaves
    # outside of all middleware.
    served = current_request.get()
    return problem_response(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Something went wrong on our side.",
        headers={
            # The server closes the connection when the exception reaches it, without saying so.
            "Connection": "close",
            **({} if served is None else {"X-Request-ID": served.request_id}),
        },
    )


def _allowed_methods(request: Request) -> list[str]:
    """List what the path answers to; the router only knows the first route that it tried."""
    routes = request.app.router.routes
    return [
        method
        for method in METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes
        )
    ]


def _field_error(item: Mapping[str, Any]) -> FieldError:
    """Name the field as the client knows it, without echoing its value."""
    source, *path = item["loc"]
    if item["type"] == "json_invalid":  # the path is an offset, not a field
        return FieldError(field=str(source), detail="This is not valid JSON")
    field = ".".join(str(part) for part in path) or str(source)
    return FieldError(field=field, detail=item["msg"].removeprefix("Value error, "))
