"""Version 1 of the API."""

from fastapi import APIRouter

from app.api.v1.endpoints import auth, health, stream, todos

router = APIRouter()
router.include_router(health.router)
router.include_router(auth.router)
router.include_router(todos.router)
router.include_router(stream.router)
