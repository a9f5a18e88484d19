"""Near-copies stand behind one card; a decision on all covers only what its reader saw a sample of."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from service.review.campaigns import Sketch, variant_of
from service.review.errors import VerdictError
from service.review.queue import Filters, cards
from service.review.reading import read_post
from service.review.verdicts import Decision, Verdict
from service.review.words import Outcome
from service.store.tables import decisions
from tests.service.review.making import CONFIRM, LABELS, NOON, OFFER, SECEDE, YES, Office
from training.sketch import SIMILAR, similarity

LINKED = OFFER + " https://t.me/somebody"
MOCKED = "they say " + OFFER + " ha ha"


def queue(office: Office) -> list[tuple[str, int]]:
    with office.store.read() as connection:
        return [(card.external_id, card.copies) for card in cards(connection, Filters(), LABELS)]


def test_copies_stand_behind_one_card(office: Office) -> None:
    office.take(office.post(OFFER, id="1", author="a"), office.post("join the club of readers tonight", id="x"))
    office.take(office.post(LINKED, id="2", author="b"), office.post(OFFER.capitalize(), id="3", author="a"))
    assert dict(queue(office)) == {"1": 3, "x": 1}
    assert office.states() == {"1": "queued", "x": "queued", "2": "copy", "3": "copy"}
    found = read_post(office.store, office.reader("anna"), office.row("1").id).campaign
    assert found is not None
    assert (found.size, found.waiting, found.authors, found.days) == (3, 2, 2, {"2026-03-01": 3})


def test_copies_raise_the_priority_of_their_card(office: Office) -> None:
    office.take(office.post(OFFER, id="1"))
    alone = office.row("1").rank
    office.take(*[office.post(OFFER, id=f"c{number}") for number in range(9)])
    priority = office.review.policy.priority
    assert alone - office.row("1").rank == pytest.approx(priority.grown(10))


def test_posts_in_another_band_never_join(office: Office) -> None:
    office.take(OFFER, OFFER + " p0.6", OFFER + " warning p0.2")
    assert [copies for _, copies in queue(office)] == [1, 1]


def test_variants_are_the_words_added_or_left_out() -> None:
    assert variant_of(LINKED, OFFER) == variant_of(OFFER.capitalize() + " 300", OFFER) == ""
    changed = {
        variant_of(MOCKED, OFFER),
        variant_of(OFFER.replace("good ", ""), OFFER),
        variant_of(OFFER + " pay", OFFER),
    }
    assert len(changed) == 3
    assert "" not in changed


def test_a_decision_on_all_covers_only_seen_variants_and_is_undone_as_one(office: Office) -> None:
    anna = office.reader("anna")
    office.take(office.post(OFFER, id="1"))
    office.take(*[office.post(text, id=f"c{at}") for at, text in enumerate((OFFER, LINKED, MOCKED, MOCKED))])
    post = office.row("1")
    office.review.claims.take(anna, post.id, NOON)
    campaign = read_post(office.store, anna, post.id, NOON).campaign
    assert campaign is not None
    assert sorted(sample.copies for sample in campaign.samples) == [2, 2]
    bulk, covered = office.review.deciding.decide_campaign(anna, post.id, post.version_id, YES, [], NOON)
    assert covered == 3
    assert office.states() == {"1": "decided", "c0": "decided", "c1": "decided", "c2": "queued", "c3": "copy"}
    with office.store.read() as connection:
        made = connection.execute(sa.select(decisions.c.id).where(decisions.c.bulk == bulk)).scalars().all()
    assert office.review.deciding.undo(anna, min(made), NOON) == 3
    assert office.states() == {"1": "queued", "c0": "copy", "c1": "copy", "c2": "queued", "c3": "copy"}


def test_a_seen_variant_is_covered(office: Office) -> None:
    anna = office.reader("anna")
    office.take(office.post(OFFER, id="1"), office.post(MOCKED, id="2"))
    post, other = office.row("1"), office.row("2")
    office.review.claims.take(anna, post.id, NOON)
    _, covered = office.review.deciding.decide_campaign(anna, post.id, post.version_id, YES, [other.variant], NOON)
    assert covered == 2


PEACEFUL = Decision({"separatism": Verdict(Outcome.CONFIRM, "slogan", means="peaceful")})
UNSURE = Decision({"recruitment": Verdict(Outcome.UNSURE)})


@pytest.mark.parametrize(("decision", "said"), [(PEACEFUL, "peaceful"), (UNSURE, "alone")])
def test_what_is_never_said_of_all_copies(office: Office, decision: Decision, said: str) -> None:
    anna = office.reader("anna")
    office.take(office.post(OFFER, id="1"), office.post(OFFER, id="2"))
    post = office.row("1")
    office.review.claims.take(anna, post.id, NOON)
    with pytest.raises(VerdictError, match=said):
        office.review.deciding.decide_campaign(anna, post.id, post.version_id, decision, [], NOON)
    assert office.states() == {"1": "queued", "2": "copy"}


def test_violent_separatism_can_be_confirmed_of_all_copies(office: Office) -> None:
    anna = office.reader("anna")
    office.take(office.post(OFFER, id="1"), office.post(OFFER, id="2"))
    post = office.row("1")
    office.review.claims.take(anna, post.id, NOON)
    decision = Decision({"separatism": SECEDE, "recruitment": CONFIRM})
    assert office.review.deciding.decide_campaign(anna, post.id, post.version_id, decision, [], NOON)[1] == 2


def test_the_next_copy_takes_the_place_of_a_decided_card(office: Office) -> None:
    office.take(*[office.post(OFFER, id=str(number)) for number in range(3)])
    office.read(office.reader("anna"), "0", YES)
    assert office.states() == {"0": "decided", "1": "queued", "2": "copy"}
    office.take(office.post(OFFER, id="3"))
    assert office.states()["3"] == "copy"


def test_a_copy_of_a_decided_post_is_a_card_of_its_own(office: Office) -> None:
    office.take(office.post(OFFER, id="1"))
    office.read(office.reader("anna"), "1", YES)
    office.take(office.post(OFFER, id="2"))
    office.take(office.post(OFFER, id="3"))
    assert office.states() == {"1": "decided", "2": "queued", "3": "copy"}


def test_an_edited_copy_stands_alone_and_nothing_copies_an_edited_card(office: Office) -> None:
    office.take(*[office.post(OFFER, id=str(number)) for number in range(3)])
    office.take(office.post("join the club of readers tonight", id="1"))
    assert office.states() == {"0": "queued", "1": "queued", "2": "copy"}
    office.take(office.post("join the circle of singers at noon", id="0"), office.post(OFFER, id="9"))
    assert office.states() == {"0": "queued", "1": "queued", "2": "queued", "9": "queued"}


def test_sketches_meet_as_texts_are_alike() -> None:
    one, two, other = (Sketch.of(text, "k") for text in (OFFER, LINKED, "join the club of readers tonight"))
    assert similarity(one.numbers, two.numbers) >= SIMILAR > similarity(one.numbers, other.numbers)
    assert set(one.keys) & set(two.keys)
    assert not set(one.keys) & set(Sketch.of(OFFER, "another kind").keys)
