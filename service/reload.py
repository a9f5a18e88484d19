"""Notice that cue files have changed, and serve the new ones without a restart.

What is served is always one whole set: the bytes that were read are the bytes that are parsed and digested, they must
have stayed the same from one look to the next, and they must still stand there when they are parsed.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread

from classifier.errors import ClarionError, CueError
from service.log import frames
from service.metrics import Metrics
from service.scoring import WARM_UP_POST, Scorer

if TYPE_CHECKING:
    from classifier import Classifier

Seen = Mapping[str, bytes] | str  # the files by name, or why there are none to be read


class CueWatch:
    """Looks at a directory of cue files from time to time.

    Parameters
    ----------
    scorer : Scorer
        What serves; it keeps its cues until there are new ones without a fault.
    directory : Path
        Where the files are.
    seconds : float
        Time between two looks; 0 to look only when asked.
    metrics : Metrics
        Where to count.
    log : object
        A structlog logger.
    """

    def __init__(self, scorer: Scorer, directory: Path, seconds: float, metrics: Metrics, log: Any) -> None:
        self._scorer = scorer
        self._directory = directory
        self._seconds = seconds or None
        self._metrics = metrics
        self._log = log
        self._asked = anyio.Event()
        self._judged: Seen = scorer.classifier.cues.files
        self._last: Seen = self._judged

    async def run(self) -> None:
        """Look until cancelled; all of it beside the event loop."""
        with on_hangup(self.ask):
            while True:
                with anyio.move_on_after(self._seconds):
                    await self._asked.wait()
                asked = self._asked.is_set()
                self._asked = anyio.Event()
                await anyio.to_thread.run_sync(self.look_safely, asked)

    def ask(self) -> None:
        """Have the files looked at now, and trust that they are complete."""
        self._asked.set()

    def look_safely(self, at_once: bool) -> None:
        """Look, and go on serving whatever happens."""
        try:
            self.look(at_once=at_once)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not end the service, which can score without
            self._log.critical("failure", error=type(error).__name__, frames=frames(error.__traceback__))

    def look(self, *, at_once: bool = False) -> None:
        """Read the files and, when they are others than before, judge them.

        Parameters
        ----------
        at_once : bool
            Whether to trust that they are complete, instead of waiting until two looks see the same.
        """
        seen = self._read()
        quiet = at_once or seen == self._last
        self._last = seen
        if quiet and seen != self._judged:
            self._judge(seen)

    def _read(self) -> Seen:
        from classifier.cues import cue_files

        try:
            return cue_files(self._directory)
        except CueError as fault:
            return str(fault)

    def _judge(self, seen: Seen) -> None:
        before, self._judged = self._judged, seen
        try:
            classifier = self._build(seen)
        except ClarionError as fault:
            self._keep(str(fault))
        else:
            if self._read() != seen:
                self._judged = before  # somebody is still writing: the next look sees more
                return
            self._scorer.serve(classifier)
            self._log.info("cues", outcome="ok", cues_sha256=classifier.cues_sha256)
            self._metrics.reloaded("ok")

    def _build(self, seen: Seen) -> Classifier:
        from classifier.bundle import known_cues
        from classifier.cues import parse_cues

        if isinstance(seen, str):
            raise CueError(seen)
        served = self._scorer.classifier
        cues = known_cues(parse_cues(seen, str(self._directory)), served.bundle, self._directory)
        classifier = replace(served, cues=cues)
        classifier.score([WARM_UP_POST], explain=True, profile=self._scorer.settings.profile)
        return classifier

    def _keep(self, fault: str) -> None:
        if fault != self._scorer.serving.fault:
            self._log.warning("cues", outcome="faulty", fault=fault)
        self._scorer.note_fault(fault)
        self._metrics.reloaded("faulty")


@contextmanager
def on_hangup(call: Callable[[], object]) -> Iterator[None]:
    """Call when the process gets SIGHUP, where there is such a signal and this is the thread that may listen for it."""
    if not hasattr(signal, "SIGHUP") or threading.current_thread() is not threading.main_thread():
        yield
        return
    import asyncio

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, call)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)
