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

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="{assets}/favicon.png">
{style}
</head>
<body>
{viewer}
</body>
</html>
"""

SWAGGER = {
    "style": '<link rel="stylesheet" href="{assets}/swagger-ui.css">',
    "viewer": """\
<div id="swagger-ui" data-url="{document}"></div>
<script src="{assets}/swagger-ui-bundle.js"></script>
<script src="{assets}/swagger-start.js"></script>""",
}
REDOC = {
    "style": "<style>body {{ margin: 0; }}</style>",
    "viewer": """\
<redoc spec-url="{document}"></redoc>
<script src="{assets}/redoc.standalone.js"></script>""",
}


def install_docs(app: FastAPI) -> None:
    """Serve the pages and their files."""

    async def show_swagger(request: Request) -> HTMLResponse:
        return _page(SWAGGER, request, app)

    async def show_redoc(request: Request) -> HTMLResponse:
        return _page(REDOC, request, app)

    app.router.routes += [
        Route("/docs", show_swagger),
        Route("/docs/assets/{name}", _send_asset),
        Route("/redoc", show_redoc),
        Route("/redoc/logo-mini.svg", _send_logo),
    ]


def _page(viewer: dict[str, str], request: Request, app: FastAPI) -> HTMLResponse:
    root = html.escape(request.scope.get("root_path", "").rstrip("/"))
    addresses = {"assets": f"{root}/docs/assets", "document": f"{root}{app.openapi_url}"}
    parts = {name: part.format(**addresses) for name, part in viewer.items()}
    content = PAGE.format(title=html.escape(app.title), **addresses, **parts)
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
