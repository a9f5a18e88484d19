"""The pages in a real browser, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from classifier.bundle import read_bundle
from tests.service.chromium import chromium
from tests.service.running import running

pytestmark = pytest.mark.browser
# Waiting longer than a slow machine needs costs nothing: what is expected is seen as soon as it is there.
expect.set_options(timeout=60_000)
SIZES = [pytest.param((1280, 900), id="desktop"), pytest.param((360, 740), id="phone")]
TEXT = "Вступай в наш отряд, пиши в личку 😀\n<b>שלום</b> \u202eabc"


@dataclass
class Visit:
    """A page, and what went wrong on it."""

    page: Page
    url: str
    messages: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.on("console", lambda message: self.messages.append(message.text))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.page.on("request", lambda request: self._note(request.url))
        self.page.goto(self.url + path)
        return self.page

    def _note(self, url: str) -> None:
        if urlsplit(url).netloc != urlsplit(self.url).netloc and not url.startswith("data:"):
            self.elsewhere.append(url)

    def is_clean(self) -> bool:
        width = self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        return bool(width) and not self.messages and not self.elsewhere


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def url(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running("--bundle", str(bundle), "--log-level", "error", cwd=tmp_path_factory.mktemp("serve")) as service:
        yield service.url


@pytest.fixture(params=SIZES)
def visit(request: pytest.FixtureRequest, browser: Browser, url: str) -> Iterator[Visit]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    yield Visit(context.new_page(), url)
    context.close()


def test_paste_and_submit(visit: Visit) -> None:
    page = visit.go("/")
    expect(page.get_by_role("heading", name="Nothing scored yet")).to_be_visible()
    page.get_by_label("Text of the post").fill(TEXT)
    page.get_by_label("Profile").select_option("high_recall")
    page.get_by_role("button", name="Score", exact=True).click()
    expect(page.get_by_role("heading", name="What was found")).to_be_visible()
    expect(page.locator(".card")).to_have_count(2)
    expect(page.locator(".post mark").first).to_be_visible()
    expect(page.locator(".post .badge").first).to_have_text("[U+202E]")
    expect(page.get_by_label("Text of the post")).to_have_value(TEXT)
    expect(page.get_by_label("Profile")).to_have_value("high_recall")
    assert page.locator(".post b").count() == 0
    assert visit.is_clean()


def test_result_is_in_sight(visit: Visit) -> None:
    page = visit.go("/")
    page.get_by_role("button", name="An offer, in Russian").click()
    expect(page.get_by_role("heading", name="What was found")).to_be_in_viewport()
    assert visit.is_clean()


def test_what_a_flag_hangs_on_and_posts_alike_are_shown(visit: Visit, bundle: Path) -> None:
    index = read_bundle(bundle).nearest
    assert index is not None
    offer = next(row for place in range(100) if (row := index.row(place))["labels"]["recruitment"])
    page = visit.go("/")
    page.get_by_label("Text of the post").fill(offer["text"])
    page.get_by_label("Profile").select_option("high_recall")
    page.get_by_role("button", name="Score", exact=True).click()
    expect(page.locator(".card.flagged .without").first).to_be_visible()
    expect(page.get_by_role("heading", name="Labelled posts most like it")).to_be_visible()
    expect(page.locator(".nearest blockquote").first).to_have_text(offer["text"])
    assert visit.is_clean()


def test_keyboard_alone(visit: Visit) -> None:
    page = visit.go("/")
    page.keyboard.type("Join our unit, write me in private")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".card")).to_have_count(2)
    assert visit.is_clean()


def test_one_long_word_does_not_widen_the_page(visit: Visit) -> None:
    page = visit.go("/")
    page.get_by_label("Text of the post").fill("отряд" * 400 + " \u200b" * 50)
    page.get_by_role("button", name="Score", exact=True).click()
    expect(page.locator(".card")).to_have_count(2)
    page.get_by_text("How it adds up").first.click()
    assert visit.is_clean()


def test_empty_post_is_told(visit: Visit) -> None:
    page = visit.go("/")
    page.get_by_label("Text of the post").fill("   ")
    page.get_by_role("button", name="Score", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("nothing to score")
    expect(page.get_by_role("alert")).to_be_in_viewport()
    # Chromium itself notes an answer of 422 on the console.
    assert all("422" in message for message in visit.messages)


def test_without_javascript(browser: Browser, url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(url)
    page.get_by_label("Text of the post").fill("Join our unit")
    page.get_by_role("button", name="Score", exact=True).click()
    expect(page.locator(".card")).to_have_count(2)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(browser: Browser, url: str, scheme: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.goto(url)
    page.get_by_role("button", name="An offer, in Russian").click()
    expect(page.locator(".card").first).to_be_visible()
    assert page.evaluate(LEAST_CONTRAST) >= 4.5
    context.close()


LEAST_CONTRAST = """() => {
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const words = [...document.querySelectorAll("body *")].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()));
  return Math.min(...words.map((element) => {
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }));
}"""


def test_docs_render_and_try_out(visit: Visit) -> None:
    page = visit.go("/docs")
    expect(page.locator(".opblock")).to_have_count(8)
    page.locator(".opblock-summary-control", has_text="/v1/score").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table tbody .response-col_status").first).to_contain_text("200")
    assert not visit.messages
    assert not visit.elsewhere
