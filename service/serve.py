"""Run the app in this process: take the port first, then load, then say where to go."""

from __future__ import annotations

import socket
import sys
from contextlib import suppress

import uvicorn
from fastapi import FastAPI

from service.app import create_app
from service.log import server_log_config
from service.security.accounts import Accounts
from service.settings import Settings, SettingsError
from service.store.engine import StoreAwayError

BACKLOG = 2048


class Server(uvicorn.Server):
    """A server that says where to go once it answers."""

    def __init__(self, config: uvicorn.Config, greeting: str) -> None:
        super().__init__(config)
        self._greeting = greeting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start answering, then greet."""
        await super().startup(sockets=sockets)
        if self.started:
            sys.stderr.write(self._greeting)
            sys.stderr.flush()


def take_port(host: str, port: int) -> socket.socket:
    """Bind to an address, before anything slow is done.

    Raises
    ------
    SettingsError
        If the address is taken, not ours or not allowed.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        taken = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SettingsError(
            f"cannot listen on {host} port {port}: {reason}; stop what runs there or choose another with --port"
        ) from None
    # Answers are small and wait for nothing: held back for company (Nagle), each would take 40 ms longer.
    taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return taken


def url_of(taken: socket.socket) -> str:
    """Address to type into a browser."""
    host, port = taken.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def greeting(url: str, settings: Settings, invitation: str | None = None) -> str:
    """Say where to go and who may ask; with an invitation, also where the first account is made."""
    who = "trial mode: this machine only, no key needed" if settings.trial else "a key is needed"
    places = {"page": "/", "API": "/docs"}
    if settings.database is not None:
        places["review"] = "/review"
    if invitation is not None:
        places["first account (works once)"] = f"/welcome/{invitation}"
    shown = "".join(f"  {name:<6} {url}{place}\n" for name, place in places.items())
    return f"Clarion answers at {url} ({who})\n{shown}  stop   Ctrl+C\n"


def invite(app: FastAPI) -> str | None:
    """A token for the first account; None where there is one, or nothing is kept, or the database is away."""
    try:
        return None if app.state.review is None else Accounts(app.state.review.store).invitation()
    except StoreAwayError:
        return None


def serve(settings: Settings) -> None:
    """Serve until interrupted.

    Raises
    ------
    ClarionError
        If the address, the bundle or the cues cannot be used.
    """
    with take_port(settings.host, settings.port) as taken:
        app = create_app(settings)
        server = Server(_config(app, settings), greeting(url_of(taken), settings, invite(app)))
        # uvicorn ends what is under way and then signals once more; being told to stop is how serving ends well
        with suppress(KeyboardInterrupt):
            server.run(sockets=[taken])


def _config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=server_log_config(settings.log_level),
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=10,
    )
