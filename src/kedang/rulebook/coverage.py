"""What has become of each clause of a pack: proved by a case, declared, inspected, shown, or without a home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import Any

from kedang.rulebook.book import Book
from kedang.rulebook.cases import CaseReport
from kedang.rulebook.checking import COME_ROUND
from kedang.rulebook.conditions import facts_in
from kedang.rulebook.pack import Clause, Consent, Declare, Duty, Forbid, Inspect, Pack, Permit, Require, Rule, Show
from kedang.rulebook.vocabulary import ACTS, EVENTS

Supplies = Callable[[str, str], bool]  # an act and a fact: whether the act finds it
CONDITIONS = ("when", "that", "when_true", "done_when")
HOMES = ("proved", "declared", "inspection", "shown", "homeless")
PASSIVE = {Declare: "declared", Inspect: "inspection", Show: "shown"}


def coverage(
    pack: Pack, report: CaseReport, offered_acts: Collection[str], supplies: Supplies | None = None
) -> dict[str, Any]:
    """How many clauses have which home, the acts that no command offers, and the facts that nobody supplies.

    Every clause is counted under exactly one home, so that the five figures add up to `clauses`.  `supplies` says
    whether an act finds a fact; without it every fact counts as supplied.
    """
    counted = Counter(homes(pack, report).values())
    return {
        "policy": pack.number,
        "clauses": len(pack.clauses),
        **{home: counted[home] for home in HOMES},
        "unoffered": sorted(acts_of(pack) - set(offered_acts)),
        "unsupplied": unsupplied(pack, offered_acts, supplies) if supplies else {},
    }


def unsupplied(pack: Pack, offered_acts: Collection[str], supplies: Supplies) -> dict[str, list[str]]:
    """The facts that the pack's rules on offered acts test and that an act never finds: by fact the acts.

    Such a fact is unknown, and a `require` of it locks its act without telling why.  A role that the pack declares
    ("file.adviser") is a fact that the people on the file answer.
    """
    found: dict[str, set[str]] = {}
    roles = {f"file.{role}" for kind in pack.files.values() for role in kind.roles}
    roles |= {f"job.{role}" for kind in pack.files.values() for job in kind.jobs.values() for role in job.roles}
    for rule in pack.rules():
        if not isinstance(rule, Permit | Forbid | Require | Consent) or rule.act not in offered_acts:
            continue
        tested = facts_in((*rule.when, *(rule.that if isinstance(rule, Require) else ())))
        for fact in tested - roles:
            if not supplies(rule.act, fact):
                found.setdefault(fact, set()).add(rule.act)
    return {fact: sorted(acts) for fact, acts in sorted(found.items())}


def unopened(pack: Pack) -> dict[str, str]:
    """The clauses whose duties nothing opens, because no clock looks at the thing that they are about: by clause it."""
    rules = (rule for rule in pack.rules() if isinstance(rule, Duty) and rule.when_true)
    return {rule.clause: rule.about for rule in rules if rule.about not in COME_ROUND}


def unentered(pack: Pack) -> list[str]:
    """The kinds of record that nobody can enter: papers come into a file on the lines of its checklists alone.

    What an act makes (`made_by`) is not entered.
    """
    carried = {kind for checklist in pack.checklists.values() for line in checklist.lines for kind in line.any_of}
    return [key for key, one in pack.records.items() if key not in carried and not one.made_by]


def unmet_kinds(pack: Pack) -> dict[str, list[str]]:
    """The clauses whose rules ask for papers that are called so on no list: by clause the names that never come.

    A paper is told by its line, also where the line takes one of several; a value that is shown, by its field.
    """
    known = {line.key for checklist in pack.checklists.values() for line in checklist.lines}
    known |= {field for kind in pack.files.values() for field in kind.fields}
    found: dict[str, list[str]] = {}
    for rule in pack.rules():
        for test in (one for key in CONDITIONS for one in getattr(rule, key, ())):
            if test.fact == "record.kind" and test.op == "in" and not known & {*map(str, test.values)}:
                found.setdefault(rule.clause, []).extend(map(str, test.values))
    return {clause: list(dict.fromkeys(names)) for clause, names in found.items()}


def idle_posts(book: Book, pack: Pack) -> list[str]:
    """The posts of a pack that may do nothing: no permit and no consent reaches them, themselves or by what they are.

    What the common rules let anyone do (change a login, ask for a consent) is no work of a post.
    """
    rules: list[Permit | Consent] = [*book.rules_of(Permit), *book.rules_of(Consent)]
    reached = {post for rule in rules for one in rule.who for post in _posts_meant(one, rule.pack, book, pack)}
    return [post for post in pack.posts if not book.posts_with([post]) & reached]


def _posts_meant(selector: str, said_by: str, book: Book, pack: Pack) -> set[str]:
    """The posts that a selector can mean; a role is held by people of its post."""
    prefix, colon, rest = selector.partition(":")
    if selector == "anyone":
        return set(pack.posts) if said_by == pack.number else set()
    if colon and prefix == "unit":
        return {post.key for post in pack.posts.values() if post.unit == rest}
    if colon and prefix == "head_of":
        return {unit.head for unit in pack.units.values() if unit.key == rest}
    return {selector, *book.posts_of_role(selector)}


def homes(pack: Pack, report: CaseReport) -> Mapping[str, str]:
    """The home of each clause by id: the first of `HOMES` that fits."""
    return {id_: "proved" if id_ in report.proved else _home(clause) for id_, clause in pack.clauses.items()}


def acts_of(pack: Pack) -> set[str]:
    """The acts that the pack's rules speak of, those that discharge its duties among them."""
    return {act for rule in pack.rules() for act in rule_acts(rule)}


def _home(clause: Clause) -> str:
    found = {PASSIVE.get(type(rule), "homeless") for rule in clause.rules}
    return min(found, key=("declared", "inspection", "homeless", "shown").index, default="homeless")


def rule_acts(rule: Rule) -> set[str]:
    """The acts that a rule speaks of; of a duty the one that discharges it."""
    if isinstance(rule, Duty):
        return {EVENTS[rule.done_by].name if rule.done_by in EVENTS else "file.reach"}
    act = str(getattr(rule, "act", getattr(rule, "for_act", "")))
    return {act} & set(ACTS)
