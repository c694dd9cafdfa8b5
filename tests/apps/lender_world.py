"""A house under the law, the common rules and the shipped policy of two managers, an archivist and a safe."""

from __future__ import annotations

import hashlib
from datetime import date
from types import SimpleNamespace

from kedang.adoptions.models import Adoption
from kedang.files import record_services
from kedang.files.models import Record
from kedang.files.services import open_file
from kedang.journal.guard import writing
from kedang.staff.models import Branch, Person, PostHolding
from tests.apps.files_world import BASE, PASSWORD, make_world

PACK = BASE.with_name("13-microloan-guarantee-projects.yaml")
POSTS = {
    "ai": "project-manager", "bo": "project-manager", "shu": "archivist", "quan": "title-custodian",
    "dong": "chairman", "zong": "general-manager", "shen": "authorised-approver",
}  # fmt: skip
VALUES = {"project": "城东建材周转", "business": "loan", "customer": "单雄信", "contract-number": "HT-1"}


def make_lender() -> SimpleNamespace:
    """The branch, its people by name, and ``by`` for a command."""
    world = make_world()
    with writing():
        world.branch = Branch.objects.create(code="HJ", name_zh="鸿借公司", name_en="Hongjie")
        for name, post in POSTS.items():
            person = Person.objects.create_user(name, PASSWORD, name=name.title())
            PostHolding.objects.create(person=person, branch=world.branch, post=post, since=date(2020, 1, 1))
            setattr(world, name, person)
        for path in (BASE.with_name("00-law.yaml"), BASE, PACK):
            text = path.read_text("utf-8")
            Adoption.objects.create(
                branch=world.branch, slug=path.stem, file_name=path.name, edition="1", text=text,
                sha256=hashlib.sha256(text.encode()).hexdigest(), approved_by=world.dong,
                in_force_from=date(2020, 1, 1),
            )  # fmt: skip
    return world


def project(world: SimpleNamespace, **changes: str):
    """A project file opened by A."""
    roles = {"manager-a": world.ai, "manager-b": world.bo}
    return open_file(
        **world.by(world.ai), branch=world.branch, kind="project", values=VALUES | changes, roles=roles
    ).result


def answer(world: SimpleNamespace, file, **states: str) -> None:
    """Answer every paper as present, but for those named (with ``_`` for ``-``); what is not there has a reason."""
    said = {key.replace("_", "-"): one for key, one in states.items()}
    answers = {}
    for one in Record.objects.filter(file=file):
        state = said.get(one.line, "not_applicable" if one.line == "uncollected-contract" else "present")
        answers[str(one.pk)] = {"state": state, "reason": "" if state == "present" else "at the customer's"}
    record_services.answer_records(**world.by(world.ai), file=file, answers=answers)
