"""Takes the picture in the README: `python -m tests.service.screenshot [BUNDLE [PICTURE]]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.service.chromium import chromium
from tests.service.running import running

ROOT = Path(__file__).parents[2]
BUNDLE, PICTURE = ROOT / "models" / "current", ROOT / "docs" / "page.png"


def take(bundle: Path = BUNDLE, picture: Path = PICTURE) -> None:
    """Score the first example and write what a desktop browser shows."""
    with tempfile.TemporaryDirectory() as here, chromium() as browser:
        arguments = ("--bundle", str(bundle.resolve()), "--log-level", "error")
        with running(*arguments, cwd=Path(here)) as service:
            page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
            page.goto(service.url)
            page.get_by_role("button", name="An offer, in Russian").click()
            page.locator(".card").first.wait_for()
            page.screenshot(path=picture, full_page=True)


if __name__ == "__main__":
    take(*map(Path, sys.argv[1:]))
