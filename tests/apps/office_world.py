"""The dealership's policy in force with its director and two consultants, for the tests of the office."""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import count
from pathlib import Path
from types import SimpleNamespace

from django.db import transaction

import kedang
from kedang.acts.following import follow_alone
from kedang.adoptions.models import Adoption
from kedang.journal.guard import writing
from kedang.rulebook import load_pack
from kedang.sanctions.models import Breach
from kedang.sanctions.parts import Found, raise_breach
from kedang.staff.models import Branch, Person, PostHolding

NOW = datetime(2026, 3, 30, 2, 0, tzinfo=UTC)
POLICIES = Path(kedang.__file__).parent / "policies"
PEOPLE = (
    ("qian", "customer-director", "customer-care"),
    ("li", "sales-consultant", "sales"),
    ("wang", "sales-consultant", "sales"),
    ("sun", "archivist", "customer-care"),
    ("zhou", "service-consultant", "after-sales"),
)


@lru_cache(maxsize=32)
def slug_of(text: str, name: str) -> str:
    """What a pack calls itself."""
    return load_pack(text, name).slug


def make_office(*more: tuple[str, str], told: bool = True) -> SimpleNamespace:
    """A branch under law, base and policy 07 (and ``more`` texts by file name); ``told``: staff were heard."""
    world = SimpleNamespace(now=NOW, today=date(2026, 3, 30))
    with writing():
        world.branch = Branch.objects.create(code="PD", name_zh="浦东店", name_en="Pudong")
        for name, post, unit in PEOPLE:
            one = Person.objects.create_user(name, "correct horse battery", name=name.title())
            PostHolding.objects.create(person=one, branch=world.branch, post=post, unit=unit, since=date(2020, 1, 1))
            setattr(world, name, one)
        shipped = [path for path in sorted(POLICIES.glob("0[07]-*.yaml")) if ".cases." not in path.name]
        for name, text in [(path.name, path.read_text("utf-8")) for path in shipped] + list(more):
            Adoption.objects.create(
                branch=world.branch, slug=slug_of(text, name), file_name=name, edition="1", text=text,
                approved_by=world.qian,
                sha256=hashlib.sha256(text.encode()).hexdigest(), in_force_from=date(2020, 1, 1),
                hearing_record="Staff meeting of 2019-12-20" if told else "",
            )  # fmt: skip
    numbers = count(1)
    world.by = lambda who, now=NOW, token="": {"actor": who, "now": now, "token": token or f"form-{next(numbers)}"}
    world.breach = lambda who, on, **kw: make_breach(world, who, on, **kw)
    return world


def make_breach(
    world: SimpleNamespace, who: Person, on: date, kind: str = "late", name: str = "07:7.4.1a", units: int = 1
) -> Breach:
    """A breach as the clock would raise it."""
    found = Found(f"test:{uuid.uuid4()}", kind, name, who.pk, on, units=units)
    with writing(), transaction.atomic():
        row = raise_breach(world.branch, found, now=NOW, actor=None, act_id=uuid.uuid4(), then=follow_alone)
    assert row is not None
    return row
