"""Posts for review: scored as all others, then taken into the store; the state of one, by the platform's own id.

In threads of their own: however slow the database is, scoring does not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

import anyio
import anyio.to_thread

from service.api.envelope import read_envelope
from service.api.items import Refusal
from service.api.postitems import PostItem, read_post_item
from service.api.problems import Kind, Problem, encode
from service.review.arrivals import Receipt, ScorerName
from service.review.desk import Review
from service.review.errors import UnknownPostError
from service.review.reading import Version, find_post, read_version
from service.review.records import read_decision
from service.review.words import State
from service.scoring import Answer, Scorer, heading, wire_form
from service.security.keystore import KeyStore, KnownKey
from service.store import tables
from service.store.engine import StoreAwayError

if TYPE_CHECKING:
    from classifier import Classifier
    from classifier.model import Score

T = TypeVar("T")
THREADS: Final = 16
PUBLIC: Final = (State.DECIDED, State.APPEALED)  # states in which the platform is told what was decided


class Posting:
    """What routes for posts delegate to.

    Parameters
    ----------
    scorer : Scorer
        What scores.
    review : Review or None
        Where posts are kept; without, nothing is.
    """

    def __init__(self, scorer: Scorer, review: Review | None) -> None:
        self._scorer = scorer
        self._review = review
        self._limiter = anyio.CapacityLimiter(THREADS)

    @property
    def review(self) -> Review:
        """Where posts are kept.

        Raises
        ------
        Problem
            503 when nothing is.
        """
        if self._review is None:
            detail = "this service keeps no posts; whoever runs it can set CLARION_DATABASE. Scoring needs none"
            raise Problem(Kind.NO_DATABASE, detail)
        return self._review

    async def run(self, job: Callable[..., T], *arguments: Any) -> T:
        """Run a job that needs the database.

        Raises
        ------
        Problem
            503 when the database cannot be used just now; nothing was done.
        """
        try:
            return await anyio.to_thread.run_sync(job, *arguments, limiter=self._limiter)
        except StoreAwayError:
            detail = "the database cannot be reached just now; nothing was kept. Send it again in a few seconds"
            raise Problem(Kind.NO_DATABASE, detail, headers={"Retry-After": "5"}) from None

    async def find_key(self, key: str) -> KnownKey | None:
        """A key of the database; None without one."""
        return None if self._review is None else await self.run(KeyStore(self._review.store).find, key)

    def take(self, body: bytes, request_id: str) -> Answer:
        """From the bytes of a request to the bytes of its answer; what the answer calls new is there to stay.

        Raises
        ------
        Problem
            If the envelope is wrong; a wrong item only gets its own error.
        StoreAwayError
            When nothing could be kept.
        """
        request = read_envelope(body, self._scorer.settings.max_items, storing=True)
        review, served = self.review, self._scorer.classifier
        profile = self._scorer.profile_of(served, request)
        results = self._scorer.results(served, request, profile, read_post_item)
        receipts = self._keep(review, served, profile, results) if request.store else {}
        wire = []
        for place, (item, result) in enumerate(results):
            one = wire_form(item, result)
            if isinstance(item, PostItem) and not isinstance(result, Refusal):
                receipt = receipts.get(place)
                one |= {"outcome": receipt.outcome if receipt else "not_stored", "state": receipt and receipt.state}
            wire.append(one)
        refused = sum(isinstance(result, Refusal) for _, result in results)
        return Answer(encode(heading(served, request_id, profile) | {"results": wire}), len(results), refused)

    def _keep(
        self, review: Review, served: Classifier, profile: str, results: list[tuple[Any, Score | Refusal]]
    ) -> dict[int, Receipt]:
        fit = [
            (place, item.arrival, result)
            for place, (item, result) in enumerate(results)
            if isinstance(item, PostItem) and item.arrival is not None and not isinstance(result, Refusal)
        ]
        taken = review.intake.take(
            [arrival for _, arrival, _ in fit], [score for _, _, score in fit], scorer_name(served, profile)
        )
        return {place: receipt for (place, _, _), receipt in zip(fit, taken, strict=True)}

    def state(self, platform: str, external_id: str, request_id: str) -> dict[str, Any]:
        """Where a post stands, and what was decided.

        Raises
        ------
        Problem
            404 when it was never kept.
        StoreAwayError
            When the database cannot be reached.
        """
        with self.review.store.read() as connection:
            try:
                post = find_post(connection, platform, external_id)
            except UnknownPostError as error:
                raise Problem(Kind.NOT_FOUND, str(error)) from None
            version = connection.execute(tables.versions.select().where(tables.versions.c.id == post.version_id)).one()
            read = read_version(connection, version)
            decided = self._decided(connection, post) if post.state in PUBLIC else None
        return {
            "request_id": request_id, "platform": platform, "id": external_id, "state": post.state,
            "received_at": post.received_at.isoformat(), "due_at": post.due_at and post.due_at.isoformat(),
            "detected_lang": post.lang, "version": read.number, **_scores(read), "decision": decided,
        }  # fmt: skip

    def _decided(self, connection: Any, post: Any) -> dict[str, Any] | None:
        said = read_decision(connection, post.decision_id)
        if said is None:
            return None
        row = connection.execute(tables.decisions.select().where(tables.decisions.c.id == post.decision_id)).one()
        parts = {
            label: {"outcome": one.outcome, "reason": one.reason, "route": one.route, "means": one.means}
            for label, one in said.verdicts.items()
        }
        return {
            "decided_at": row.decided_at.isoformat(), "stage": row.stage, "labels": parts,
            "person_at_risk": said.person_at_risk, "threat_to_life": said.threat_to_life,
        }  # fmt: skip


def _scores(version: Version) -> dict[str, Any]:
    names = ("probability", "threshold", "flagged")
    scorer = version.scorer
    return {
        "labels": {label: {name: score[name] for name in names} for label, score in version.scores.items()},
        "model": {"name": scorer["model"], "version": scorer["model_version"], "sha256": scorer["sha256"]},
        "cues_sha256": scorer["cues_sha256"],
        "policy_version": scorer["policy_version"],
    }


def scorer_name(served: Classifier, profile: str) -> ScorerName:
    """Who scores, as it is written beside every score."""
    return ScorerName(
        served.name, served.version, served.sha256, served.cues_sha256, served.policy_version, profile
    )  # fmt: skip
