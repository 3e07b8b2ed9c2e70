"""The fault port: how a teacher turns faults on and off.

::

    GET    /faults                        the release, and each fault's state
    PUT    /faults/outage?seconds=35      on, and off again after that time, or until DELETE without it
    PUT    /faults/slow?seconds=5         orders that arrive from now on take this long
    DELETE /faults/NAME, DELETE /faults   off
"""

from __future__ import annotations

import math
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .faults import FAULTS, SLOW, Faults
from .json_errors import RefusedError, application

LASTS_MOST = 600.0
"""The longest time limit of a fault, in seconds."""

DELAY, DELAY_MOST = 5.0, 60.0
"""How long a slow order takes by default and at most, in seconds."""


def fault_api(faults: Faults, release: str) -> Starlette:
    """The application on the fault port."""

    def answer() -> Response:
        return JSONResponse({"release": release, "faults": faults.state()})

    async def state(_: Request) -> Response:
        return answer()

    async def begin(request: Request) -> Response:
        name = _name(request)
        if name == SLOW:
            faults.begin(name, delay=_seconds(request, DELAY_MOST) or DELAY)
        else:
            faults.begin(name, lasts=_seconds(request, LASTS_MOST))
        return answer()

    async def end(request: Request) -> Response:
        faults.end(_name(request))
        return answer()

    async def end_all(_: Request) -> Response:
        for name in FAULTS:
            faults.end(name)
        return answer()

    routes = [
        Route("/faults", state, methods=["GET"]),
        Route("/faults", end_all, methods=["DELETE"]),
        Route("/faults/{name}", begin, methods=["PUT"]),
        Route("/faults/{name}", end, methods=["DELETE"]),
    ]
    return application(routes)


def _name(request: Request) -> str:
    name: str = request.path_params["name"]
    if name not in FAULTS:
        raise RefusedError(HTTPStatus.NOT_FOUND, f"There is no fault “{name}”. There are: {', '.join(FAULTS)}.")
    return name


def _seconds(request: Request, most: float) -> float | None:
    unknown = set(request.query_params) - {"seconds"}
    if unknown:
        raise RefusedError(HTTPStatus.BAD_REQUEST, f"There is no argument “{min(unknown)}”; there is: seconds.")
    said = request.query_params.get("seconds")
    if said is None:
        return None
    try:
        seconds = float(said)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= most:
        raise RefusedError(HTTPStatus.BAD_REQUEST, f"seconds is “{said}”; expected a number above 0, at most {most:g}.")
    return seconds
