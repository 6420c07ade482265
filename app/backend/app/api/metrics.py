"""Where Prometheus scrapes: outside of the API, whose proxy therefore does not forward it."""

from fastapi import FastAPI, Request, Response
from starlette.routing import Route

METRICS_PATH = "/metrics"


def install_metrics(app: FastAPI) -> None:
    """Serve the metrics."""
    app.router.routes.append(Route(METRICS_PATH, _show_metrics))


async def _show_metrics(request: Request) -> Response:
    content, media_type = request.app.state.metrics.render(request.headers.get("accept", ""))
    return Response(content, media_type=media_type)
