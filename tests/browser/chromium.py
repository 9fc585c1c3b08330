"""A real browser: the system's Chromium, driven by Playwright. Nothing is downloaded."""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import servers


class Chromium:
    """One Chromium for the suite; each visitor has a profile of its own."""

    def __init__(self) -> None:
        self.path = servers.find("Chromium", "chromium", "chromium", "chromium-browser", "google-chrome")
        self.browser: Browser | None = None

    def __enter__(self) -> "Chromium":
        self._playwright = sync_playwright().start()
        self.browser = self._playwright.chromium.launch(executable_path=self.path)
        return self

    def __exit__(self, *_: object) -> None:
        if self.browser is not None:
            self.browser.close()
        self._playwright.stop()

    def visitor(self, address: str, **options: Any) -> "Visitor":
        """Somebody with a fresh profile at a console."""
        assert self.browser is not None
        return Visitor(self.browser.new_context(**options), address)


class Visitor:
    """A person at the console, and everything their browser complained of or asked others for."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        context.set_default_timeout(15_000)
        context.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", lambda asked: self._asked(asked.url))
        self.page: Page = context.new_page()

    def _asked(self, url: str) -> None:
        if not url.startswith((f"{self.address}/", "data:")):
            self.strangers.append(url)

    def open(self, path: str) -> Page:
        """A page of the console, in the first tab."""
        self.page.goto(self.address + path)
        return self.page

    def log_in(self, token: str) -> None:
        """Type the token and press the button."""
        page = self.open("/login")
        page.get_by_label("Token").fill(token)
        page.get_by_role("button", name="Come in").click()
        page.wait_for_url(f"{self.address}/")

    def said(self) -> str:
        """What the page says of the order that was just given."""
        return self.page.get_by_role("status").inner_text()

    def forgive(self, status: int) -> None:
        """A refusal that the test wants: browsers note each in their console."""
        self.complaints = [line for line in self.complaints if f"status of {status} " not in line]

    def leave(self) -> None:
        """Close the profile. Nothing may have gone wrong, and nobody else may have been asked for anything."""
        self.context.close()
        assert self.complaints == []
        assert self.strangers == []
