"""The OpenAPI document, and what endpoints add to it."""

from app.utils.openapi.about import ABOUT
from app.utils.openapi.document import document, operation_id
from app.utils.openapi.headers import headers
from app.utils.openapi.problems import problems

__all__ = ["ABOUT", "document", "headers", "operation_id", "problems"]
