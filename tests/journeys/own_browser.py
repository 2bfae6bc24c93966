"""A Chromium with a profile of its own that can be killed and started again where it was."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

from playwright.sync_api import BrowserContext, BrowserType, Page

from tests.journeys.conftest import CHROMIUM, FLAGS, PHONE


class OwnBrowser:
    """One profile; `start` gives a page of it, `kill` ends the whole process group at once."""

    def __init__(self, playwright: BrowserType, profile: Path, url: str) -> None:
        self.playwright, self.profile, self.url = playwright, profile, url
        self.process: subprocess.Popen | None = None

    def start(self) -> Page:
        port_file = self.profile / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        root = ["--no-sandbox"] if os.getuid() == 0 else []
        self.process = subprocess.Popen(
            [
                CHROMIUM,
                *FLAGS,
                *root,
                "--headless=new",
                "--remote-debugging-port=0",
                f"--user-data-dir={self.profile}",
                "--lang=zh-CN",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        end = time.monotonic() + 30
        while not (port_file.exists() and port_file.read_text().count("\n")):
            assert time.monotonic() < end, "Chromium did not start."
            time.sleep(0.05)
        port = int(port_file.read_text().splitlines()[0])
        browser = self.playwright.connect_over_cdp(f"http://127.0.0.1:{port}")
        self.context: BrowserContext = browser.contexts[0]
        self.context.set_default_timeout(15_000)
        page = self.context.new_page()
        page.set_viewport_size(PHONE)
        return page

    def sign_in(self, session: str) -> None:
        self.context.add_cookies([{"name": "sessionid", "value": session, "url": self.url}])

    def kill(self) -> None:
        """No goodbye: whatever was not on the disk is gone."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)
        self.process = None

    def on_the_disk(self) -> bytes:
        """Every file of the profile, one after the other."""
        return b"".join(p.read_bytes() for p in sorted(self.profile.rglob("*")) if p.is_file())
