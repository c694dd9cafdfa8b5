"""A small pack and short ways to make events, for the tests of the engine."""

import datetime as dt

from kedang.rulebook.book import Book
from kedang.rulebook.calendars import Calendar
from kedang.rulebook.events import Event
from kedang.rulebook.loading import load_pack

PLAIN = Calendar("plain", 2020, 2030)
HEAD = """
pack: small
language: 1
edition: "1"
title: {zh: 小制度, en: Small policy}
posts:
  consultant: {zh: 顾问, en: Consultant}
  archivist: {zh: 档案管理员, en: Archivist}
  director: {zh: 总监, en: Director}
files:
  vehicle:
    zh: 车辆档案
    one_per: vin
    roles: {consultant: {zh: 顾问, post: consultant}}
    milestones: {delivered: {zh: 交车, date: delivered_on}}
    fields:
      vin: {zh: 车架号, type: vin, grade: personal, find: exact, strength: gate}
defects: {unsigned: {zh: 未签名, en: unsigned}}
incidents: {lost: {zh: 遗失, en: lost}}
rounds: {room: {zh: 检查, en: Round}}
clauses:
"""


def pack(*rules, ids=()):
    """A pack with one clause a rule, "1", "2" and so on."""
    names = list(ids) or [str(number) for number in range(1, len(rules) + 1)]
    clauses = "".join(
        f'  - id: "{name}"\n    zh: 条款\n    en: A clause\n    rules:\n      - {rule}\n'
        for name, rule in zip(names, rules, strict=True)
    )
    return load_pack(HEAD + clauses, "small.yaml")


def book(*rules, ids=()):
    return Book((pack(*rules, ids=ids),))


def day(number, month=3):
    return dt.date(2026, month, number)


def event(number, name, on, past=False, actor="eve", **carried):
    """An event; keywords are ids by noun (file="A") or, with two underscores, facts (handover__set="new")."""
    about = {key: value for key, value in carried.items() if "__" not in key}
    data = {key.replace("__", "."): value for key, value in carried.items() if "__" in key}
    kind, key = next(iter(about.items()), ("office", "1"))
    at = dt.datetime.combine(on, dt.time(9), dt.UTC)
    return Event(number, name, name, on, at, f"{kind}:{key}", actor, about, data, past)
