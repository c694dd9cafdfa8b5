"""A branch with people and a small policy in force, for the tests of customers, files and custody."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import kedang
from kedang.adoptions.models import Adoption
from kedang.journal.guard import writing
from kedang.staff.models import Branch, Person, PostHolding

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
PASSWORD = "correct horse battery"
BASE = Path(kedang.__file__).parent / "policies" / "00-base.yaml"
PACK = """
pack: test-house
language: 1
edition: "1"
title: {zh: 测试制度, en: Test house}
posts:
  seller: {zh: 销售, en: Seller, is: [clerk]}
  keeper: {zh: 档案管理员, en: Keeper, is: [clerk, archivist]}
  guard: {zh: 门卫, en: Guard}
files:
  thing:
    zh: 物品档案
    en: Thing file
    one_per: serial
    roles: {seller: {zh: 销售, en: Seller, post: seller}}
    milestones: {delivered: {zh: 交付, en: Delivered, date: delivered_on}}
    jobs:
      visit:
        zh: 到店
        en: Visit
        roles: {server: {zh: 服务, en: Server, post: seller}}
        kinds: {repair: {zh: 维修, en: Repair}, care: {zh: 保养, en: Care}}
        milestones: {ended: {zh: 结束, en: Ended, date: ended_on}}
    fields:
      serial: {zh: 车架号, en: Serial, type: vin, grade: personal, find: exact, strength: gate}
      owner: {zh: 客户名称, en: Owner, type: name, grade: personal, find: name, strength: gate}
      mobile: {zh: 手机, en: Mobile, type: mobile, grade: personal, find: tail-4, strength: complete}
      card: {zh: 身份证号, en: Identity number, type: id-number, grade: secret, find: tail-4, strength: optional}
      plate: {zh: 车牌, en: Plate, type: plate, grade: personal, find: exact, strength: optional}
      origin: {zh: 来源, en: Origin, type: choice, grade: open, strength: optional,
               choices: {own: {zh: 本店, en: Ours}, other: {zh: 他店, en: Others}}}
records:
  contract: {zh: 合同, en: Contract}
  photo: {zh: 照片, en: Photo, type: photo}
checklists:
  new-thing:
    zh: 新物档案
    en: New set
    file: thing
    lines:
      - {line: contract, form: original}
      - {line: photo}
  visit-set:
    zh: 到店档案
    en: Visit set
    file: thing
    job: visit
    kind: repair
    lines:
      - {line: sheet, any_of: [contract]}
defects:
  wrong: {zh: 错误, en: Wrong}
defaults:
  thing.number: {value: "{branch}-{year}-{seq:5}", may_be: [pattern]}
  renewal.days: {value: 30, may_be: [1, 180]}
clauses:
  - id: "1"
    zh: 交付后三日内移交。
    en: Handed over within three working days of delivery.
    rules:
      - duty: {after: thing.delivered, from: thing.delivered_on, who: [file.seller], about: file,
               done_by: handover.received, done_when: {handover.set: new-thing}, within_working_days: 3}
  - id: "2"
    zh: 接待时须核对联系人。
    en: Each reception verifies the contact.
    rules:
      - require: {act: job.open, that: {job.contact_verified: "yes"}}
  - id: "3"
    zh: 逾期移交的，每份档案罚款五十元。
    en: A late handover costs fifty yuan a file.
    rules:
      - sanction: {for: {late: "1"}, fine_cny: 50, per: file, decided_by: [keeper]}
"""
VIN = "LSVAM4187C2184841"
CARD = "11010519491231002X"


def values(**changes: str) -> dict[str, str]:
    """Field values of a good file."""
    return {"serial": VIN, "owner": "单雄信", "mobile": "13800001111", "card": CARD, "plate": "沪A12345"} | changes


def make_world(clauses: str = "") -> SimpleNamespace:
    """A branch, its people and the policy, with more clauses where given; ``token`` gives a fresh form token."""
    pack = PACK.rstrip() + clauses if clauses else PACK
    with writing():
        branch = Branch.objects.create(code="PD", name_zh="浦东店", name_en="Pudong")
        people = {}
        for name, post in (("li", "seller"), ("wang", "keeper"), ("zhao", "guard")):
            one = Person.objects.create_user(name, PASSWORD, name=name.title())
            PostHolding.objects.create(person=one, branch=branch, post=post, since=date(2020, 1, 1))
            people[name] = one
        for text, file_name in ((BASE.read_text("utf-8"), BASE.name), (pack, "90-test-house.yaml")):
            Adoption.objects.create(
                branch=branch, slug=file_name, file_name=file_name, edition="1", text=text,
                sha256=hashlib.sha256(text.encode()).hexdigest(), approved_by=people["wang"],
                in_force_from=date(2020, 1, 1),
            )  # fmt: skip
    numbers = count(1)
    world = SimpleNamespace(branch=branch, now=NOW, today=TODAY, **people)
    world.token = lambda: f"form-{next(numbers)}"
    world.by = lambda who, token="": {"actor": who, "now": NOW, "token": token or world.token()}
    return world


def thing(world: SimpleNamespace):
    """A file that Li opens."""
    from kedang.files.services import open_file

    return open_file(
        **world.by(world.li), branch=world.branch, kind="thing", values=values(), roles={"seller": world.li}
    ).result
