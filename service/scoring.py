"""The data plane: requests in, answers out; every route that scores goes through here.

All but the smallest requests run in worker threads, a fixed number at a time, so that the event loop stays free.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
import anyio.to_thread

from classifier.errors import UnfitTextError
from service.api.envelope import FULL, Explain, ScoreRequest, read_envelope
from service.api.items import Item, Refusal, read_item
from service.api.problems import Kind, Problem, encode, pointer_to
from service.metrics import Metrics
from service.settings import Settings, SettingsError

if TYPE_CHECKING:
    from classifier import Classifier
    from classifier.model import Score

T = TypeVar("T")
ReadOne = Callable[[int, object, int], Item | Refusal]
SMALL_BODY = 2048  # bytes that are scored within a millisecond, full evidence within some
WARM_UP_POST = "Вступай в отряд, пиши в личку. Reports say nobody joined."


@dataclass(frozen=True)
class Answer:
    """An encoded answer with what the log may say of it."""

    body: bytes
    items: int
    item_errors: int


@dataclass(frozen=True)
class Serving:
    """What scores now, swapped as a whole; a request that is under way keeps the one it began with.

    Parameters
    ----------
    classifier : Classifier
        The bundle with the cues that are in force.
    loaded_at : datetime
        When they came into force.
    fault : str or None
        Why newer cue files are not served.
    """

    classifier: Classifier
    loaded_at: datetime
    fault: str | None = None


class Scorer:
    """Scores posts with one classifier, within the limits of the settings.

    Parameters
    ----------
    classifier : Classifier
        The loaded bundle.
    settings : Settings
        Default profile, limits and number of threads.
    metrics : Metrics
        Where to count.
    """

    def __init__(self, classifier: Classifier, settings: Settings, metrics: Metrics) -> None:
        self.serve(classifier)
        self.settings = settings
        self.ready = False
        self._metrics = metrics
        self._limiter = anyio.CapacityLimiter(settings.threads)
        if settings.profile not in classifier.manifest.profiles:
            known = ", ".join(classifier.manifest.profiles)
            raise SettingsError(f"setting CLARION_PROFILE: the bundle has no such profile; it has {known}")
        metrics.model(name=classifier.name, version=classifier.version, sha256=classifier.sha256)

    @property
    def classifier(self) -> Classifier:
        """What scores now; ask once for everything that belongs together."""
        return self.serving.classifier

    def serve(self, classifier: Classifier) -> None:
        """Score with this one from now on."""
        self.serving = Serving(classifier, datetime.now(UTC))

    def note_fault(self, fault: str) -> None:
        """Keep what scores, and say why newer cues do not."""
        self.serving = replace(self.serving, fault=fault)

    async def run(self, job: Callable[..., T], *arguments: Any) -> T:
        """Run a job in one of the scoring threads."""
        return await anyio.to_thread.run_sync(job, *arguments, limiter=self._limiter)

    async def answer_soon(self, body: bytes, request_id: str) -> Answer:
        """`answer`, at once for a small request: to hand it to a thread would take longer than to score it."""
        if len(body) <= SMALL_BODY:
            return self.answer(body, request_id)
        return await self.run(self.answer, body, request_id)

    async def warm_up(self) -> None:
        """Score once, which compiles the hot loop, and only then be ready."""
        await self.run(lambda: self.classifier.score([WARM_UP_POST], explain=FULL, profile=self.settings.profile))
        self.ready = True

    def require_ready(self) -> None:
        """Refuse with 503 until the warm-up is over."""
        if not self.ready:
            raise Problem(Kind.NOT_READY, "ask again in a few seconds", headers={"Retry-After": "5"})

    def answer(self, body: bytes, request_id: str) -> Answer:
        """From the bytes of a request to the bytes of its answer.

        Parameters
        ----------
        body : bytes
            The request as JSON.
        request_id : str
            Repeated in the answer.

        Raises
        ------
        Problem
            If the envelope is wrong; a wrong item only gets its own error.
        """
        request = read_envelope(body, self.settings.max_items)
        served = self.classifier
        profile = self.profile_of(served, request)
        results = self.results(served, request, profile)
        wire = [wire_form(item, result) for item, result in results]
        envelope = heading(served, request_id, profile) | {"results": wire}
        refused = sum(isinstance(result, Refusal) for _, result in results)
        return Answer(encode(envelope), len(results), refused)

    def card(self, request_id: str) -> dict[str, Any]:
        """Describe the bundle and how good it was measured to be."""
        serving = self.serving
        served = serving.classifier
        return envelope_of(served, request_id) | {
            "cues": {
                "sha256": served.cues_sha256,
                "loaded_at": serving.loaded_at.isoformat(timespec="seconds"),
                "fault": serving.fault,
            },
            "labels": list(served.labels),
            "exclusive": served.exclusive,
            "default_profile": self.settings.profile,
            "profiles": {name: dict(labels) for name, labels in served.manifest.profiles.items()},
            "calibration": dict(served.manifest.calibration),
            "metrics": dict(served.manifest.metrics),
        }

    def score_one(self, served: Classifier, text: str, profile: str) -> Score | Refusal:
        """Score and fully explain a single post."""
        result = self.explain(served, text, profile)
        self._count(result)
        return result

    def explain(self, served: Classifier, text: str, profile: str) -> Score | Refusal:
        """Fully explain a post that was counted when it came in."""
        (result,) = self._score(served, [Item("", text)], [0], explain=FULL, profile=profile)
        return result

    def profile_of(self, served: Classifier, request: ScoreRequest) -> str:
        """Profile that a request asks for.

        Raises
        ------
        Problem
            422 when the bundle has no such profile.
        """
        profile = request.profile or self.settings.profile
        if profile not in served.manifest.profiles or request.profile == "":
            known = ", ".join(served.manifest.profiles)
            raise Problem(Kind.INVALID, f"unknown profile; known are {known}", pointer_to("profile"))
        return profile

    def results(
        self, served: Classifier, request: ScoreRequest, profile: str, read_one: ReadOne = read_item
    ) -> list[tuple[Item | None, Score | Refusal]]:
        """Score the items of a request, each as `read_one` reads it; a wrong one gets its refusal."""
        limit = self.settings.max_characters
        read = [read_one(at, raw, limit) for at, raw in enumerate(request.items)]
        items = {at: item for at, item in enumerate(read) if isinstance(item, Item)}
        scores = iter(self._score(served, list(items.values()), list(items), explain=request.explain, profile=profile))
        results: list[tuple[Item | None, Score | Refusal]] = [
            (item, next(scores)) if isinstance(item, Item) else (None, item) for item in read
        ]
        for _, result in results:
            self._count(result)
        return results

    def _score(
        self, served: Classifier, items: list[Item], positions: list[int], *, explain: Explain, profile: str
    ) -> list[Score | Refusal]:
        scores = served.score_each(
            [item.text for item in items],
            explain=explain,
            profile=profile,
            max_characters=self.settings.max_characters,
        )
        return [
            Refusal(item.id, "unfit_text", score.reason, pointer_to("items", at, "text"))
            if isinstance(score, UnfitTextError)
            else score
            for item, at, score in zip(items, positions, scores, strict=True)
        ]

    def _count(self, result: Score | Refusal) -> None:
        if isinstance(result, Refusal):
            self._metrics.refused(result.code)
        else:
            self._metrics.scored(result.labels)


def heading(served: Classifier, request_id: str, profile: str) -> dict[str, Any]:
    """What an answer with scores begins with: who scored, and by which thresholds."""
    return envelope_of(served, request_id) | {"profile": {"name": profile, "thresholds": served.thresholds(profile)}}


def envelope_of(served: Classifier, request_id: str) -> dict[str, Any]:
    """Who scored."""
    return {
        "request_id": request_id,
        "model": {"name": served.name, "version": served.version, "sha256": served.sha256},
        "cues_sha256": served.cues_sha256,
        "policy_version": served.policy_version,
    }


def wire_form(item: Item | None, result: Score | Refusal) -> dict[str, Any]:
    """One result as it is sent."""
    if isinstance(result, Refusal) or item is None:
        return result.to_dict()
    return item.echo() | result.to_dict()
