"""The system's browser, driven by Playwright; where there is none, tests are skipped and say why."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
BROWSER = next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def browser() -> Iterator[Any]:
    """A browser without a window. Skips the test where there is none that starts."""
    driver = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if BROWSER is None or os.name == "nt":
        pytest.skip("there is no browser to open it in")
    with driver.sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        except driver.Error as error:
            pytest.skip(f"the browser here does not start: {error}")
        try:
            yield started
        finally:
            started.close()


class Opened:
    """A page that is open, with all that it said or asked for meanwhile."""

    def __init__(self, started: Any, path: Path, **how: Any) -> None:
        self.page = started.new_page(**how)
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda told: self.said.append(told.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())

    def tell(self, script: str) -> Any:
        """What a script finds on the page."""
        return self.page.evaluate(script)
