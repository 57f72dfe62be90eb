"""Debian's Chromium, driven by its ChromeDriver over W3C WebDriver."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import urllib3

from tests.real_servers.process import STARTUP_SECONDS, stop
from tests.real_servers.requirement import lacking

_SECONDS = 30
# How WebDriver calls an element among JSON's values (WebDriver 12.1).
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_ARGUMENTS = [
    "--headless=new",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]

# The contrast of every text with what is behind it (WCAG 2.2, 1.4.3).
_CONTRASTS = """[...document.querySelectorAll('body *')]
.filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
.map(one => {
  const numbers = text => text.match(/[0-9.]+/g).map(Number);
  const light = colour => {
    const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    const [r, g, b] = numbers(colour).map(v => linear(v / 255));
    return .2126 * r + .7152 * g + .0722 * b;
  };
  let behind = one;
  const ground = () => getComputedStyle(behind).backgroundColor;
  while (numbers(ground())[3] === 0) behind = behind.parentElement;
  const both = [light(getComputedStyle(one).color), light(ground())];
  return (Math.max(...both) + .05) / (Math.min(...both) + .05);
})
"""


class Chromium:
    """A window of the browser.

    Args:
        driver: Where ChromeDriver listens.
        folder: Where the browser may keep what it likes.
        javascript: Whether pages may run scripts.
    """

    def __init__(self, driver: str, folder: Path, *, javascript: bool = True) -> None:
        self._http: urllib3.PoolManager = urllib3.PoolManager(timeout=2.0 * _SECONDS, retries=False)
        arguments = [*_ARGUMENTS, f"--user-data-dir={folder}"]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")  # it refuses to start as root with one
        options: dict[str, object] = {"args": arguments}
        if not javascript:
            options["prefs"] = {"profile.managed_default_content_settings.javascript": 2}
        always = {"goog:chromeOptions": options, "timeouts": {"implicit": _SECONDS * 1000}}
        self._session: str = f"{driver}/session"
        answer = self._ask("POST", "", {"capabilities": {"alwaysMatch": always}})
        self._session += f"/{answer['sessionId']}"

    def close(self) -> None:
        """Close the browser."""
        self._ask("DELETE", "")
        self._http.clear()

    def open(self, url: str) -> None:
        """Open a page, and wait until it is there."""
        self._ask("POST", "/url", {"url": url})

    def fill(self, selector: str, text: str) -> None:
        """Write into the field that a CSS selector finds, as soon as it does."""
        self._ask("POST", f"/element/{self._find(selector)}/value", {"text": text})

    def click(self, selector: str) -> None:
        """Click on what a CSS selector finds, as soon as it does."""
        self._ask("POST", f"/element/{self._find(selector)}/click", {})

    @property
    def url(self) -> str:
        """The address of the page."""
        return str(self._ask("GET", "/url"))

    def show_as(self, *, width: int, scheme: str) -> None:
        """Show pages in another width, in pixels, and colour scheme (``light``, ``dark``)."""
        metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        for command, parameters in (
            ("Emulation.setDeviceMetricsOverride", metrics),
            ("Emulation.setEmulatedMedia", {"features": features}),
        ):
            self._ask("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def evaluate(self, expression: str) -> Any:  # Any: JSON of any kind
        """Work out a JavaScript expression in the page."""
        return self._ask("POST", "/execute/sync", {"script": f"return {expression}", "args": []})

    def contrasts(self) -> list[float]:
        """The contrast of each text of the page with what is behind it."""
        found: list[float] = self.evaluate(_CONTRASTS)
        return found

    def wait_for(self, text: str) -> None:
        """Wait until *text* is in the page: pages that send themselves on take a moment.

        Raises:
            AssertionError: It never is.
        """
        deadline = time.monotonic() + _SECONDS
        while text not in (source := str(self._ask("GET", "/source"))):
            assert time.monotonic() < deadline, f"{self.url} is: {source}"
            time.sleep(0.05)

    def _find(self, selector: str) -> str:
        found = self._ask("POST", "/element", {"using": "css selector", "value": selector})
        return str(found[_ELEMENT])

    def _ask(self, method: str, path: str, body: object = None) -> Any:  # Any: JSON of any kind
        answer = self._http.request(method, f"{self._session}{path}", json=body)
        value = answer.json()["value"]
        assert answer.status == 200, f"{method} {path}: {value}"
        return value


@contextmanager
def browsing(driver: str, folder: Path, *, javascript: bool = True) -> Generator[Chromium]:
    """Open a window for as long as the block runs; see :class:`Chromium`."""
    browser = Chromium(driver, folder, javascript=javascript)
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def chromedriver(folder: Path) -> Generator[str]:
    """Run ChromeDriver; without it the test is skipped, or fails where ``CI`` is set.

    Args:
        folder: Where its log goes.

    Yields:
        Where it listens.
    """
    program = shutil.which("chromedriver")
    if program is None or shutil.which("chromium") is None:
        lacking("Chromium", "apt-get install chromium chromium-driver (Debian)")
    log = folder / "chromedriver.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program, "--port=0"], stdout=output, stderr=output, start_new_session=True
        )
    try:
        deadline = time.monotonic() + STARTUP_SECONDS
        while not (started := re.search(r"successfully on port (\d+)", log.read_text())):
            assert time.monotonic() < deadline, f"ChromeDriver did not start: {log.read_text()}"
            time.sleep(0.02)
        yield f"http://127.0.0.1:{started[1]}"
    finally:
        stop(process)
