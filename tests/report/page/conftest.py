"""A headless browser, one for all tests, and the pages it opens from files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.wait import WebDriverWait

from calibrant.report.model import AnyReport
from calibrant.report.page import render

_OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
)
_ALIVE = (
    "return location.href === arguments[0] && document.readyState === 'complete'"
    " && document.getElementById('theme')?.hidden === false"
)
"""Whether a page is there and its script has run, which on a busy machine may come after `get` returns."""

Open = Callable[[AnyReport], webdriver.Chrome]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """Chromium; where there is none the tests are left out, but not in continuous integration."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        assert "CI" not in os.environ, "chromium and chromedriver are missing"
        pytest.skip("needs chromium and chromedriver (Debian: chromium, chromium-driver)")
    options = Options()
    options.binary_location = chromium
    for option in (*_OPTIONS, f"--user-data-dir={tmp_path_factory.mktemp('browser')}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    found = webdriver.Chrome(options=options, service=Service(driver))
    found.get("about:blank")
    yield found
    found.quit()


@pytest.fixture
def opened(browser: webdriver.Chrome, tmp_path: Path) -> Open:
    """Opens the page of a report."""

    def of(report: AnyReport) -> webdriver.Chrome:
        path = tmp_path / "report.html"
        path.write_text(render(report), encoding="utf-8")
        for kind in ("browser", "performance"):
            browser.get_log(kind)  # what was before is no business of this page
        browser.get(path.as_uri())
        WebDriverWait(browser, 30).until(lambda found: found.execute_script(_ALIVE, path.as_uri()))
        return browser

    return of


def settled(browser: webdriver.Chrome) -> None:
    """Wait until what was asked for has been drawn."""
    frames = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()));"
    browser.execute_async_script(frames)


def reading(browser: webdriver.Chrome, control: str, name: str) -> str:
    """Return what a control reads."""
    script = (
        "return document.querySelector(`[data-control='${arguments[0]}']`)"
        ".querySelector(`dd[data-name='${arguments[1]}']`).textContent"
    )
    found: str = browser.execute_script(script, control, name)
    return found


def drawn(browser: webdriver.Chrome, kind: str) -> list[dict[str, Any]]:
    """Return the traces of the first figure of a kind."""
    script = (
        "return document.querySelector(`[data-kind='${arguments[0]}']`).data.map("
        "(t) => ({type: t.type, x: [...t.x], y: [...t.y], hover: t.hovertext ?? null}))"
    )
    found: list[dict[str, Any]] = browser.execute_script(script, kind)
    return found
