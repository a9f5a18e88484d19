"""From the form under a post to a decision, and to where its reader goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict
from starlette.responses import Response

from service.console.card import Card, band_steps, differences, flagged_labels, open_card
from service.console.filters import address, read_filters
from service.console.guide import clause
from service.console.language import Words
from service.console.listing import band_names, next_place
from service.console.telling import told
from service.console.view import label_title
from service.console.visit import Fields, Route, Visit
from service.review.errors import EditedError, ReviewError, TakenError, VerdictError
from service.review.queue import Filters
from service.review.reading import read_version, write_note
from service.review.verdicts import Decision, Verdict
from service.review.words import RECRUITMENT, ROUTES, SEPARATISM, Outcome, Role
from service.store.tables import decisions, versions

NOTE_AT_MOST: Final = 5000
SAID_OF_REASONS: Final = {Outcome.CONFIRM: "confirm", Outcome.NOT_AN_APPEAL: "refuse"}


def read_form(form: Fields, labels: Sequence[str], flagged: Sequence[str], words: Words) -> Decision:
    """A decision as it was ticked.

    Raises
    ------
    VerdictError
        When a flagged label was not judged.
    """
    threat = form.get("threat_to_life") == "on"
    given = {label: form.get(f"outcome.{label}", "") for label in labels}
    if form.get("do") == "skip":
        given = dict.fromkeys(flagged, Outcome.SKIP)
    elif threat:  # goes to a lead, whatever else was ticked
        given = {label: outcome or Outcome.ESCALATE for label, outcome in given.items() if outcome or label in flagged}
    missing = [label_title(label, words) for label in flagged if given[label] not in set(Outcome)]
    if missing:
        raise VerdictError(words.say("Say first what you think of: %(labels)s.", labels=", ".join(missing)))
    said = {
        label: _verdict(form, label, Outcome(outcome)) for label, outcome in given.items() if outcome in set(Outcome)
    }
    return Decision(said, read_note(form, words), form.get("person_at_risk") == "on", threat)


def read_note(form: Fields, words: Words) -> str:
    """The note of a form; raises VerdictError where it is longer than one may be."""
    note = form.get("note", "").strip()
    if len(note) > NOTE_AT_MOST:
        most = words.number(NOTE_AT_MOST)
        raise VerdictError(words.say("A note has at most %(most)s characters. Leave this one in two parts.", most=most))
    return note


def _verdict(form: Fields, label: str, outcome: Outcome) -> Verdict:
    confirmed = outcome is Outcome.CONFIRM
    reason = form.get(f"{SAID_OF_REASONS[outcome]}.{label}") if outcome in SAID_OF_REASONS else None
    return Verdict(
        outcome,
        reason or None,
        form.get("route") if confirmed and label == RECRUITMENT else None,
        form.get("means") if confirmed and label == SEPARATISM else None,
    )


def back_filters(visit: Visit) -> Filters:
    """The filters of the list from which a reader came, which a form carries along."""
    carried: Fields = ImmutableMultiDict(parse_qsl(visit.form.get("back", "").partition("?")[2]))
    return read_filters(carried, visit.site.review.labels)


def show_card(visit: Visit) -> Response:
    """The page of a post."""
    return render(visit, open_card(visit, visit.number("post_id")))


def render(visit: Visit, card: Card, status: int = 200, *, fault: str = "", form: Fields | None = None) -> Response:
    """The page of a post, with what is to be mended and what was ticked."""
    filters = read_filters(visit.query, visit.site.review.labels)
    if status != 200:
        filters = back_filters(visit)
    return visit.show(
        "card.html",
        status,
        card=card,
        post=card.reading.post,
        fault=fault,
        form=form if form is not None else ImmutableMultiDict(),
        back=address("/review", filters),
        take=address("/review/next", filters),
        labels=sorted(visit.site.review.labels, key=lambda label: label not in card.flagged),
        clauses={label: clause(label) for label in visit.site.review.labels},
        routes=ROUTES,
        differences=differences,
        steps=band_steps(card.reading.post["band"]),
        bands=band_names(),
        policy=visit.site.review.policy,
        **told(visit),
    )


def decide(visit: Visit) -> Response:
    """Take a decision and go on to the next post; what cannot be taken is shown again as it was ticked."""
    post_id, review = visit.number("post_id"), visit.site.review
    version = visit.number("version")
    try:
        decision = read_form(visit.form, review.labels, _flagged(visit, version), visit.words)
        if visit.form.get("all") == "on":
            variants = visit.form.getlist("variant")
            bulk, covered = review.deciding.decide_campaign(visit.reader, post_id, version, decision, variants)
            made = _first_of(visit, bulk)
        else:
            made, covered = review.deciding.decide(visit.reader, post_id, version, decision), 1
    except (VerdictError, EditedError) as error:
        fault = visit.words.say("The text of this post changed while you read it. Read it again and decide anew.")
        fault = fault if isinstance(error, EditedError) else str(error)
        return render(visit, open_card(visit, post_id), 422, fault=fault, form=visit.form)
    if visit.form.get("do") == "stay":
        return visit.go(address("/review", back_filters(visit), {"done": made, "covered": covered}))
    return visit.go(next_place(visit, back_filters(visit), {"done": made, "covered": covered}))


def _flagged(visit: Visit, version_id: int) -> list[str]:
    with visit.site.review.store.read() as connection:
        row = connection.execute(versions.select().where(versions.c.id == version_id)).first()
        if row is None:
            raise TakenError
        return flagged_labels(read_version(connection, row))


def _first_of(visit: Visit, bulk: str) -> int:
    with visit.site.review.store.read() as connection:
        asked = decisions.select().where(decisions.c.bulk == bulk).order_by(decisions.c.id).limit(1)
        return int(connection.execute(asked).one().id)


def take(visit: Visit) -> Response:
    """Claim this post."""
    visit.site.review.claims.take(visit.reader, visit.number("post_id"))
    return _again(visit)


def hold(visit: Visit) -> Response:
    """Keep it for a day and go on."""
    visit.site.review.claims.hold(visit.reader, visit.number("post_id"))
    return visit.go(address("/review", back_filters(visit), {"said": "held"}))


def release(visit: Visit) -> Response:
    """Give it back undecided."""
    visit.site.review.claims.release(visit.reader, visit.number("post_id"))
    return visit.go(address("/review", back_filters(visit), {"said": "released"}))


def renew(visit: Visit) -> Response:
    """Keep it while it is being read; asked for by the open page."""
    visit.site.review.claims.renew(visit.reader, visit.number("post_id"))
    return Response(status_code=204)


def hand_over(visit: Visit) -> Response:
    """Give it to a colleague."""
    visit.site.review.claims.hand_over(visit.reader, visit.number("post_id"), visit.form.get("to", ""))
    return visit.go(address("/review", back_filters(visit), {"said": "handed"}))


def note(visit: Visit) -> Response:
    """Leave a note for colleagues."""
    post_id = visit.number("post_id")
    try:
        text = read_note(visit.form, visit.words)
    except VerdictError as error:
        return render(visit, open_card(visit, post_id), 422, fault=str(error), form=visit.form)
    if not text:
        return _again(visit)
    write_note(visit.site.review.store, visit.reader, post_id, text)
    return _again(visit, said="noted")


def appeal(visit: Visit) -> Response:
    """Ask that somebody else reads it again."""
    visit.site.review.appeals.file(visit.number("post_id"), visit.reader.pseudonym)
    return _again(visit, said="appealed")


def golden(visit: Visit) -> Response:
    """Make a decided post a golden one, or no longer."""
    post_id, kept = visit.number("post_id"), visit.site.review.golden
    (kept.retire if visit.form.get("do") == "retire" else kept.mark)(visit.reader, post_id)
    return _again(visit)


def undo(visit: Visit) -> Response:
    """Take a decision back; its reader has the post again."""
    decision_id, review = visit.number("decision_id"), visit.site.review
    with review.store.read() as connection:
        row = connection.execute(decisions.select().where(decisions.c.id == decision_id)).first()
    if row is None:
        raise ReviewError(visit.words.say("There is no such decision."))
    review.deciding.undo(visit.reader, decision_id)
    return visit.go(address(f"/review/posts/{row.post_id}", back_filters(visit), {"said": "undone"}))


def _again(visit: Visit, **more: object) -> Response:
    return visit.go(address(f"/review/posts/{visit.number('post_id')}", back_filters(visit), more))


POST_PAGE: Final = "/review/posts/{post_id}"
PAGES: Final = (
    Route("GET", POST_PAGE, Role.VIEWER, show_card),
    Route("POST", f"{POST_PAGE}/decide", Role.REVIEWER, decide),
    Route("POST", f"{POST_PAGE}/take", Role.REVIEWER, take),
    Route("POST", f"{POST_PAGE}/hold", Role.REVIEWER, hold),
    Route("POST", f"{POST_PAGE}/release", Role.REVIEWER, release),
    Route("POST", f"{POST_PAGE}/renew", Role.REVIEWER, renew),
    Route("POST", f"{POST_PAGE}/hand-over", Role.REVIEWER, hand_over),
    Route("POST", f"{POST_PAGE}/note", Role.REVIEWER, note),
    Route("POST", f"{POST_PAGE}/appeal", Role.REVIEWER, appeal),
    Route("POST", f"{POST_PAGE}/golden", Role.LEAD, golden),
    Route("POST", "/review/decisions/{decision_id}/undo", Role.REVIEWER, undo),
)
