"""The tables. Importing this package registers all of them."""

from app.models.refresh_token import RefreshToken
from app.models.todo import Todo
from app.models.user import User

__all__ = ["RefreshToken", "Todo", "User"]
