"""What people do on screens, in the words of a journey."""

from __future__ import annotations

from datetime import datetime

from playwright.sync_api import Page

from tests.journeys.conftest import PASSWORD, SHANGHAI

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


def type_in(window: Page, **values: str) -> None:
    """Open a vehicle file on the intake screen."""
    window.goto("/files/open/")
    for field, value in values.items():
        control = window.locator(f"[name=field_{field}]")
        control.select_option(value) if control.evaluate("e => e.tagName") == "SELECT" else control.fill(value)
    window.locator("[name=role_consultant]").select_option(label=window.locator(".k-bar-end .k-strong").text_content())
    window.click("#content form.k-form button.btn-primary")
    window.wait_for_url("**/files/*/")


def delivered(window: Page, on: str) -> None:
    """Record on the file page that the vehicle was delivered on a day."""
    window.fill("#on_delivered", on)
    window.locator("form", has=window.locator("#on_delivered")).locator("button").click()
    window.wait_for_load_state()


def answer_papers(window: Page, missing: dict[str, str]) -> None:
    """Answer every line of the first checklist: present, but for the named ones, which are missing for a reason."""
    lines = window.locator("section.k-card", has=window.locator("select[name^=state_]")).first
    for row in lines.locator("tbody tr").all():
        name = row.locator("select").get_attribute("aria-label")
        row.locator("select").select_option("missing" if name in missing else "present")
        if name in missing:
            row.locator("input[name^=reason_]").fill(missing[name])
    lines.locator("button.btn-primary").click()
    window.wait_for_load_state()


def hand_over(window: Page, receiver: str, receiver_username: str, giver_username: str) -> None:
    """Offer the first set with the giver's signature, then let the receiver sign in the same window."""
    window.locator("a[href*='/handover/'], a[href*='/prepare/'], section.k-card header a.btn").first.click()
    window.locator("[name=receiver]").select_option(label=receiver)
    window.fill("[name=giver_username]", giver_username)
    window.fill("[name=giver_password]", PASSWORD)
    window.click("#content form.k-form button.btn-primary")
    window.fill("[name=receiver_username]", receiver_username)
    window.fill("[name=receiver_password]", PASSWORD)
    window.locator("form", has=window.locator("[name=receiver_password]")).locator("button").click()
    window.wait_for_load_state()


def hear_and_impose(window: Page, pk: int) -> None:
    """The director hears the consultant and imposes what is proposed."""
    window.goto(f"/breaches/{pk}/")
    window.fill("[name=statement]", "客户周末提车，资料在车上。")
    window.click("form[action$='/hear/'] button")
    window.wait_for_load_state()
    window.locator("form[action$='/decide/'] button[value=impose]").click()
    window.wait_for_load_state()


def moment(day: str, hour: int = 9) -> datetime:
    """A moment in the house's time zone."""
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=SHANGHAI)
