"""What every floor's commands share: exit codes, messages without tracebacks, progress."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NoReturn

from classifier.errors import ClarionError, MissingExtraError

if TYPE_CHECKING:
    import typer

DONE, FAILED, WRONG, OUR_FAULT, INTERRUPTED = 0, 1, 2, 3, 130
DEBUG: Final = "CLARION_DEBUG"


def complain(message: str) -> None:
    """One message on standard error."""
    print(message, file=sys.stderr)


def stop(_number: int, _frame: Any) -> NoReturn:
    """End as on Ctrl-C when the system asks to end, so that half-written files are cleared away."""
    raise KeyboardInterrupt


def drop_output() -> None:
    """Keep the interpreter from failing at its end on output that nobody takes."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def put_off_interruptions() -> Iterator[None]:
    """Let what loads compiled code finish: an interruption inside it is swallowed there, or ends in a crash."""
    caught: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _: caught.append(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if caught:
        raise KeyboardInterrupt


def run(app: typer.Typer) -> NoReturn:
    """Run a command line and exit with the house's codes.

    Parameters
    ----------
    app : typer.Typer
        The commands.

    Notes
    -----
    0 done, 1 a check failed, 2 input or call wrong, 3 our own fault, 130 interrupted.
    """
    signal.signal(signal.SIGTERM, stop)
    try:
        app(standalone_mode=True)
    except ClarionError as fault:
        complain(f"clarion: {fault}")
        drop_output()
        sys.exit(fault.exit_code)
    except SystemExit as end:
        # typer makes an exit of these two, without a word
        if isinstance(end.__context__, BrokenPipeError):
            drop_output()
            sys.exit(DONE)
        if end.code == INTERRUPTED:
            complain("clarion: interrupted; nothing half-written was left")
        raise
    except Exception as fault:
        if os.environ.get(DEBUG) == "1":
            raise
        complain(f"clarion: our own fault: {type(fault).__name__}: set {DEBUG}=1 for the details and report them")
        sys.exit(OUR_FAULT)
    sys.exit(DONE)


def progress(steps: Iterable[tuple[int, int]], what: str) -> Iterator[tuple[int, int]]:
    """Show how far a run of (done, total) steps has come; silent unless standard error is a terminal."""
    if not sys.stderr.isatty():
        yield from steps
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        for done, total in steps:
            bar.update(task, completed=done, total=total or None)
            yield done, total


@contextmanager
def needs(extra: str) -> Iterator[None]:
    """Answer an import that fails with the command that installs the extra."""
    try:
        yield
    except ModuleNotFoundError as fault:
        module = (fault.name or "").partition(".")[0]
        if module in ("classifier", "training", "service"):
            raise
        raise MissingExtraError(module, extra) from fault
