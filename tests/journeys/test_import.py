"""A sheet of 300 vehicles with twelve faults: what is good comes in, the rest comes back and then comes in too."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
import python_calamine
import xlsxwriter
from stdnum.cn import ric

from tests.journeys.steps import downloaded, follow, unfold, until_done

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "keys"])]

ROWS = 300


def identity(no: int) -> str:
    """An identity number with a right check digit."""
    head = f"310104198{no % 10}0{1 + no % 9}{10 + no % 18}{no:03d}"
    return head + str(ric.calc_check_digit(head + "0"))


def good_row(no: int) -> dict[str, object]:
    """A row as a careful clerk types it."""
    return {
        "车架号": f"LSVNX41Z8{no:08d}", "客户名称": f"秦叔宝{no}", "车牌号": f"沪B{no:05d}", "联系人": f"程咬金{no}",
        "联系手机": f"139{no:08d}", "身份证号": identity(no), "车辆来源": "本店售出", "销售顾问": "李思远",
        "交车日期": (date(2025, 1, 6) + timedelta(days=no)).isoformat(),
    }  # fmt: skip


# Row of the sheet (2 is the first under the head) → what is wrong there.  The last three are read all the same.
FAULTS: dict[int, dict[str, object]] = {
    11: {"车架号": "LSVNX41Z800000001"},  # a VIN twice
    22: {"身份证号": identity(22)[:-1] + ("0" if identity(22)[-1] != "0" else "1")},  # wrong check digit
    33: {"身份证号": 310104198001010000},  # typed as a number: its last digits are lost
    44: {"交车日期": "三月初五"},
    55: {"车架号": "LSVNX41Z8000005"},  # too short
    66: {"客户名称": ""},
    77: {"销售顾问": "没有这个人"},
    88: {"车牌号": "不详"},
    99: {"联系手机": "1390000"},
    110: {"联系手机": 13912345678.0},  # a phone as a float
    121: {"交车日期": "2025年5月6日"},  # a date as text
}
WRONG = [row for row in FAULTS if row < 110]


def workbook(head: list[str], rows: list[dict[str, object]]) -> bytes:
    """A workbook whose cells keep the types that they were given."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, head)
    for number, row in enumerate(rows, 1):
        sheet.write_row(number, 0, [row.get(name, "") for name in head])
    book.close()
    return out.getvalue()


def upload(window, name: str, data: bytes, *, past: bool) -> None:
    """Upload a sheet on the import screen and look at the check."""
    window.goto("/imports/")
    window.set_input_files("[name=upload]", {"name": name, "mimeType": "application/octet-stream", "buffer": data})
    if past:
        window.check("[name=past]")
    follow(window, "#content form.k-form button.btn-primary")
    window.wait_for_url("**/imports/*/")


def figures(window) -> dict[str, int]:
    """The figures above an import, by their words."""
    found = window.locator(".k-figures > *").all()
    return {one.locator("span").inner_text(): int(one.locator("b").inner_text()) for one in found}


def bring_in(window) -> dict[str, int]:
    """Start, watch the progress, and wait for the result."""
    follow(window, "#content form.k-form button.btn-primary")
    until_done(window)
    return figures(window)


def read(data: bytes) -> list[list[str]]:
    """The rows of a workbook as text."""
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_300_vehicles_with_twelve_faults_come_in_and_what_was_wrong_comes_in_corrected(enter, clock, house):
    from kedang.duties.models import Duty
    from kedang.files.models import File

    clock.on("2026-03-02")
    window = enter("wang", "/imports/")
    head = read(downloaded(window, "下载模板"))[0]
    assert {"车架号", "客户名称", "身份证号", "交车日期", "销售顾问"} <= {name.rstrip("*") for name in head}
    head = [name.rstrip("*") for name in head]
    rows = [good_row(no) | FAULTS.get(no + 1, {}) for no in range(1, ROWS + 1)]
    sheet = workbook(head, rows)

    foreign = workbook(
        ["底盘" if name == "车架号" else name for name in head], [{**one, "底盘": one["车架号"]} for one in rows]
    )
    upload(window, "cars.xlsx", foreign, past=True)
    assert figures(window)["行可导入"] == 0  # no column says which vehicle
    check_again = window.get_by_role("button", name="重新校验")
    if not check_again.is_visible():
        unfold(window.locator("details:has(select) > summary"))
    window.locator(f"[name=col_{head.index('车架号')}]").select_option("field:vin")
    follow(window, check_again)
    assert figures(window)["行可导入"] == ROWS - len(WRONG)
    assert bring_in(window)["行已导入"] == ROWS - len(WRONG)
    assert Duty.objects.count() == 0  # history opens no duties

    failed = read(downloaded(window, "失败数据"))
    assert failed[0][0] == "错误原因"
    assert len(failed) - 1 == len(WRONG)
    assert all(row[0] for row in failed[1:])
    assert [row[1 + head.index("客户名称")] for row in failed[1:]] == [rows[no - 2]["客户名称"] for no in WRONG]

    out = io.StringIO()
    csv.writer(out).writerows(
        [["错误原因", *head], *(["", *(good_row(no - 1).get(one, "") for one in head)] for no in WRONG)]
    )
    upload(window, "corrected.csv", out.getvalue().encode("gb18030"), past=True)
    assert bring_in(window)["行已导入"] == len(WRONG)
    assert File.objects.count() == ROWS

    upload(window, "cars.xlsx", sheet, past=True)
    again = bring_in(window)
    assert again["行已导入"] == 0
    assert File.objects.count() == ROWS


def test_rows_that_are_not_history_open_their_duties(enter, clock, house):
    from kedang.duties.models import Duty

    clock.on("2026-03-02")
    window = enter("wang")
    rows = [good_row(no) | {"交车日期": "2026-02-27"} for no in (1, 2)]
    upload(window, "two.xlsx", workbook(list(rows[0]), rows), past=False)
    assert bring_in(window)["行已导入"] == 2
    assert {str(one.due_on) for one in Duty.objects.filter(clause="07:7.4.1a")} == {
        "2026-03-03"
    }  # Saturday 28 is worked


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.xlsx", b""),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(200)),
        ("broken.xlsx", b"PK\x03\x04" + bytes(300)),
        ("head-only.csv", "车架号,客户名称\n".encode()),
        ("binary.csv", bytes(range(256)) * 20),
    ],
)
def test_a_sheet_that_is_none_is_answered_on_the_form_in_words(enter, house, name, data):
    window = enter("wang", "/imports/")
    window.set_input_files("[name=upload]", {"name": name, "mimeType": "text/csv", "buffer": data})
    follow(window, "#content form.k-form button.btn-primary")
    assert window.url.endswith("/imports/")
    assert window.locator(".k-error, .is-error").first.is_visible()
