"""Takes the pictures of the documentation: `python -m tests.service.screenshot [BUNDLE [DIRECTORY]]`."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.service.chromium import chromium
from tests.service.running import Running, running

ROOT = Path(__file__).parents[2]
BUNDLE, DIRECTORY = ROOT / "models" / "current", ROOT / "docs"
PASSWORD = "correct horse battery"


def take(bundle: Path = BUNDLE, directory: Path = DIRECTORY) -> None:
    """Write what a desktop browser shows of scoring and of reviewing the demonstration."""
    with tempfile.TemporaryDirectory() as here, chromium() as browser:
        arguments = ("--bundle", str(bundle.resolve()), "--log-level", "error", "--database", f"{here}/c.db", "--demo")
        with running(*arguments, cwd=Path(here)) as service:
            _scoring(browser, service, directory / "page.png")
            _reviewing(browser, service, directory)


def _scoring(browser: Browser, service: Running, picture: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page.goto(service.url)
    page.get_by_role("button", name="An offer, in Russian").click()
    page.locator(".card").first.wait_for()
    page.screenshot(path=picture, full_page=True)
    page.close()


def _reviewing(browser: Browser, service: Running, directory: Path) -> None:
    page = browser.new_page(viewport={"width": 1400, "height": 960}, color_scheme="light")
    link = re.search(r"http://\S+/welcome/\S+", service.greeting)
    assert link
    page.goto(link[0])
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    _press(page, "Enter")
    page.screenshot(path=directory / "queue.png")
    _press(page, "n")
    for key in ("c", "a"):
        page.keyboard.press(key)
    page.keyboard.down("Shift")
    page.screenshot(path=directory / "card.png")
    page.keyboard.up("Shift")
    page.keyboard.press("1")
    _press(page, "Enter")
    for outcome in "cxxcxcxxcxcx":
        for _ in range(page.locator(".judge[data-expected]").count()):
            page.keyboard.press(outcome)
            page.keyboard.press("a")
            if outcome == "c":
                page.keyboard.press("1")
        _press(page, "Enter")
    page.goto(f"{service.url}/review/figures")
    page.screenshot(path=directory / "figures.png", full_page=True)
    page.close()


def _press(page: Page, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


if __name__ == "__main__":
    take(*map(Path, sys.argv[1:]))
