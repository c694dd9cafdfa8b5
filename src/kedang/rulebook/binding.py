"""Which rules bind which files where several policies are in force side by side.

A rule of a policy about a file, or a thing of a file, means the files of that policy: it does not bind a file of a
kind that only another policy declares. It binds all the same where its own condition names the kind, and so do all
rules of a pack that declares no kinds, and those of law and base.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kedang.rulebook.pack import (
    Classify,
    Conditions,
    Consent,
    Duty,
    Forbid,
    Pack,
    Permit,
    Require,
    Rule,
    Sanction,
    Settle,
)
from kedang.rulebook.vocabulary import ACTS, EVENTS

KIND = "file.kind"
NONE: frozenset[str] = frozenset()
# things that are always in one file: whatever is done to them is done to it
OF_A_FILE = frozenset(
    {"field", *(thing for act in ACTS.values() if "file" in act.about for thing in act.about)}
    - {thing for act in ACTS.values() if "file" not in act.about for thing in act.about}
)
FOR_ONE_FILE = frozenset({"loan.period_days", "loan.renewals", "file.number"})  # settled values asked for one file
ON_BREACHES = {"defect": "defect.raised", "incident": "incident.reported"}


def foreign_kinds(packs: Sequence[Pack]) -> Mapping[str, frozenset[str]]:
    """For each policy with kinds of files of its own: the kinds that only other policies declare."""
    policies = [pack for pack in packs if pack.rank == "policy"]
    common = {kind for pack in packs if pack.rank != "policy" for kind in pack.files}
    kinds = frozenset(kind for pack in policies for kind in pack.files) - common
    found = {pack.number: kinds - frozenset(pack.files) for pack in policies if pack.files}
    return {number: foreign for number, foreign in found.items() if foreign}


def is_about_a_file(rule: Rule) -> bool:
    """Whether a rule is always about one file or a thing of one; what only may be done for a file is not."""
    if isinstance(rule, Permit | Forbid | Require | Consent):
        return rule.act in ACTS and "file" in ACTS[rule.act].about
    if isinstance(rule, Duty):
        return _opens_about_a_file(rule)
    if isinstance(rule, Sanction):
        return "file" in EVENTS[ON_BREACHES[rule.for_kind]].about if rule.for_kind in ON_BREACHES else False
    if isinstance(rule, Settle):
        return rule.key in FOR_ONE_FILE
    return isinstance(rule, Classify) and rule.field.partition(".")[0] in OF_A_FILE


def _opens_about_a_file(rule: Duty) -> bool:
    if not rule.after:
        return rule.about in OF_A_FILE
    return all(event not in EVENTS or "file" in EVENTS[event].about for event in rule.after)  # a milestone is a file's


def kinds_named(rule: Rule) -> frozenset[str]:
    """The kinds of file for which a rule says that it holds; none where it names none."""
    tests: Conditions = (*getattr(rule, "when", ()), *getattr(rule, "when_true", ()))
    return frozenset(str(value) for test in tests if test.fact == KIND and test.op == "in" for value in test.values)
