"""Take the pictures of docs/report.md: the first screen of pages of reports, as a browser shows them.

Run as `python docs/reports/pictures.py NAME=REPORT.html …`; it writes one PNG a page beside this file. It
needs Chromium, its driver and the packages of the group `dev`.
"""

from __future__ import annotations

import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

from PIL import Image
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

FOLDER = Path(__file__).parent
WIDTH, HEIGHT = 1100, 1500
COLOURS = 64


def picture(browser: webdriver.Chrome, page: Path) -> Image.Image:
    """Return the first screen of a page, in few colours."""
    browser.get(page.resolve().as_uri())
    time.sleep(1)
    shown = Image.open(BytesIO(browser.get_screenshot_as_png())).convert("RGB")
    return shown.quantize(COLOURS)


def main() -> None:
    """Write the pictures that were asked for."""
    options = Options()
    with tempfile.TemporaryDirectory() as profile:
        for option in ("headless=new", "no-sandbox", "disable-gpu", "disable-background-networking"):
            options.add_argument(f"--{option}")
        options.add_argument(f"--user-data-dir={profile}")
        browser = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        for argument in sys.argv[1:]:
            name, _, page = argument.partition("=")
            picture(browser, Path(page)).save(FOLDER / f"{name}.png", optimize=True)
        browser.quit()


if __name__ == "__main__":
    main()
