"""A simple case of a draft as a form: who holds which post, what happens, what is looked at, what must come out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kedang.office.clause_text import Plain
from kedang.office.failing import PEOPLE, is_chinese
from kedang.office.rule_offers import Group, Offers
from kedang.office.rule_widgets import select
from kedang.rulebook.pack import Consent, Duty, Forbid, Pack, Permit, Require, Sanction
from kedang.rulebook.vocabulary import ACTS, EVENTS, SELECTORS

THING = "A"  # the one file, loan … of a simple case
ROWS = 3
EVENT_COLUMNS = ("on", "event", "person", "role", "fact", "value")
Row = dict[str, str]


@dataclass
class CaseTyped:
    """A case as its fields hold it."""

    name: str = ""
    other: str = ""  # the name in the language that the reader does not read
    clause: str = ""
    posts: list[str] = field(default_factory=lambda: ["", "", ""])
    events: list[Row] = field(default_factory=list)
    facts: list[Row] = field(default_factory=list)
    when: Row = field(default_factory=dict)
    then: Row = field(default_factory=dict)


def outcomes() -> tuple[Group, ...]:
    """What can come out, in words."""
    return (
        (_("Of an attempt"), (("yes", _("it is allowed")), ("ask", _("it needs a yes")), ("no", _("it is refused")))),
        (
            _("Of a duty"),
            (
                ("open", _("it is still open")),
                ("late", _("it is late")),
                ("kept", _("it was kept")),
                ("none", _("there is none")),
            ),
        ),
        (_("Of a breach"), (("fine", _("a fine is proposed")), ("no-fine", _("no fine is proposed")))),
    )


def begun(pack: Pack, clause: str) -> CaseTyped:
    """A case begun for a clause: its event or act stands there already."""
    typed = CaseTyped(clause=clause, when={"kind": "day"}, then={"kind": "open"})
    rules = pack.clauses[clause].rules if clause in pack.clauses else ()
    for rule in rules:
        if isinstance(rule, Permit | Forbid | Require | Consent):
            typed.when = {"kind": "try", "act": rule.act, "person": "jia"}
            verdict = {Permit: "yes", Consent: "ask"}.get(type(rule), "no")
            typed.then = {"kind": verdict}
            typed.posts[0] = next((one for one in rule.who if one in pack.posts), "")
            return typed
        if isinstance(rule, Sanction) and rule.for_kind == "late":
            late = rule.for_name.partition(":")[2]
            rules = (*rules, *(pack.clauses[late].rules if late in pack.clauses and late != clause else ()))
            typed.then = {"kind": "fine", "person": "jia", "fine": str(rule.fine_cny or "")}
    duty = next((one for one in rules if isinstance(one, Duty)), None)
    if duty is not None:
        who = duty.who[0]
        typed.posts[0] = who if who in pack.posts else ""
        typed.events = [{"event": event, "person": "jia", "role": who.partition(".")[2]} for event in duty.after[:1]]
    return typed


def of_post(post: QueryDict) -> CaseTyped:
    """The form as it was sent."""
    columns = [post.getlist(f"e.{name}") for name in EVENT_COLUMNS]
    events = [
        dict(zip(EVENT_COLUMNS, (one.strip() for one in row), strict=True)) for row in zip(*columns, strict=False)
    ]
    pairs = zip(post.getlist("w.fact"), post.getlist("w.value"), strict=False)
    return CaseTyped(
        post.get("name", "").strip(), post.get("other", "").strip(), post.get("clause", ""),
        [*post.getlist("post"), "", "", ""][:3],
        [row for row in events if row["event"]],
        [{"fact": fact, "value": value.strip()} for fact, value in pairs if fact],
        {key: post.get(f"when.{key}", "").strip() for key in ("kind", "on", "act", "person")},
        {key: post.get(f"then.{key}", "").strip() for key in ("kind", "person", "due_on", "fine")},
    )  # fmt: skip


def value_of(typed: CaseTyped, offers: Offers) -> tuple[dict[str, Plain], list[str]]:
    """The case as it is written, and what the form itself finds wrong."""
    errors = _missing(typed)
    given = [_event(row, offers) for row in typed.events]
    value = {
        "name": _name(typed), "proves": [typed.clause],
        "people": {key: [post] if post else [] for (key, _label), post in zip(PEOPLE, typed.posts, strict=True)},
        "given": given, "when": _when(typed, offers), "then": [_then(typed)],
    }  # fmt: skip
    return value, errors


def _name(typed: CaseTyped) -> Plain:
    """In both languages, or once for both where the second was left empty."""
    if not typed.other:
        return typed.name
    zh, en = (typed.name, typed.other) if is_chinese() else (typed.other, typed.name)
    return {"zh": zh, "en": en}


def _missing(typed: CaseTyped) -> list[str]:
    errors = []
    if not typed.name:
        errors.append(_("Give the case a name: what it shows, in one sentence."))
    if not typed.clause:
        errors.append(_("Say which clause it proves."))
    days = [typed.when.get("on", ""), *(row["on"] for row in typed.events)]
    wrong = next((one for one in days if not _is_day(one)), None)
    if wrong is not None:
        errors.append(_("Each thing that happens has its day, as 2026-05-08."))
    if typed.when.get("kind") == "try" and not typed.when.get("act"):
        errors.append(_("Say what is tried."))
    return errors


def _is_day(said: str) -> bool:
    try:
        date.fromisoformat(said)
    except ValueError:
        return False
    return True


def _things(about: Iterable[str]) -> dict[str, str]:
    return dict.fromkeys(about, THING)


def _event(row: Mapping[str, str], offers: Offers) -> dict[str, Plain]:
    known = EVENTS.get(row["event"])
    found: dict[str, Plain] = {"on": row["on"], "event": row["event"], **_things(known.about if known else ("file",))}
    if row["person"]:
        found[row["role"] or "by"] = row["person"]
    if row["fact"]:
        found[row["fact"]] = _value(row["value"], offers, row["fact"])
    return found


def _value(said: str, offers: Offers, fact: str = "") -> str:
    labels = {label: key for key, label in PEOPLE}
    return labels.get(said) or offers.value_meant(said, fact)


def _when(typed: CaseTyped, offers: Offers) -> dict[str, Plain]:
    if typed.when.get("kind") != "try":
        return {"end_of_day": typed.when.get("on", "")}
    act = typed.when.get("act", "")
    things = _things(ACTS[act].about if act in ACTS else ())
    facts = {row["fact"]: _value(row["value"], offers, row["fact"]) for row in typed.facts}
    return {"try": act, "on": typed.when.get("on", ""), "by": typed.when.get("person") or "jia", **things, **facts}


def _then(typed: CaseTyped) -> dict[str, Plain]:
    kind, said = typed.then.get("kind", ""), typed.then
    who = {"who": said["person"]} if said.get("person") else {}
    if kind in ("yes", "no", "ask"):
        return {"answer": kind}
    if kind in ("fine", "no-fine"):
        fine = {"fine_cny": said["fine"]} if said.get("fine") and kind == "fine" else {}
        return {"sanction" if kind == "fine" else "no_sanction": {**who, **fine}}
    due = {"due_on": said["due_on"]} if said.get("due_on") else {}
    if kind == "none":
        return {"no_duty": {"clause": typed.clause, **who}}
    return {"duty": {"clause": typed.clause, **who, **due, "status": kind}}


@dataclass(frozen=True)
class Shown:
    """The controls of the form, ready for the page."""

    clause: SafeString
    posts: list[tuple[str, SafeString]]
    events: list[dict[str, Any]]
    facts: list[dict[str, Any]]
    act: SafeString
    tries: SafeString
    outcome: SafeString
    whose: SafeString


def shown(typed: CaseTyped, offers: Offers, roles: Group) -> Shown:
    """The form's controls with what was typed."""
    posts = (("", tuple((key, offers.namer.name(key)) for key in offers.pack.posts)),)
    people = (("", PEOPLE),)
    rows = [*typed.events, *({} for _n in range(max(1, ROWS - len(typed.events))))]
    of_event, of_act = (lambda row: offers.facts(row.get("event", ""))), offers.facts(typed.when.get("act", ""))
    facts = [*typed.facts, *({} for _n in range(max(1, ROWS - len(typed.facts))))]
    return Shown(
        select("clause", "clause", offers.clauses, typed.clause, _("Clause")),
        [
            (label, select("post", f"post-{key}", posts, one, label))
            for (key, label), one in zip(PEOPLE, typed.posts, strict=True)
        ],
        [
            {
                "on": row.get("on", ""), "value": row.get("value", ""),
                "event": select("e.event", f"e.{n}.event", offers.events, row.get("event", ""), _("What happens")),
                "person": select("e.person", f"e.{n}.person", people, row.get("person", ""), _("Who")),
                "role": select("e.role", f"e.{n}.role", (roles,), row.get("role", ""), _("as")),
                "fact": select("e.fact", f"e.{n}.fact", of_event(row), row.get("fact", ""), _("Fact")),
            }
            for n, row in enumerate(rows)
        ],
        [
            {
                "value": row.get("value", ""),
                "fact": select("w.fact", f"w.{n}.fact", of_act, row.get("fact", ""), _("Fact")),
            }
            for n, row in enumerate(facts)
        ],
        select("when.act", "when.act", offers.acts, typed.when.get("act", ""), _("What is tried")),
        select("when.person", "when.person", people, typed.when.get("person", ""), _("Who")),
        select("then.kind", "then.kind", outcomes(), typed.then.get("kind", ""), _("What comes out"), blank=False),
        select("then.person", "then.person", people, typed.then.get("person", ""), _("Who")),
    )  # fmt: skip


def roles_of(offers: Offers) -> Group:
    """As what a person can take part in an event: the roles that the policy declares, then those that events have."""
    kinds = offers.pack.files.values()
    named = {key: role for kind in kinds for key, role in kind.roles.items()}
    named |= {key: role for kind in kinds for job in kind.jobs.values() for key, role in job.roles.items()}
    words = {key: offers.namer.name(key) for key in named}
    for who in sorted(SELECTORS - {"anyone"}):  # such as whoever borrows
        words.setdefault(who.partition(".")[2], offers.namer.selector(who))
    return "", tuple(words.items())
