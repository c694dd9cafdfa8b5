"""What has become of each clause of a pack: proved by a case, declared, inspected, shown, or without a home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from kedang.rulebook.cases import CaseReport
from kedang.rulebook.pack import Clause, Declare, Duty, Inspect, Pack, Rule, Show
from kedang.rulebook.vocabulary import ACTS, EVENTS

HOMES = ("proved", "declared", "inspection", "shown", "homeless")
PASSIVE = {Declare: "declared", Inspect: "inspection", Show: "shown"}


def coverage(pack: Pack, report: CaseReport, offered_acts: Collection[str]) -> dict[str, Any]:
    """How many clauses have which home, and the acts that rules name and no command offers.

    Every clause is counted under exactly one home, so that the five figures add up to `clauses`.
    """
    counted = Counter(homes(pack, report).values())
    return {
        "policy": pack.number,
        "clauses": len(pack.clauses),
        **{home: counted[home] for home in HOMES},
        "unoffered": sorted(acts_of(pack) - set(offered_acts)),
    }


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
