"""Applications that refuse every request with JSON of one field, ``error``."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ExceptionHandler


class RefusedError(HTTPException):
    """The request is invalid; ``detail`` tells the client why."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(status, why)


def _refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):  # for the type checker; Starlette passes no other here
        raise error
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)


def _failed(_: Request, __: Exception) -> Response:
    return JSONResponse({"error": "Internal server error."}, HTTPStatus.INTERNAL_SERVER_ERROR)


def application(routes: Sequence[Route]) -> Starlette:
    """Return an application with these routes; every other path, even one with an extra slash, answers 404."""
    handlers: dict[type[Exception] | int, ExceptionHandler] = {HTTPException: _refused, Exception: _failed}
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.router.redirect_slashes = False
    return app
