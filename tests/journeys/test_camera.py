"""A phone's camera at the scan desk: the frames of a made-up camera show the label of a volume."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
import segno
from playwright.sync_api import Browser, Page, expect

from tests.conftest import CHROMIUM, FLAGS
from tests.journeys.steps import PNG, bring, enter_key, follow, log_in, unfold

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "keys"])]
WIDE, HIGH = 640, 480
PLAYING = (
    "v => new Promise(done => { const see = () => v.currentTime > 1 ? done() : requestAnimationFrame(see); see() })"
)


def film(code: str, path: Path) -> Path:
    """One frame with a label in the middle, grey around it, as a raw video that the browser takes for its camera."""
    dots = [[not one for one in row] for row in segno.make(code, error="m", micro=False).matrix_iter(scale=9, border=4)]
    top, left = (HIGH - len(dots)) // 2, (WIDE - len(dots[0])) // 2
    luma = bytearray([120] * WIDE * HIGH)
    for no, row in enumerate(dots):
        start = (top + no) * WIDE + left
        luma[start : start + len(row)] = bytes(220 if light else 40 for light in row)
    colour = bytes([128]) * (WIDE * HIGH // 2)
    head = f"YUV4MPEG2 W{WIDE} H{HIGH} F10:1 Ip A1:1 C420\n".encode()
    path.write_bytes(head + (b"FRAME\n" + bytes(luma) + colour) * 2)
    return path


@pytest.fixture
def world(house, vehicles, clock, tmp_path):
    """A volume that is still in hand and a shelf for it; a film of the volume's label."""
    from kedang.files import labels
    from kedang.files.models import Volume
    from kedang.files.place_services import register_place

    clock.on("2026-03-02")
    file = vehicles(house.li, opened_on=date(2026, 3, 2))
    house.volume = Volume.objects.get(file=file)
    house.code = labels.code_of("volume", house.volume.pk)
    register_place(actor=house.wang, now=clock.now, token="place", branch=house.branch, code="A-01")
    house.film = film(house.code, tmp_path / "label.y4m")
    return house


@pytest.fixture
def phone(chromium, world):
    """A browser whose camera looks at the label."""
    if not CHROMIUM.exists():
        pytest.skip("The shell of Chromium alone has no camera")
    with_camera = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={world.film}"]
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, *with_camera])
    yield browser
    browser.close()


def in_hand(browser: Browser, live_server, *, permissions: list[str]) -> Page:
    """The archivist's phone, logged in; the camera is allowed or not."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", base_url=live_server.url, has_touch=True,
        is_mobile=True, permissions=permissions,
    )  # fmt: skip
    window = context.new_page()
    window.set_default_timeout(30_000)
    log_in(window, "wang")
    return window


def test_the_camera_reads_a_label_once_and_stays_on_for_the_next(phone, live_server, world):
    window = in_hand(phone, live_server, permissions=["camera"])
    wrong: list[str] = []
    window.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    window.goto("/scan/?mode=put")
    window.fill("[name=code]", "A-01")
    enter_key(window, "[name=code]")
    follow(window, window.get_by_role("button", name="用摄像头扫描"))
    said = window.locator(".k-flash.is-success").inner_text()
    assert "A-01" in said
    world.volume.refresh_from_db()
    assert world.volume.status == "shelved" and world.volume.place.code == "A-01"
    window.locator("video").evaluate(PLAYING)  # the camera is on again, and the label still in view
    assert window.locator(".k-flash.is-success").inner_text() == said
    unfold(window.get_by_role("button", name="关闭摄像头"))
    expect(window.locator("video")).to_be_hidden()
    assert wrong == []


def test_where_the_camera_is_not_allowed_a_photo_of_the_label_does(phone, live_server, world):
    window = in_hand(phone, live_server, permissions=[])
    window.goto("/scan/?mode=find")
    bring(window, "[data-camera-start]", "[data-camera-none]")
    photo = window.locator("[data-camera-photo] input")
    photo.set_input_files({"name": "wall.png", "mimeType": "image/png", "buffer": PNG})
    expect(window.locator("[data-camera-unread]")).to_be_visible()
    picture = io.BytesIO()
    segno.make(world.code, micro=False).save(picture, kind="png", scale=12, border=4)
    with window.expect_navigation():
        photo.set_input_files({"name": "label.png", "mimeType": "image/png", "buffer": picture.getvalue()})
    window.wait_for_url(f"**/files/{world.volume.file_id}/")
