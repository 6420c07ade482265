"""The pages that show the API: Swagger UI and ReDoc, from files that are installed here.

Nothing comes from another host and no script is inline, so the pages live under a strict policy.
"""

import html
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse
from starlette.routing import Route

BUNDLED = Path(str(files("fastapi_standalone_docs"))) / "static"
OWN = Path(__file__).resolve().parents[1] / "static"

ASSETS = {
    "swagger-ui.css": BUNDLED / "swagger" / "swagger-ui.css",
    "swagger-ui-bundle.js": BUNDLED / "swagger" / "swagger-ui-bundle.js",
    "swagger-start.js": OWN / "swagger-start.js",
    "redoc.standalone.js": BUNDLED / "redoc" / "redoc.standalone.js",
    "favicon.png": BUNDLED / "fastapi" / "favicon.png",
}
# ReDoc asks for it below its own address.
REDOC_LOGO = BUNDLED / "redoc" / "logo-mini.svg"

# Both set styles from scripts; ReDoc searches in a worker that it makes from a blob.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

SWAGGER_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="{root}/docs/assets/favicon.png">
<link rel="stylesheet" href="{root}/docs/assets/swagger-ui.css">
</head>
<body>
<div id="swagger-ui" data-url="{root}{openapi}"></div>
<script src="{root}/docs/assets/swagger-ui-bundle.js"></script>
<script src="{root}/docs/assets/swagger-start.js"></script>
</body>
</html>
"""

REDOC_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="{root}/docs/assets/favicon.png">
<style>body {{ margin: 0; }}</style>
</head>
<body>
<redoc spec-url="{root}{openapi}"></redoc>
<script src="{root}/docs/assets/redoc.standalone.js"></script>
</body>
</html>
"""


def install_docs(app: FastAPI) -> None:
    """Serve the pages and their files."""

    async def show_swagger(request: Request) -> HTMLResponse:
        return _page(SWAGGER_PAGE, request, app)

    async def show_redoc(request: Request) -> HTMLResponse:
        return _page(REDOC_PAGE, request, app)

    app.router.routes += [
        Route("/docs", show_swagger),
        Route("/docs/assets/{name}", _send_asset),
        Route("/redoc", show_redoc),
        Route("/redoc/logo-mini.svg", _send_logo),
    ]


def _page(template: str, request: Request, app: FastAPI) -> HTMLResponse:
    content = template.format(
        title=html.escape(app.title),
        root=html.escape(request.scope.get("root_path", "").rstrip("/")),
        openapi=app.openapi_url,
    )
    return HTMLResponse(content, headers={"Content-Security-Policy": POLICY})


async def _send_asset(request: Request) -> FileResponse:
    path = ASSETS.get(request.path_params["name"])
    if path is None:
        raise HTTPException(404)
    return _file(path)


async def _send_logo(_request: Request) -> FileResponse:
    return _file(REDOC_LOGO)


def _file(path: Path) -> FileResponse:
    # For an hour without asking; the name does not change with the version.
    return FileResponse(path, headers={"Cache-Control": "public, max-age=3600"})
