"""The page in a real browser: nothing sticks out on a telephone, nothing is complained of, dark where wanted."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest

from tests.service.chromium import chromium
from training.report.page import page

pytestmark = pytest.mark.browser
SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")


def test_it_can_be_read_on_any_screen(figures: dict[str, Any], tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    place.write_text(page(figures), "utf-8")
    with chromium() as browser:
        backgrounds = set()
        for width in (360, 1280):
            for scheme in SCHEMES:
                tab = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
                complaints: list[str] = []
                tab.on("console", lambda message, said=complaints: said.append(message.text))
                tab.on("request", lambda request, said=complaints: said.append(request.url))
                tab.goto(place.as_uri())
                assert complaints == [place.as_uri()], "one file, no other request"
                assert tab.evaluate("document.documentElement.scrollWidth") == width
                assert tab.locator("svg[role=img]").count() == 8
                backgrounds.add(tab.evaluate("getComputedStyle(document.body).backgroundColor"))
        assert len(backgrounds) == 2
