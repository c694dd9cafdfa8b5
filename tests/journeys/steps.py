"""What people do on screens, in the words of a journey."""

from __future__ import annotations

from datetime import datetime

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import PASSWORD, SHANGHAI

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


def follow(window: Page, control: str | Locator) -> None:
    """Click what leads to another page, and wait until that page is there whole.

    A click alone returns as soon as the answer begins: what a test reads then may be an empty document, in which
    nothing is visible and nothing leaks.
    """
    target = window.locator(control) if isinstance(control, str) else control
    with window.expect_navigation():
        target.click()


def enter_key(window: Page, field: str) -> None:
    """Press Enter in a field, and wait until the page that answers is there whole."""
    with window.expect_navigation():
        window.press(field, "Enter")


def scan(window: Page, code: str) -> str:
    """What a scanner does: it types what it reads wherever the cursor stands, and Enter; what the desk says then.

    Nobody clicks before: the page has put the cursor into its field.
    """
    expect(window.locator("input[autofocus]")).to_be_focused()
    with window.expect_navigation():
        window.keyboard.type(code)
        window.keyboard.press("Enter")
    return window.locator(".k-flash").inner_text()


def unfold(control: Locator) -> None:
    """Open or close a part of the page that folds; no other page follows."""
    control.click()


def bring(window: Page, button: str, part: str) -> None:
    """Press what brings a part of the page, and wait until it is there; no other page follows."""
    window.locator(button).click()
    expect(window.locator(part)).to_be_visible()


def downloaded(window: Page, link: str) -> bytes:
    """What a link of the page downloads."""
    with window.expect_download() as waiting:
        window.get_by_role("link", name=link).click()
    return waiting.value.path().read_bytes()


def look_up(window: Page, chip: Locator) -> str:
    """Click a clause's number; its text opens in the drawer beside the page."""
    number = chip.inner_text().strip()
    chip.click()
    expect(window.locator("#drawer")).to_contain_text(number)
    return window.locator("#drawer").inner_text()


def until_done(window: Page) -> None:
    """Watch the progress of a long work until the page of its result is there whole."""
    expect(window.locator("progress")).to_have_count(0, timeout=300_000)
    window.wait_for_load_state()


def log_in(window: Page, username: str, password: str = PASSWORD) -> None:
    """Log in on the first screen; what answers is there whole."""
    window.goto("/login/")
    window.fill("[name=username]", username)
    window.fill("[name=password]", password)
    follow(window, "form.k-login button[type=submit]")


def type_in(window: Page, **values: str) -> None:
    """Open a vehicle file on the intake screen."""
    window.goto("/files/open/")
    for field, value in values.items():
        control = window.locator(f"[name=field_{field}]")
        control.select_option(value) if control.evaluate("e => e.tagName") == "SELECT" else control.fill(value)
    window.locator("[name=role_consultant]").select_option(label=window.locator(".k-bar-end .k-strong").text_content())
    follow(window, "#content form.k-form button.btn-primary")
    window.wait_for_url("**/files/*/")


def delivered(window: Page, on: str) -> None:
    """Record on the file page that the vehicle was delivered on a day."""
    window.fill("#on_delivered", on)
    follow(window, window.locator("form", has=window.locator("#on_delivered")).locator("button"))


def answer_papers(window: Page, missing: dict[str, str]) -> None:
    """Answer every line of the first checklist: present, but for the named ones, which are missing for a reason."""
    lines = window.locator("section.k-card", has=window.locator("select[name^=state_]")).first
    for row in lines.locator("tbody tr").all():
        name = row.locator("select").get_attribute("aria-label")
        row.locator("select").select_option("missing" if name in missing else "present")
        if name in missing:
            row.locator("input[name^=reason_]").fill(missing[name])
    follow(window, lines.locator("button.btn-primary"))


def hand_over(window: Page, receiver: str, receiver_username: str, giver_username: str) -> None:
    """Offer the first set with the giver's signature, then let the receiver sign in the same window."""
    follow(window, window.locator("a[href*='/handover/'], a[href*='/prepare/'], section.k-card header a.btn").first)
    window.locator("[name=receiver]").select_option(label=receiver)
    window.fill("[name=giver_username]", giver_username)
    window.fill("[name=giver_password]", PASSWORD)
    follow(window, "#content form.k-form button.btn-primary")
    window.fill("[name=receiver_username]", receiver_username)
    window.fill("[name=receiver_password]", PASSWORD)
    follow(window, window.locator("form", has=window.locator("[name=receiver_password]")).locator("button"))


def hear_and_impose(window: Page, pk: int) -> None:
    """The director hears the consultant and imposes what is proposed."""
    window.goto(f"/breaches/{pk}/")
    window.fill("[name=statement]", "客户周末提车，资料在车上。")
    follow(window, "form[action$='/hear/'] button")
    follow(window, "form[action$='/decide/'] button[value=impose]")


def moment(day: str, hour: int = 9) -> datetime:
    """A moment in the house's time zone."""
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=SHANGHAI)
