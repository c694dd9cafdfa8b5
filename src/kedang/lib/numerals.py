"""Whole numbers as a text writes them: 30, 1,000, 三十, 两, thirty."""

from __future__ import annotations

import re

HAN = "零一二三四五六七八九"
OF_HAN = f"{HAN}〇两十百千万"
ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def names(text: str, number: str) -> bool:
    """Whether a text names this number, in digits, in Chinese or in English."""
    digits = re.sub(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", text)
    if re.search(rf"(?<![0-9.]){re.escape(number)}(?![0-9]|[.][0-9])", digits):
        return True
    if not number.isdecimal() or int(number) > 99:
        return False
    chinese = "|".join(_in_chinese(int(number)))
    if re.search(rf"(?<![{OF_HAN}])(?:{chinese})(?![{OF_HAN}])", text):
        return True
    return bool(re.search(rf"\b{_in_english(int(number))}\b", text, re.IGNORECASE))


def _in_chinese(number: int) -> tuple[str, ...]:
    tens, ones = divmod(number, 10)
    if not tens:
        return (HAN[ones], "两") if number == 2 else (HAN[ones],)
    return (("" if tens == 1 else HAN[tens]) + "十" + (HAN[ones] if ones else ""),)


def _in_english(number: int) -> str:
    if number < len(ONES):
        return ONES[number]
    tens, ones = divmod(number, 10)
    return TENS[tens] + (f"[- ]{ONES[ones]}" if ones else "")
