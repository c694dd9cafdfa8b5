"""Screenshots of the main screens, wide and narrow, of a served demo: ``python tools/screenshots.py URL DIRECTORY``."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic", "--font-render-hinting=none",
]  # fmt: skip
SIZES = {"wide": (1366, 768), "narrow": (390, 844)}
SCREENS = {
    "desk": "/desk/", "files": "/files/", "file": "/files/1/", "intake": "/files/open/", "import": "/imports/",
    "handovers": "/handovers/", "sign-for-book": "/sign-for-book/", "reception": "/reception/",
    "breaches": "/breaches/", "approvals": "/approvals/", "policies": "/policies/", "policy": "/policies/07/",
    "clause": "/policies/clause/07:7.4.1a/", "staff": "/staff/", "journal": "/journal/", "help": "/help/",
}  # fmt: skip


def log_in(page: Page, base: str, username: str, password: str) -> None:
    """Log in as this person."""
    page.goto(base + "/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.click("form.k-login button[type=submit]")


def take(base: str, folder: Path, username: str = "chen", password: str = "kedang-demo-2026") -> list[str]:
    """Take all screens; the names of those that did not answer 200."""
    folder.mkdir(parents=True, exist_ok=True)
    failed = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for size, (width, height) in SIZES.items():
            context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
            page = context.new_page()
            page.goto(base + "/login/")
            page.screenshot(path=folder / f"login-{size}.png")
            log_in(page, base, username, password)
            for name, path in SCREENS.items():
                answer = page.goto(base + path)
                if answer is None or answer.status != 200:
                    failed.append(f"{name}-{size}")
                page.screenshot(path=folder / f"{name}-{size}.png")
            context.close()
        browser.close()
    return failed


if __name__ == "__main__":
    missing = take(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:5])
    print("not answered:", ", ".join(missing) or "none")
