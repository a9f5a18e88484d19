"""The service as it is, on a port of its own, with one more route for the bench to compare with.

Serves until its standard input ends, so that it never outlives who started it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Thread

from starlette.requests import Request
from starlette.responses import Response

from service.api.body import FORM, JSON, read_body, require_type
from service.api.envelope import read_envelope
from service.api.items import read_item
from service.api.routes import scorer_of
from service.app import create_app
from service.security.keys import NEEDS_KEY
from service.serve import Server, _config, take_port, url_of
from service.settings import read_settings
from tests.bench.machine import pin

ANSWER = b'{"results": []}'


async def validate(request: Request) -> Response:
    """Do what the scoring route does to a body until there are posts to score, and answer a constant.

    Not in a worker thread: what only validates has no need of one, and the comparison is the stricter for it.
    """
    require_type(request, JSON, FORM)
    scorer = scorer_of(request)
    scorer.require_ready()
    settings = scorer.settings
    body = read_envelope(await read_body(request, settings.max_body_bytes), settings.max_items)
    for place, item in enumerate(body.items):
        read_item(place, item, settings.max_characters)
    return Response(ANSWER, media_type=JSON)


def main() -> None:
    """Serve the bundle that the argument names; the first line on standard output says where."""
    pin([-1])
    settings = read_settings(bundle=Path(sys.argv[1]), port=0)
    with take_port(settings.host, settings.port) as taken:
        app = create_app(settings)
        app.add_api_route("/bench/validate", validate, methods=["POST"], dependencies=[NEEDS_KEY])
        server = Server(_config(app, settings), "")
        Thread(target=_stop_when_told, args=[server], daemon=True).start()
        # Whoever connects before the warm-up is over waits in the backlog.
        print(url_of(taken), flush=True)
        server.run(sockets=[taken])


def _stop_when_told(server: Server) -> None:
    sys.stdin.read()
    server.should_exit = True


if __name__ == "__main__":
    main()
