"""A reviewer's whole day in a real browser, with keys only, in every language of the console."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from service.console.language import LANGUAGES, Words
from service.review.words import Role
from service.security.accounts import Accounts
from service.store.engine import Store
from tests.service.chromium import chromium
from tests.service.running import Running, running

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)
PASSWORD = "correct horse battery"
PAGES = ("/review", "/review?desk=lead", "/review/at-risk", "/review/figures", "/review/guide", "/review/people",
         "/review/cues", "/review/cues/files/armed_unit.yaml",
         "/review/audit", "/review/account", "/review/find?q=news")  # fmt: skip
# Chromium itself notes refusals on the console; what they were is tested where they are made.
NOTED = re.compile(r"status of (401|403|404|409|410|422)|favicon")


@dataclass
class Console:
    """A running service with a demonstration, and its database."""

    service: Running
    database: Path
    names: int = 0

    def account(self, role: Role, lang: str = "en") -> str:
        self.names += 1
        name, store = f"reader{self.names}", Store(str(self.database))
        accounts = Accounts(store)
        accounts.choose(accounts.add(name, role, PASSWORD, by="test"), lang, {})
        store.close()
        return name

    def ask(self, question: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(question, values).fetchall()


@dataclass
class Desk:
    """A browser in which somebody has signed in, and what went wrong in it."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self._hear(message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self._note(request.url))

    def _hear(self, message: str) -> None:
        if not NOTED.search(message):
            self.faults.append(message)

    def _note(self, url: str) -> None:
        if urlsplit(url).netloc != urlsplit(self.url).netloc:
            self.faults.append(f"asked {url}")

    def sign_in(self, name: str) -> None:
        self.page.goto(f"{self.url}/sign-in")
        self.page.wait_for_selector("[name=name]:focus")  # nobody types within a few milliseconds, but a test
        self.type(name, "Tab", PASSWORD, "Enter")
        self.page.wait_for_url("**/review")

    def type(self, *words: str) -> None:
        for word in words:
            if len(word) == 1 or word in ("Tab", "Enter", "Escape", "Control+k", "Shift+Tab"):
                self.page.keyboard.press(word)
            else:
                self.page.keyboard.type(word)

    def go(self, key: str) -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def axe(self) -> list[str]:
        found = Axe().run(self.page)
        return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found.response["violations"]]

    def fits(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def console(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    here = tmp_path_factory.mktemp("console")
    database = here / "clarion.db"
    arguments = ("--bundle", str(bundle), "--log-level", "error", "--database", str(database), "--demo")
    with running(*arguments, cwd=here, CLARION_SECOND_SHARE="0", CLARION_GOLDEN_SHARE="0") as service:
        made = Console(service, database)
        assert made.ask("SELECT count(*) FROM posts WHERE state = 'queued'")[0][0] > 30  # type: ignore[operator]
        yield made


@pytest.fixture
def open_desk(browser: Browser, console: Console) -> Iterator[object]:
    contexts = []

    def opened(role: Role = Role.REVIEWER, lang: str = "en", width: int = 1400, **how: object) -> Desk:
        context = browser.new_context(viewport={"width": width, "height": 1000}, **how)  # type: ignore[arg-type]
        contexts.append(context)
        desk = Desk(context.new_page(), console.service.url)
        desk.sign_in(console.account(role, lang))
        return desk

    yield opened
    for context in contexts:
        context.close()


def judge(desk: Desk, outcome: str, *then: str) -> None:
    """Judge every label that was flagged, each the same way."""
    for _ in range(desk.page.locator(".judge[data-expected]").count()):
        desk.type(outcome, *then)


def confirm(desk: Desk) -> None:
    """Confirm every flagged label with the first reason, and the first route or means."""
    for label in desk.page.locator(".judge[data-expected]").all():
        assert label.get_attribute("data-label") in ("recruitment", "separatism")
        desk.type("c", "a", "1")


def standing(desk: Desk) -> str:
    return re.findall(r"/posts/(\d+)", desk.page.url)[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_reviewers_path_with_keys_only(open_desk: object, console: Console, lang: str) -> None:
    words = Words(lang)
    desk: Desk = open_desk(lang=lang)  # type: ignore[operator]
    page = desk.page
    expect(page.locator("html")).to_have_attribute("lang", lang)
    expect(page.get_by_role("heading", name=words.say("Queue"), exact=True)).to_be_visible()
    desk.go("n")
    first = standing(desk)
    before = console.ask("SELECT state FROM posts WHERE id = ?", first)
    expect(page.get_by_role("heading", name=words.say("What does this post do?"))).to_be_visible()
    # Not an appeal, and why.
    judge(desk, "x", "a")
    desk.go("Enter")
    # A post that an earlier test was unsure of is at its second reading.
    assert console.ask("SELECT state FROM posts WHERE id = ?", first)[0][0] in ("decided", "dispute")
    assert standing(desk) != first
    # Taken back: the post is there again.
    desk.go("z")
    assert standing(desk) == first
    assert console.ask("SELECT state FROM posts WHERE id = ?", first) == before
    # Confirmed this time, with a note and a person at risk.
    confirm(desk)
    desk.type("p", "m", "seen before", "Escape")
    desk.go("Enter")
    said = console.ask("SELECT label, outcome FROM verdicts JOIN decisions ON decisions.id = decision_id "
                       "WHERE post_id = ? AND person_at_risk", first)  # fmt: skip
    assert said
    assert {outcome for _, outcome in said} == {"confirm"}
    assert console.ask("SELECT text FROM notes WHERE post_id = ?", first) == [("seen before",)]
    # Skipped: it is offered to others, not to this reader.
    skipped = standing(desk)
    desk.go("s")
    assert standing(desk) != skipped
    # Kept for later.
    held = standing(desk)
    desk.go("h")
    expect(page.get_by_role("heading", name=words.say("With you"))).to_be_visible()
    expect(page.locator(f'.mine a[href="/review/posts/{held}"]')).to_be_visible()
    # Unsure: somebody else reads it.
    desk.go("n")
    unsure = standing(desk)
    judge(desk, "u")
    desk.go("Enter")
    assert console.ask("SELECT state FROM posts WHERE id = ?", unsure)[0][0] in ("second", "dispute", "decided")
    # A lead is asked.
    escalated = standing(desk)
    judge(desk, "e")
    desk.go("Enter")
    assert console.ask("SELECT state FROM posts WHERE id = ?", escalated) == [("escalated",)]
    desk.go("g")
    # Other pages by their keys.
    for key, place in (("3", "/review/at-risk"), ("4", "/review/figures"), ("5", "/review/guide"), ("1", "/review")):
        desk.go(key)
        assert urlsplit(page.url).path == place
    assert not desk.faults


def test_help_lists_every_key_and_find_does_what_it_finds(open_desk: object) -> None:
    desk: Desk = open_desk()  # type: ignore[operator]
    page = desk.page
    desk.go("n")
    page.keyboard.press("?")
    keys = page.locator("#keys")
    expect(keys).to_be_visible()
    for key in ("c", "x", "u", "e", "p", "t", "m", "s", "h", "g", "Enter"):
        expect(keys.locator("dt", has_text=re.compile(f"^{key}$"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    desk.type("Control+k", "figur")
    expect(page.locator("#find-list button")).to_have_count(1)
    desk.go("Enter")
    assert page.url.endswith("/review/figures")
    desk.type("Control+k", "demo-00")
    desk.go("Enter")
    expect(page.locator(".found li").first).to_be_visible()
    assert not desk.faults


def test_a_campaign_is_decided_at_once_and_undone_as_one(open_desk: object, console: Console) -> None:
    desk: Desk = open_desk()  # type: ignore[operator]
    page = desk.page
    waiting = console.ask(
        "SELECT lead_id FROM campaigns JOIN posts ON posts.id = lead_id WHERE size > 3 AND state = 'queued' "
        "AND (claimed_until IS NULL) ORDER BY size DESC"
    )
    post = waiting[0][0]
    page.goto(f"{desk.url}/review/posts/{post}")
    desk.go("a")
    expect(page.get_by_role("heading", name=re.compile(r"A campaign of \d+ posts"))).to_be_visible()
    for sample in page.locator("input[name=variant]").all():
        sample.check()
    page.locator("#post-title").click()
    desk.type("b")
    judge(desk, "x", "c")
    desk.go("Enter")
    made = page.get_by_role("status").filter(has_text="Last post")
    covered = int(re.findall(r"– (\d+) posts", made.inner_text())[0])
    assert covered > 1
    same = "(SELECT campaign_id FROM posts WHERE id = ?)"
    decided = f"SELECT count(*) FROM posts WHERE campaign_id = {same} AND state = ?"  # noqa: S608
    assert console.ask(decided, post, "decided") == [(covered,)]
    desk.go("z")
    assert standing(desk) == str(post)
    assert console.ask(decided, post, "decided") == [(0,)]
    assert not desk.faults


def test_two_readers_never_meet_on_a_post(open_desk: object) -> None:
    one: Desk = open_desk()  # type: ignore[operator]
    other: Desk = open_desk()  # type: ignore[operator]
    one.go("n")
    other.go("n")
    assert standing(one) != standing(other)
    other.page.goto(one.page.url)
    expect(other.page.get_by_role("heading", name=re.compile("has this post"))).to_be_visible()


def test_offline_nothing_is_lost(open_desk: object) -> None:
    desk: Desk = open_desk()  # type: ignore[operator]
    desk.go("n")
    here = desk.page.url
    judge(desk, "x", "a")
    desk.page.context.set_offline(True)
    expect(desk.page.locator("#offline")).to_be_visible()
    desk.type("Enter")
    assert desk.page.url == here
    desk.page.context.set_offline(False)
    expect(desk.page.locator("#offline")).to_be_hidden()
    desk.go("Enter")
    assert desk.page.url != here


def test_blur_is_held_off_by_a_key(open_desk: object) -> None:
    desk: Desk = open_desk()  # type: ignore[operator]
    page = desk.page
    page.goto(f"{desk.url}/review/account")
    page.locator("input[name=blur][value=text]").check()
    page.get_by_role("button", name="Keep", exact=True).click()
    page.wait_for_url("**saved=1")
    page.goto(f"{desk.url}/review")
    desk.go("n")
    blur = "getComputedStyle(document.querySelector('.post')).filter"
    assert "blur" in page.evaluate(blur)
    page.keyboard.down("Shift")
    assert page.evaluate(blur) == "none"
    page.keyboard.up("Shift")
    assert "blur" in page.evaluate(blur)


def test_a_decision_without_javascript(open_desk: object) -> None:
    desk: Desk = open_desk(java_script_enabled=False)  # type: ignore[operator]
    page = desk.page
    page.get_by_role("button", name="Take the next post").click()
    for label in page.locator(".judge[data-expected]").all():
        label.get_by_text("Not an appeal").click()
        label.locator(".if-refuse").get_by_text("question", exact=False).first.click()
    page.get_by_role("button", name="Decide and go on").click()
    expect(page.get_by_role("status").filter(has_text="Last post")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (1400, "dark"), (360, "light"), (3840, "light")])
def test_pages_are_accessible_and_fit(open_desk: object, width: int, scheme: str) -> None:
    desk: Desk = open_desk(Role.ADMIN, width=width, color_scheme=scheme)  # type: ignore[operator]
    for place in PAGES:
        desk.page.goto(desk.url + place)
        assert desk.axe() == [], place
        assert desk.fits(), place
    desk.page.goto(f"{desk.url}/review")
    desk.go("n")
    desk.type("c")
    assert desk.axe() == []
    assert desk.fits()
    assert not desk.faults


def test_the_first_account_is_made_by_the_link_that_is_shown(bundle: Path, browser: Browser, tmp_path: Path) -> None:
    arguments = ("--bundle", str(bundle), "--log-level", "error", "--database", str(tmp_path / "c.db"))
    with running(*arguments, cwd=tmp_path) as service:
        link = re.search(r"http://\S+/welcome/\S+", service.greeting)
        assert link, service.greeting
        desk = Desk(browser.new_page(), service.url)
        desk.page.goto(link[0])
        assert desk.axe() == []
        desk.type("anna", "Tab", PASSWORD)
        desk.go("Enter")
        expect(desk.page.get_by_role("heading", name="Nothing waits here")).to_be_visible()
        assert desk.axe() == []
        desk.page.goto(link[0])
        expect(desk.page.get_by_role("heading", name="This link opens nothing any more")).to_be_visible()
        desk.page.context.clear_cookies()
        desk.page.goto(f"{service.url}/review")
        expect(desk.page.get_by_role("heading", name="Sign in to review")).to_be_visible()
        assert desk.axe() == []
        assert not desk.faults
        desk.page.close()
