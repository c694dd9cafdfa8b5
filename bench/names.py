"""Invented names, as unevenly spread as real ones, and which of them many files bear."""

from __future__ import annotations

import random
from collections.abc import Iterator

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈单仇"
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国文志海波宇浩晨曦雨欣怡佳琪俊凯博思远子涵"
    "梓轩若彤诗雅婷雪莹琳倩颖慧巧美珍贞莉桃菊勤瑞凡嘉琼春云莲真环荣爱妹香月莺媛瑾露瑶"
)
LENGTHS = (1, 2, 2, 2)  # of a given name
SKEW_SURNAME, SKEW_GIVEN = 2.0, 1.3


def name(pick: random.Random) -> str:
    """A name of two or three characters; the first of each list come up most."""
    surname = SURNAMES[int(len(SURNAMES) * pick.random() ** SKEW_SURNAME)]
    given = "".join(GIVEN[int(len(GIVEN) * pick.random() ** SKEW_GIVEN)] for _ in range(pick.choice(LENGTHS)))
    return surname + given


def _shares(text: str, skew: float) -> Iterator[tuple[str, float]]:
    """How often each character comes up, as ``name`` draws it."""
    for no, one in enumerate(text):
        yield one, ((no + 1) / len(text)) ** (1 / skew) - (no / len(text)) ** (1 / skew)


def common(bearers: int, files: int, *, given_only: bool = False) -> list[str]:
    """Two characters that so many of so many files bear on the average, as a name begins or as a given name."""
    longer = sum(one == 2 for one in LENGTHS) / len(LENGTHS)
    firsts = _shares(GIVEN, SKEW_GIVEN) if given_only else _shares(SURNAMES, SKEW_SURNAME)
    least = bearers / files / (longer if given_only else 1)
    seconds = list(_shares(GIVEN, SKEW_GIVEN))
    return [a + b for a, often in firsts for b, then in seconds if often * then >= least]
