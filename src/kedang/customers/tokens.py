"""How names, phones and ids are found: keyed hashes of their parts, never the values.

A name gives its single characters and bigrams, its full pinyin and its initials; a surname with two readings is
indexed under both (pypinyin misreads 单 曾 仇 解 尉迟 朴 查 区 盖 as surnames).  A phone gives the whole and the last
four digits, an id the whole and the last four signs.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from typing import Any

from pypinyin import Style, pinyin

from kedang.journal.keys import blind_token

SURNAMES: dict[str, tuple[str, ...]] = {
    "单": ("shan", "dan"),
    "曾": ("zeng", "ceng"),
    "仇": ("qiu", "chou"),
    "解": ("xie", "jie"),
    "朴": ("piao", "pu"),
    "查": ("zha", "cha"),
    "区": ("ou", "qu"),
    "盖": ("ge", "gai"),
    "任": ("ren",),
    "华": ("hua",),
    "翟": ("zhai", "di"),
    "召": ("shao", "zhao"),
    "员": ("yun", "yuan"),
    "乐": ("yue", "le"),
    "覃": ("qin", "tan"),
    "尹": ("yin",),
}
DOUBLE_SURNAMES: dict[str, tuple[tuple[str, str], ...]] = {
    "尉迟": (("yu", "chi"), ("wei", "chi")),
    "长孙": (("zhang", "sun"), ("chang", "sun")),
    "万俟": (("mo", "qi"), ("wan", "si")),
}
MAX_NAME = 60
PROVINCES = (
    "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"  # the signs with which a registration mark begins
)
BARE_MARK = re.compile(r"[a-z][a-z0-9]{5,6}")


def fold(text: str) -> str:
    """What people may type differently made the same: width, case and blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def digits(text: str) -> str:
    """The digits of a phone number, without the country code of the mainland."""
    found = re.sub(r"\D", "", unicodedata.normalize("NFKC", text))
    return found[2:] if len(found) == 13 and found.startswith("86") else found


def _letters(rest: str) -> Any:
    """What is no Chinese character stays, letter by letter."""
    return list(rest)


def readings(name: str) -> list[list[str]]:
    """The ways to read a name in pinyin, the likelier first."""
    if not re.search(r"[\u3400-\u9fff]", name):
        return []
    syllables = [one[0] for one in pinyin(name, style=Style.NORMAL, errors=_letters)]
    for surname, ways in DOUBLE_SURNAMES.items():
        if name.startswith(surname):
            return [[*way, *syllables[2:]] for way in ways]
    first = SURNAMES.get(name[0])
    if first is None:
        return [syllables]
    return [[way, *syllables[1:]] for way in dict.fromkeys([*first, syllables[0]])]


def name_parts(name: str) -> set[str]:
    """Every part of a name under which it is found."""
    text = fold(name)[:MAX_NAME]
    parts = {text, *text, *(a + b for a, b in itertools.pairwise(text))} if text else set()
    for way in readings(text):
        parts |= {"".join(way), "".join(one[0] for one in way if one)}
    if text.isascii():
        parts |= {fold(word) for word in name.split()}
    return parts - {""}


def tokens_for(find: str, value: str) -> set[int]:
    """Keyed hashes for a value found as ``find`` says: exact, tail-4, name or none."""
    if find == "name":
        return {blind_token("name", part) for part in name_parts(value)}
    text = fold(value)
    if not text or find == "none":
        return set()
    found = {blind_token("exact", text)}
    number = digits(value)
    if len(number) >= 7 and re.fullmatch(r"[\d\s+()-]+", value.strip()):
        found.add(blind_token("exact", number))
    if find == "tail-4" and len(text) >= 4:
        found.add(blind_token("tail", (number if len(number) >= 4 else text)[-4:]))
    return found


def number_tokens(number: str) -> set[int]:
    """Keyed hashes for a file's number: whole, its last four digits, and each of its ends as the spine shows it.

    ``HQ-2026-00033`` is found by 00033, by 33 and by 2026-00033.
    """
    parts = re.findall(r"[^\W_]+", fold(number))
    ends = {"".join(parts[at:]) for at in range(1, len(parts))} | set(re.findall(r"\d+$", fold(number)))
    return tokens_for("tail-4", number) | {blind_token("number", end) for one in ends if (end := _end_of(one))}


def _end_of(text: str) -> str:
    """The end of a number without its signs and leading zeros; empty for what begins with letters."""
    plain = re.sub(r"[\W_]", "", text).lstrip("0")
    return plain if plain[:1].isdecimal() else ""


def query_groups(query: str) -> list[set[int]]:
    """What a typed query asks for: one of each set must be there.

    Two and more Chinese characters must all be there as bigrams; anything else is a whole, initials, a last four, or
    a registration mark without its first sign, which stands for the province.
    """
    text = fold(query)[:MAX_NAME]
    if not text:
        return []
    whole = {blind_token("exact", text), blind_token("name", text)}
    number = digits(query)
    if re.fullmatch(r"[\d\s+()-]+", query.strip()):
        whole.add(blind_token("exact", number))
    if end := _end_of(text):
        whole.add(blind_token("number", end))
    if BARE_MARK.fullmatch(text):
        whole |= {blind_token("exact", province + text) for province in PROVINCES}
    if len(text) == 4:
        whole.add(blind_token("tail", text))
    if len(text) > 2 and re.fullmatch(r"[\u3400-\u9fff·]+", text):
        return [{blind_token("name", a + b)} for a, b in itertools.pairwise(text)]
    return [whole]
