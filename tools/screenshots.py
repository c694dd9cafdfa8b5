"""Screenshots of the screens in their states, wide and narrow, of a served demo.

``python tools/screenshots.py URL DIRECTORY [PREFIX]``: the walk acts.  It opens a file, hands it over, imports sheets
and hears a breach, so take it from a demo that may change.  The third argument takes only the walks whose name begins
with it.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Locator, Page, ViewportSize, sync_playwright

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic", "--font-render-hinting=none",
]  # fmt: skip
SIZES = {"wide": (1366, 768), "narrow": (390, 844)}
PASSWORD = "kedang-demo-2026"
CAR = {"vin": "LSVNX41Z610000001", "owner": "尉迟恭", "plate": "沪A12345", "contact": "尉迟宝", "mobile": "13800001111"}
SHEET = """车架号,客户名称,车牌号,联系人,联系手机,身份证号,车辆来源,销售顾问,交车日期
LSVNX41Z700000001,秦叔宝,沪B00001,程咬金,13900000001,,本店售出,李思远,2025-01-06
LSVNX41Z700000001,秦叔宝,沪B00001,程咬金,13900000001,,本店售出,李思远,2025-01-06
LSVNX41Z700000002,,沪B00002,程咬金,13900000002,,本店售出,李思远,2025-01-06
LSVNX41Z7000002,罗成,沪B00003,罗艺,13900000003,,本店售出,李思远,2025-01-06
LSVNX41Z700000004,罗成,不详,罗艺,1390000,310104198001010001,本店售出,没有这个人,三月初五
LSVNX41Z700000005,尤俊达,沪B00005,单雄信,13900000005,,本店售出,李思远,2025-01-08
"""


class Camera:
    """Takes each page wide and narrow into a folder, whole pages up to a bearable length."""

    def __init__(self, base: str, folder: Path, browser: Browser) -> None:
        """Photograph what is served under an address."""
        self.base, self.folder, self.browser = base, folder, browser

    def enter(self, username: str, *, locale: str = "zh-CN", dark: bool = False) -> Page:
        """Log in as this person, in Chinese unless told."""
        scheme: Literal["dark", "light"] = "dark" if dark else "light"
        window = self.browser.new_context(
            viewport=size("wide"), base_url=self.base, locale=locale, color_scheme=scheme
        )  # fmt: skip
        page = window.new_page()
        if username:
            page.goto("/login/")
            page.fill("[name=username]", username)
            page.fill("[name=password]", PASSWORD)
            follow(page, page.locator("form.k-login button[type=submit]"))
        return page

    def shoot(self, page: Page, name: str) -> None:
        """Take the page in both widths; what runs out to the right is told."""
        for width in SIZES:
            page.set_viewport_size(size(width))
            page.wait_for_load_state("networkidle")
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if over > 0:
                print(f"{name}-{width} runs out by {over} px")
            page.screenshot(path=self.folder / f"{name}-{width}.png", full_page=width == "narrow")
        page.set_viewport_size(size("wide"))

    def go(self, page: Page, path: str, name: str) -> None:
        """Open an address and take it; an answer other than 200 is told."""
        answer = page.goto(path)
        if answer is None or answer.status != 200:
            print(f"{name}: {path} answered {answer.status if answer else 'nothing'}")
        self.shoot(page, name)

    def print_view(self, page: Page, name: str) -> None:
        """Print the page on A4."""
        page.pdf(path=self.folder / f"{name}.pdf", format="A4", prefer_css_page_size=True)


def size(name: str) -> ViewportSize:
    """The window of this name."""
    width, height = SIZES[name]
    return {"width": width, "height": height}


def follow(page: Page, target: Locator) -> None:
    """Click what leads to another page, and wait until it is there."""
    with page.expect_navigation():
        target.click()


def door(camera: Camera) -> None:
    """The log-in page as it comes, after a wrong password, and in English."""
    page = camera.enter("")
    camera.go(page, "/login/", "login")
    page.fill("[name=username]", "wang")
    page.fill("[name=password]", "wrong-password-1")
    follow(page, page.locator("form.k-login button[type=submit]"))
    camera.shoot(page, "login-wrong")
    camera.go(camera.enter("", locale="en"), "/login/", "login-english")


def desks(camera: Camera) -> None:
    """What each post sees first."""
    for username in ("wang", "li", "liu", "chen", "yan", "admin"):
        camera.go(camera.enter(username), "/desk/", f"desk-{username}")


def lists(camera: Camera) -> None:
    """The list of files: full, filtered to nothing; search; one file in each state."""
    page = camera.enter("wang")
    camera.go(page, "/files/", "files")
    camera.go(page, "/files/?tab=held", "files-held")
    for number in (1, 30):
        camera.go(page, f"/files/{number}/", f"file-{number}")
    camera.go(camera.enter("li"), "/files/30/", "file-consultant")
    page.goto("/desk/")
    page.fill("[name=q]", "王")
    with page.expect_navigation():
        page.press("[name=q]", "Enter")
    camera.shoot(page, "search")
    page.fill("[name=q]", "没有这样的客户")
    with page.expect_navigation():
        page.press("[name=q]", "Enter")
    camera.shoot(page, "search-nothing")


def intake(camera: Camera) -> None:
    """A file is opened: empty, wrong, then right; its papers answered and handed over with both signatures."""
    page = camera.enter("li")
    camera.go(page, "/files/open/", "intake")
    page.evaluate("document.querySelector('#content form.k-form').noValidate = true")
    page.locator("[name=field_vin]").fill("LSV123")
    page.locator("[name=field_mobile]").fill("1390000")
    follow(page, page.locator("#content form.k-form button.btn-primary"))
    camera.shoot(page, "intake-wrong")
    for name, value in CAR.items():
        page.locator(f"[name=field_{name}]").fill(value)
    page.locator("[name=role_consultant]").select_option(label="李思远")
    follow(page, page.locator("#content form.k-form button.btn-primary"))
    camera.shoot(page, "file-new")
    page.fill("#on_delivered", page.evaluate("new Date().toISOString().slice(0, 10)"))
    follow(page, page.locator("form", has=page.locator("#on_delivered")).locator("button"))
    camera.shoot(page, "file-delivered")
    lines = page.locator("section.k-card", has=page.locator("select[name^=state_]")).first
    for nth, row in enumerate(lines.locator("tbody tr").all()):
        row.locator("select").select_option("missing" if nth in (2, 3) else "present")
        if nth in (2, 3):
            row.locator("input[name^=reason_]").fill("车管所未发")
    follow(page, lines.locator("button.btn-primary"))
    hand_over(camera, page)


def hand_over(camera: Camera, page: Page) -> None:
    """Offer the set, sign twice, and look at the handover, its wrong state, and the sign-for book."""
    file_page = page.url
    follow(page, page.locator("a[href*='/handover/'], section.k-card header a.btn").first)
    camera.shoot(page, "handover-prepare")
    page.locator("[name=receiver]").select_option(label="王敏")
    page.fill("[name=giver_username]", "li")
    page.fill("[name=giver_password]", "wrong-password-1")
    follow(page, page.locator("#content form.k-form button.btn-primary"))
    camera.shoot(page, "handover-wrong")
    page.fill("[name=giver_password]", PASSWORD)
    follow(page, page.locator("#content form.k-form button.btn-primary"))
    camera.shoot(page, "handover-waiting")
    handover = page.url
    camera.go(camera.enter("wang"), handover, "handover-receiver")
    page.fill("[name=receiver_username]", "wang")
    page.fill("[name=receiver_password]", PASSWORD)
    follow(page, page.locator("form", has=page.locator("[name=receiver_password]")).locator("button").first)
    camera.go(page, handover, "handover-signed")
    camera.go(page, "/handovers/", "handovers")
    camera.go(camera.enter("wang"), file_page, "file-received")
    keeper = camera.enter("wang")
    camera.go(keeper, "/handovers/", "handovers-keeper")
    camera.go(keeper, "/sign-for-book/", "book")
    camera.print_view(keeper, "book")


def imports(camera: Camera) -> None:
    """A sheet with faults is checked, mapped, brought in; what failed is listed."""
    page = camera.enter("wang")
    camera.go(page, "/imports/", "imports")
    upload(page, "wrong.xlsx", b"PK\x03\x04" + bytes(300))
    camera.shoot(page, "import-broken")
    upload(page, "cars.csv", SHEET.replace("车架号", "底盘号", 1).encode("gb18030"))
    camera.shoot(page, "import-unmapped")
    upload(page, "cars.csv", SHEET.encode("gb18030"))
    camera.shoot(page, "import-checked")
    fold = page.locator("details:has(select) > summary")
    if fold.count():
        fold.first.click()
        camera.shoot(page, "import-mapping")
    with page.expect_navigation():
        page.locator("#content form.k-form button.btn-primary").click()
    camera.shoot(page, "import-running")
    page.locator("progress").wait_for(state="detached", timeout=300_000)
    page.wait_for_load_state()
    camera.shoot(page, "import-done")
    camera.go(page, "/imports/", "imports-history")


def upload(page: Page, name: str, data: bytes) -> None:
    """Upload a sheet on the import screen."""
    page.goto("/imports/")
    page.set_input_files("[name=upload]", {"name": name, "mimeType": "application/octet-stream", "buffer": data})
    page.check("[name=past]")
    follow(page, page.locator("#content form.k-form button.btn-primary"))


def reception(camera: Camera) -> None:
    """The counter: empty, found, found nothing; the job page."""
    page = camera.enter("he")
    camera.go(page, "/reception/", "reception")
    page.locator("#content [name=q], #content input[type=search], #content input[type=text]").first.fill("沪A99999")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    camera.shoot(page, "reception-nothing")
    page.goto("/files/1/")
    plate = page.locator("dl.k-facts dd", has_text="沪").first.inner_text()
    page.goto("/reception/")
    page.locator("#content input[type=text], #content input[type=search], #content [name=q]").first.fill(plate)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    camera.shoot(page, "reception-found")
    camera.go(page, "/jobs/1/", "job")


def breaches(camera: Camera) -> None:
    """Breaches of the house: the list, one proposed, heard, imposed; as the person concerned sees it."""
    page = camera.enter("liu")
    camera.go(page, "/breaches/", "breaches")
    camera.go(page, "/breaches/?status=proposed", "breaches-proposed")
    links = page.locator("#content tbody a[href^='/breaches/']")
    targets = list(dict.fromkeys(link.get_attribute("href") or "" for link in links.all()))
    if targets:
        camera.go(page, targets[-1], "breach-proposed")
        hearing = page.locator("[name=statement]")
        if hearing.count():
            hearing.first.fill("客户周末提车，资料在车上。")
            follow(page, page.locator("form[action$='/hear/'] button"))
            camera.shoot(page, "breach-heard")
            impose = page.locator("form[action$='/decide/'] button[value=impose]")
            if impose.count() and impose.is_enabled():
                follow(page, impose)
                camera.shoot(page, "breach-imposed")
    camera.go(camera.enter("li"), "/breaches/", "breaches-own")


def policies(camera: Camera) -> None:
    """The reader, a clause and the figures, also as printed."""
    page = camera.enter("chen")
    for name, path in {
        "policies": "/policies/", "policy": "/policies/07/", "clause": "/policies/clause/07:7.4.1a/",
        "clause-base": "/policies/clause/base:B.1/", "figures": "/figures/", "adopt": "/policies/adopt/",
        "edition": "/policies/adopted/1/", "approvals": "/approvals/", "approval": "/approvals/1/", "loans": "/loans/",
        "counter": "/loans/counter/", "help": "/help/",
    }.items():  # fmt: skip
        camera.go(page, path, name)
    page.goto("/policies/07/")
    camera.print_view(page, "policy")


def staff(camera: Camera) -> None:
    """The staff and posts: list, a person, the forms, branches; the journal."""
    page = camera.enter("admin")
    camera.go(page, "/staff/", "staff")
    camera.go(page, "/staff/3/", "person")
    for form in page.locator("#content details > summary").all():
        form.click()
    camera.shoot(page, "person-forms")
    camera.go(page, "/staff/employ/", "employ")
    page.evaluate("document.querySelector('#content form.k-form').noValidate = true")
    follow(page, page.locator("#content form.k-form button.btn-primary"))
    camera.shoot(page, "employ-wrong")
    camera.go(page, "/branches/", "branches")
    camera.go(page, "/account/", "account")
    camera.go(camera.enter("yan"), "/journal/", "journal")
    camera.go(camera.enter("li"), "/journal/", "journal-refused")


def dark(camera: Camera) -> None:
    """The main screens in the dark and in English."""
    for name, path in {"desk": "/desk/", "files": "/files/", "file": "/files/30/", "breaches": "/breaches/",
                       "policy": "/policies/07/", "intake": "/files/open/"}.items():  # fmt: skip
        camera.go(camera.enter("wang", dark=True), path, f"dark-{name}")
        camera.go(camera.enter("liu", locale="en"), path, f"english-{name}")


WALKS: dict[str, Callable[[Camera], None]] = {
    walk.__name__: walk for walk in (door, desks, lists, intake, imports, reception, breaches, policies, staff, dark)
}


def main(base: str, folder: str, prefix: str = "") -> None:
    """Take all walks, or those whose name begins with the prefix; one that breaks off is told, the others go on."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-headless-shell"), args=FLAGS
        )
        for name, walk in WALKS.items():
            if name.startswith(prefix):
                try:
                    walk(Camera(base, Path(folder), browser))
                except Exception as error:  # a walk that breaks off is a finding, not the end
                    print(f"{name} broke off: {str(error).splitlines()[0]}")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
