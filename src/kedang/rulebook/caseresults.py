"""What a case expects against what was found: comparisons, and what was found in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from kedang.rulebook.casefile import Step
from kedang.rulebook.caseworld import Breach
from kedang.rulebook.conditions import Value
from kedang.rulebook.deciding import Answer
from kedang.rulebook.duties import DutyState
from kedang.rulebook.measures import Figure
from kedang.rulebook.pack import Duty
from kedang.rulebook.reading import Node
from kedang.rulebook.sanctions import Proposal


class Unmet(Exception):
    """An expectation that is not met; the message says what was found, `line` where it stands."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def like_duty(state: DutyState, step: Step) -> bool:
    """Whether a duty has every trait that the step names; `who` is the person, or the post where no person is meant."""
    found = {
        "who": set(state.who or state.pool),
        "pool": set(state.pool),
        "due_on": {str(state.due_on)},
        "due_at": {f"{state.due_at:%H:%M}"} if state.due_at else set(),
        "status": {state.status},
        "was_due_on": {str(day) for day in state.was_due_on},
    }
    return all(set(step.texts(key)) == found[key] for key in found if key in step.words)


def duty_line(state: DutyState) -> str:
    """A duty in words."""
    who = "/".join(state.who) or f"the post {'/'.join(state.pool)}"
    return f"{state.rule.clause} of {who} about {state.about}, due {state.due_on}, {state.status}"


def unopened(rules: Iterable[Duty], instead: Iterable[Duty], given: Collection[str]) -> str:
    """Why no duty of a clause is there, in words: what took its place, or what would open it and was `given` or not."""
    found = list(rules)
    others = {rule.ref for rule in instead}
    if others:
        return f"none of that clause: that of {listed(others)} takes its place, the same act of the same people"
    if any(rule.every or rule.every_key for rule in found):
        return (
            "none yet; what comes round opens on the first day of a period after the case's first line: "
            "begin with a line on the last day before, like {on: 2025-12-31, facts: {}}"
        )
    events = sorted({event for rule in found for event in rule.after})
    seen = [event for event in events if event in given]
    if seen:
        return f"none of that clause and thing, though {' or '.join(seen)} is given: look at its 'when' and 'about'"
    if events:
        return f"none yet; it opens after {' or '.join(events)}, and no such event is given for that thing"
    return "none of that clause and thing"


def priced(proposal: Proposal, step: Step, pack: str) -> bool:
    """Whether a proposal has every trait that the step names."""
    low, high = proposal.range or (None, None)
    cny = proposal.unit == "cny"
    sums = {
        "fine_cny": proposal.amount,
        "fine_cny_from": low if cny else None,
        "fine_cny_to": high if cny else None,
        "percent_from": None if cny else low,
        "percent_to": None if cny else high,
    }
    if any(key in step.words and value != amount(step, key) for key, value in sums.items()):
        return False
    if "measure" in step.words and proposal.measure != step.text("measure"):
        return False
    if "depends" in step.words and bool(proposal.depends_on) != (step.text("depends") == "yes"):
        return False
    if "decided_by" in step.words and set(step.texts("decided_by")) != set(proposal.decided_by):
        return False
    return {refer(clause, pack) for clause in step.texts("clauses")} <= proposal.clauses


def amount(step: Step, key: str) -> Decimal:
    """A sum that a step names; raises `Unmet` when it is no number."""
    try:
        return Decimal(step.text(key))
    except InvalidOperation:
        raise Unmet(f"'{key}: {step.text(key)}' is not a number", step.line) from None


def breach_line(breach: Breach) -> str:
    """A breach in words."""
    found = breach.proposal
    facts = breach.facts
    what = f"{facts.name} by {facts.person} on {facts.happened_on} ({breach.status})"
    if found is None:
        return f"{what}: nothing is proposed"
    proposals = [found, *found.besides]
    sums = " besides ".join(
        f"{one.amount or _range(one) or one.measure} ({listed(one.clauses)}), decided by {listed(one.decided_by)}"
        for one in proposals
    )
    return f"{what}: {sums}" + (" if the earlier ones are imposed" if found.depends_on else "")


def _range(proposal: Proposal) -> str:
    """The span that the decider chooses from, in words."""
    return " to ".join(str(one) for one in proposal.range or ())


def _found(value: Value) -> str:
    """A fact's value as whoever writes a case would write it."""
    return listed(map(str, value)) if isinstance(value, tuple) and value else "" if value == () else str(value)


def told(answer: Answer) -> str:
    """An answer in words."""
    parts = [f"clauses {listed(answer.clauses)}"]
    if answer.verdict == "no" and not answer.clauses:
        parts = ["no clause permits it to this person: where that is meant otherwise, write a 'permit'"]
    if answer.asks:
        steps = [who for ask in answer.asks for _, step in ask.steps for who in step.who]
        parts.append(f"to ask: {listed(steps)}")
    parts += [f"lacking {lack.fact} under {lack.clause}, found '{_found(lack.found)}'" for lack in answer.lacking]
    return "; ".join(parts)


def listed(words: Iterable[str]) -> str:
    """Words in order, or "none"."""
    return ", ".join(sorted(words)) or "none"


def refer(clause: str, pack: str) -> str:
    """A clause's reference across packs."""
    return clause if ":" in clause else f"{pack}:{clause}"


def rows_of(node: Node) -> Iterator[Mapping[str, Value]]:
    """The rows that one map of a measure stands for: itself, as often as `times` says."""
    columns: dict[str, Value] = {key: value.text or "" for key, value in (node.pairs or {}).items()}
    times = int(str(columns.pop("times", "1")))
    yield from (columns for _ in range(times))


def is_figure(figure: Figure | None, wanted: Mapping[str, str]) -> bool:
    """Whether a figure has the value or the share that is wanted."""
    if figure is None:
        return False
    if "value" in wanted and figure.part != Decimal(wanted["value"]):
        return False
    return "percent" not in wanted or figure.share_percent == Decimal(wanted["percent"])


def figure_line(figure: Figure | None) -> str:
    """A figure in words: its part of the whole, or what it counts."""
    if figure is None:
        return "none"
    return f"{figure.part} of {figure.whole}" if figure.whole else str(figure.part)
