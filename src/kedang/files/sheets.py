"""Spreadsheets in and out: every cell as text, and what a spreadsheet has destroyed recognized later by its form."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import python_calamine
import xlsxwriter

MAX_ROWS = 50_000
MAX_COLUMNS = 200
MAX_BYTES = 20 * 1024 * 1024
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class WrongSheet(ValueError):
    """Bytes that are no spreadsheet that Kedang reads; the message names a reason by its key."""


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()


def _workbook(data: bytes) -> list[list[str]]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except Exception as error:  # the reader raises whatever a broken file makes of it
        raise WrongSheet("unreadable") from error
    return [[_cell(value) for value in row[:MAX_COLUMNS]] for row in rows[: MAX_ROWS + 2]]


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _csv(data: bytes) -> list[list[str]]:
    try:
        text = _text(data)
    except UnicodeDecodeError as error:
        raise WrongSheet("encoding") from error
    if "\x00" in text:
        raise WrongSheet("unreadable")
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    try:
        return [[cell.strip() for cell in row[:MAX_COLUMNS]] for row in csv.reader(io.StringIO(text), delimiter=mark)]
    except csv.Error as error:
        raise WrongSheet("unreadable") from error


def read(data: bytes) -> tuple[list[str], list[list[str]]]:
    """The head line and the rows as text.  Raises ``WrongSheet`` with unreadable, encoding, empty or long."""
    if len(data) > MAX_BYTES:
        raise WrongSheet("long")
    rows = _workbook(data) if data.startswith((ZIP, OLE)) else _csv(data)
    rows = [row for row in rows if any(row)]
    if len(rows) < 2:
        raise WrongSheet("empty")
    if len(rows) > MAX_ROWS + 1:
        raise WrongSheet("long")
    width = len(rows[0])
    return rows[0], [(row + [""] * width)[:width] for row in rows[1:]]


def write(head: Sequence[str], rows: Iterable[Sequence[str]], choices: dict[int, list[str]] | None = None) -> bytes:
    """A workbook whose every cell is text, with drop-downs on the columns that have choices."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    text = book.add_format({"num_format": "@"})
    bold = book.add_format({"bold": True, "num_format": "@", "bottom": 1})
    sheet.set_column(0, max(len(head) - 1, 0), 22, text)
    sheet.write_row(0, 0, head, bold)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            sheet.write_string(number, column, value, text)
    for column, names in (choices or {}).items():
        if sum(map(len, names)) + len(names) < 255:
            sheet.data_validation(1, column, MAX_ROWS, column, {"validate": "list", "source": names})
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
