"""The types of a pack's fields: a typed text is cleaned and checked, or refused with a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from stdnum import exceptions
from stdnum.cn import ric, uscc

from kedang.customers.tokens import fold
from kedang.rulebook.pack import FieldKind

MAX_TEXT = 2000
MAX_NAME = 100
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
DATE_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")
VIN_VALUES = {
    **{str(number): number for number in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7, "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}  # fmt: skip
PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")  # GB/T 2260, and residence cards
PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{4,5}[A-Z0-9\u4e00-\u9fff]\Z")


class WrongValue(ValueError):
    """A value that its type does not allow; the message is for the reader."""


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _text(text: str) -> str:
    return _plain(text)


def _name(text: str) -> str:
    value = " ".join(_plain(text).split())
    if len(value) > MAX_NAME or not any(sign.isalpha() for sign in value):
        raise WrongValue(_("A name has letters or characters, and at most 100 of them."))
    return value


def _mobile(text: str) -> str:
    number = re.sub(r"[\s()-]", "", _plain(text)).removeprefix("+86")
    if re.fullmatch(r"1[3-9]\d{9}\.0", number):  # a number cell of a spreadsheet
        number = number[:-2]
    if not re.fullmatch(r"1[3-9]\d{9}", number):
        raise WrongValue(_("A mobile number has 11 digits and begins with 13 to 19."))
    return number


def _landline(text: str) -> str:
    number = re.sub(r"[\s()]+", "-", _plain(text)).strip("-")
    if not re.fullmatch(r"0\d{2,3}-?\d{7,8}(-\d{1,6})?", number):
        raise WrongValue(_("A landline needs its area code: 021-62345678."))
    return number


def _phone(text: str) -> str:
    try:
        return _mobile(text)
    except WrongValue:
        return _landline(text)


def _vin(text: str) -> str:
    value = _plain(text).upper().replace(" ", "")
    if len(value) != 17 or any(sign not in VIN_VALUES for sign in value):
        raise WrongValue(_("This number has 17 letters and digits, without I, O and Q."))
    return value


def _plate(text: str) -> str:
    value = re.sub(r"[\s·.-]", "", _plain(text)).upper()
    if not PLATE.match(value):
        raise WrongValue(_("This is not a license plate."))
    return value


def _identity(text: str) -> str:
    value = _plain(text).upper().replace(" ", "")
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+|\d{15,}\.0", value):
        raise WrongValue(
            _("The number was typed as a number and its last digits are lost: make the column text and type it again.")
        )
    try:
        return str(ric.validate(value))
    except exceptions.InvalidChecksum:
        raise WrongValue(_("The check digit of the identity number is wrong.")) from None
    except exceptions.InvalidComponent:
        if _born_somewhere(value):
            return value
    except exceptions.ValidationError:
        pass
    raise WrongValue(_("An identity number has 18 signs with a valid date and region."))


def _born_somewhere(value: str) -> bool:
    """Whether date and province can be, though the library knows no such county in that year.

    Numbers were given out at sixteen, with the county of that day: who was born in 1978 in what became Pudong in 1993
    has Pudong's code.  Its list also lacks counties.
    """
    try:
        ric.get_birth_date(value)
    except exceptions.InvalidComponent:
        return False
    return PROVINCES.match(value) is not None


def _uscc(text: str) -> str:
    try:
        return str(uscc.validate(_plain(text).upper()))
    except exceptions.InvalidChecksum:
        raise WrongValue(_("The check digit of the unified social credit code is wrong.")) from None
    except exceptions.ValidationError:
        raise WrongValue(_("A unified social credit code has 18 letters and digits.")) from None


def read_date(text: str) -> date:
    """A day as people write it.  Raises ``WrongValue``."""
    value = _plain(text).split(" ")[0]
    for form in DATE_FORMS:
        try:
            return datetime.strptime(value, form).date()
        except ValueError:
            continue
    raise WrongValue(_("Write a date as 2026-11-23."))


def _date(text: str) -> str:
    return read_date(text).isoformat()


def _money(text: str) -> str:
    try:
        amount = Decimal(re.sub(r"[,¥￥\s]", "", _plain(text)))
    except InvalidOperation:
        raise WrongValue(_("Write an amount as 1234.50.")) from None
    if not amount.is_finite() or amount != amount.quantize(Decimal("0.01")):
        raise WrongValue(_("An amount has at most two decimals."))
    return str(amount)


def _number(text: str) -> str:
    value = _plain(text).removesuffix(".0")
    if not re.fullmatch(r"-?\d{1,15}", value):
        raise WrongValue(_("Write a whole number."))
    return value


def _yes_no(text: str) -> str:
    value = fold(text)
    if value in {"yes", "是", "有", "1", "true"}:
        return "yes"
    if value in {"no", "否", "无", "0", "false"}:
        return "no"
    raise WrongValue(_("Write yes or no."))


TYPES: dict[str, Callable[[str], str]] = {
    "text": _text, "name": _name, "address": _text, "phone": _phone, "mobile": _mobile, "landline": _landline,
    "vin": _vin, "plate": _plate, "identity": _identity, "id-number": _identity, "uscc": _uscc, "date": _date,
    "money": _money, "number": _number, "yes-no": _yes_no, "yes_no": _yes_no,
}  # fmt: skip


def _choice(field: FieldKind, text: str) -> str:
    wanted = fold(text)
    for key, label in field.choices:
        if wanted in {fold(key), fold(label.zh), fold(label.en)}:
            return key
    raise WrongValue(_("Choose one of the values that the policy lists."))


def clean(field: FieldKind, text: str) -> str:
    """The value as it is kept; empty stays empty.  Raises ``WrongValue``, also for signs that hide or turn others."""
    if not text.strip():
        return ""
    if len(text) > MAX_TEXT:
        raise WrongValue(_("This is longer than 2,000 characters."))
    if UNSEEN.search(text):
        raise WrongValue(_("There are signs in it that nobody sees: type it again."))
    if field.choices:
        return _choice(field, text)
    return TYPES.get(field.type, _text)(text)
