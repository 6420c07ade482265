"""The tables. Importing this package registers all of them."""

from app.models.event import Event
from app.models.idempotency_key import IdempotencyKey
from app.models.login_attempt import LoginAttempt
from app.models.refresh_token import RefreshToken
from app.models.todo import Todo
from app.models.user import User

__all__ = ["Event", "IdempotencyKey", "LoginAttempt", "RefreshToken", "Todo", "User"]
