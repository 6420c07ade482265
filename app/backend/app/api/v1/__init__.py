"""Version 1 of the API."""

from fastapi import APIRouter

from app.api.v1.endpoints import auth, health, stream, todos
from app.utils.openapi import problems

router = APIRouter()
router.include_router(health.router)
router.include_router(auth.router, responses=problems(503))
router.include_router(todos.router)
router.include_router(stream.router)
