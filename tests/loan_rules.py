"""The rules of the model's house as a pack, and the engine asked step by step: may this person, and who owes what now.

Only the rulebook, no database: what the engine answers and what its fold of duties says is set beside the model.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import kedang
from kedang.rulebook import (
    UNKNOWN,
    Actor,
    Book,
    Calendar,
    DutyState,
    Event,
    decide,
    fold,
    follow_up,
    load_file,
    load_pack,
)
from kedang.rulebook.deciding import needs
from tests.loan_model import PEOPLE, Loan, Model, Step

PACK = """
pack: model-house
language: 1
edition: "1"
title: {zh: 模型制度, en: House of the model}
posts:
  keeper: {zh: 保管员, en: Keeper, is: [archivist]}
  seller: {zh: 销售, en: Seller, is: [clerk]}
  guard: {zh: 门卫, en: Guard}
  head: {zh: 负责人, en: Head, is: [administrator]}
files:
  case:
    zh: 卷宗
    en: Case
    one_per: name
    fields: {name: {zh: 名称, en: Name, type: text, grade: open, strength: gate}}
records:
  contract: {zh: 合同, en: Contract}
  photo: {zh: 照片, en: Photo}
checklists:
  case-set: {zh: 卷宗资料, en: Case set, file: case, lines: [{line: contract}, {line: photo}]}
clauses:
  - id: "1"
    zh: 目录由经办人编写、签字，两人签字后锁定；编号另行赋予。
    en: Whoever works writes and signs the list; two signatures lock it. A number is given by an act of its own.
    rules:
      - permit: {act: list.write, who: [clerk]}
      - permit: {act: list.sign, who: [clerk]}
      - settle: {case.list_signatures: 2}
      - settle: {case.numbered_at: file.number}
      - settle: {case.number: "M-{seq:3}"}
  - id: "2"
    zh: 借阅人可转借；归还须完整。
    en: A borrower may pass papers on; what comes back is complete.
    rules:
      - permit: {act: loan.pass_on, who: [loan.borrower]}
      - require: {act: loan.check, that: {loan.complete: "yes"}}
"""

BASE = Path(kedang.__file__).parent / "policies" / "00-base.yaml"
FIRST = dt.date(2026, 11, 23)
CALENDAR = Calendar("cn", 2026, 2027)
ACTS = {
    "open": "file.open", "request": "loan.request", "withdraw": "loan.withdraw", "issue": "loan.issue",
    "direct": "loan.issue", "renew": "loan.renew", "recall": "loan.recall", "return": "loan.return",
    "check": "loan.check", "pass_on": "loan.pass_on", "shelve": "volume.shelve", "offer": "handover.offer",
    "receive": "handover.sign", "write": "list.write", "sign": "list.sign", "number": "file.number",
    "leave": "person.leave",
}  # fmt: skip
EVENTS = {
    "issue": "loan.issued", "direct": "loan.issued", "renew": "loan.renewed", "recall": "loan.recalled",
    "return": "loan.returned", "check": "loan.checked", "pass_on": "loan.passed_on",
}  # fmt: skip


def day(number: int) -> dt.date:
    """A day of the model as a date."""
    return FIRST + dt.timedelta(days=number)


def book() -> Book:
    """The common rules under the pack of the house."""
    return Book((load_file(BASE), load_pack(PACK, "90-model-house.yaml")))


class Engine:
    """The rulebook in one life of the house: its answers, and the duties that its events open and discharge."""

    def __init__(self, rules: Book) -> None:
        self.rules = rules
        self.wanted = {act: needs(rules, act) for act in set(ACTS.values())}
        self.events: list[Event] = []
        self.duties: dict[str, DutyState] = {}

    def lets(self, act: str, who: str, model: Model, facts: dict[str, Any], borrower: str = "") -> bool:
        """Whether the rules say yes to an act by a person of the house."""
        posts = frozenset() if who in model.gone else frozenset({PEOPLE[who]})
        wanted = self.wanted[act]
        answer = decide(
            self.rules, act, Actor(who, posts), {name: facts.get(name, UNKNOWN) for name in wanted.facts},
            parties={role: frozenset({borrower} - {""}) for role in wanted.parties}, today=day(model.day),
        )  # fmt: skip
        return answer.allowed

    def allows(self, step: Step, model: Model) -> bool:
        """What the rules say to a step of the model; who gets papers must be one who may ask for them."""
        facts = {"loan.complete": "yes" if step.whole else "no"}
        borrower = model.loans[step.on].borrower if step.act in EVENTS and step.act != "direct" else ""
        may = self.lets(ACTS[step.act], step.who, model, facts, borrower)
        return may and (step.act not in ("direct", "pass_on") or self.lets("loan.request", step.whom, model, facts))

    def happen(self, step: Step, model: Model) -> None:
        """Follow up the event of a step that the model has applied."""
        if step.act not in EVENTS:
            return
        number = len(model.loans) - 1 if step.act == "direct" else step.on
        loan = model.loans[number]
        event = Event(
            id=len(self.events) + 1, name=EVENTS[step.act], act=ACTS[step.act], happened_on=day(model.day),
            recorded_at=dt.datetime.combine(day(model.day), dt.time(9), dt.UTC), subject=f"file:{loan.file}",
            actor=step.who, about={"file": str(loan.file), "loan": str(number)},
            data={"loan.until": day(loan.due).isoformat(), "loan.borrower": loan.borrower},
        )  # fmt: skip
        mine = [one for one in self.duties.values() if one.about == f"loan:{number}"]
        effects = follow_up(
            self.rules, event, parties=parties_of(event), open_duties=mine, earlier=self.events, calendar=CALENDAR
        )
        assert all(one.from_on <= one.due_on for one in effects.opened), "a duty that was late before it began"
        self.duties |= {state.key: state for state in effects.all()}
        self.events.append(event)

    def owed(self) -> set[tuple[str, dt.date, tuple[str, ...]]]:
        """Which loan is owed back by when and by whom."""
        return {(one.about, one.due_on, one.who) for one in self.duties.values() if one.owed}

    def folded(self, model: Model) -> dict[str, tuple[str, dt.date | None]]:
        """The duties as one fold over all events says them, late ones as such: state and day by key."""
        found = fold(self.rules, self.events, parties_of, CALENDAR, day(model.day))
        return {key: (one.status, one.done_on) for key, one in found.items()}

    def followed(self, model: Model) -> dict[str, tuple[str, dt.date | None]]:
        """The same from following up event by event."""
        late = {one.key for one in self.duties.values() if one.owed and one.due_on < day(model.day)}
        return {key: ("late" if key in late else one.status, one.done_on) for key, one in self.duties.items()}


def parties_of(event: Event) -> dict[str, frozenset[str]]:
    """Who has the papers after an event."""
    return {"loan.borrower": frozenset({str(event.data["loan.borrower"])})}


def owed_by(model: Model) -> set[tuple[str, dt.date, tuple[str, ...]]]:
    """What the model says is owed: each loan that is out, once."""
    return {
        (f"loan:{number}", day(one.owed_on), (one.borrower,))
        for number, one in enumerate(model.loans) if one.status == "issued"
    }  # fmt: skip


def outcome_of(loan: Loan) -> str:
    """How the last duty of a loan that came back ended."""
    assert loan.returned is not None
    return "kept" if loan.returned <= loan.owed_on else "kept_late"
