"""The sixteen rule bodies and what they are made of, as frozen values.

A reference across packs is ``"<pack number or slug>:<clause id>"`` (`ClauseRef`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kedang.rulebook.houses import Roster

ClauseRef = str
Who = tuple[str, ...]
Conditions = tuple["Test", ...]

RIGHTS = ("find", "read", "reveal")
GRADES = ("open", "personal", "secret")
STRENGTHS = ("gate", "complete", "optional")


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in Chinese and in English."""

    zh: str
    en: str

    def get(self, language: str) -> str:
        """The sentence for a language code; anything that is not Chinese reads English."""
        return self.zh if language.lower().startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class Test:
    """One test on one fact: `op` is `in` (the value is one of `values`) or a bound of `conditions.BOUNDS`.

    `key` names the default that gives the number of a bound where the source leaves it open; a `Book` puts it in.
    """

    fact: str
    op: str
    values: tuple[str | int, ...]
    line: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What every rule body has: the pack (number or slug) and clause it stands in, its position and line there."""

    pack: str
    clause: str
    index: int
    line: int

    @property
    def ref(self) -> ClauseRef:
        """The clause's reference across packs."""
        return f"{self.pack}:{self.clause}"


MINUTES: Mapping[str, int] = {"within_hours": 60, "within_minutes": 1}


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a duty may take.

    `kind` is within_working_days, within_days, within_months, within_years, within_hours, within_minutes (all with
    `number`), by (with `point`: end-of-day, end-of-week, month-end, quarter-end, half-year-end, year-end, period-end,
    last-working-day-of-month and its like, "MM-DD" or a date fact) or in (from `start` to `end`, both "MM-DD"). The day
    of the trigger is day 0; late begins after the last day; hours and minutes run on from the moment of the trigger,
    day and night. `key` names the default that gives the number where the source leaves it open; a `Book` puts it in.
    """

    kind: str
    number: int = 0
    point: str = ""
    start: str = ""
    end: str = ""
    key: str = ""

    @property
    def minutes(self) -> int | None:
        """The minutes that it runs; None for a limit in days."""
        unit = MINUTES.get(self.kind)
        return None if unit is None else unit * self.number


@dataclass(frozen=True, slots=True)
class Permit(Rule):
    """This person may, if nothing else bites; `only` refuses all others."""

    act: str
    who: Who
    when: Conditions = ()
    only: bool = False
    lifts: tuple[ClauseRef, ...] = ()
    grade: str = ""  # for record.read and file.read: up to which grade


@dataclass(frozen=True, slots=True)
class Forbid(Rule):
    """No, whatever else says yes, unless lifted."""

    act: str
    who: Who
    except_who: Who = ()
    when: Conditions = ()
    lifts: tuple[ClauseRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Require(Rule):
    """The act waits until every test of `that` holds."""

    act: str
    that: Conditions
    when: Conditions = ()
    who: Who = ("anyone",)
    lifts: tuple[ClauseRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a consent: of `who` one suffices, or `all_of` must say yes."""

    who: Who
    all_of: bool = False


@dataclass(frozen=True, slots=True)
class Consent(Rule):
    """May once every step has said yes; several consents on one act accumulate."""

    act: str
    who: Who
    steps: tuple[Step, ...]
    when: Conditions = ()
    lasts_days: int | None = None
    lasts_key: str = ""  # the default that gives these days where the source leaves them open
    until: str = ""
    uses: int | None = None
    proof: bool = False
    self_: str = ""  # who says yes when the asker is one of those to ask: "superior"; else whoever is left of them
    lifts: tuple[ClauseRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty(Rule):
    """Who owes what by when.

    Exactly one of `after` (event names), `every` (a period) and `when_true` opens it; `done_by` (an event) or
    `reach` (a milestone's event) discharges it if `done_when` holds.
    """

    who: Who
    about: str
    after: tuple[str, ...] = ()
    every: str = ""
    every_key: str = ""  # the default that gives the period where the source leaves it open
    when_true: Conditions = ()
    when: Conditions = ()
    from_: str = ""
    series: tuple[tuple[int, int], ...] = ()
    limit: Limit = Limit("by", point="end-of-day")
    done_by: str = ""
    reach: str = ""
    done_when: Conditions = ()
    early: bool = False
    drops_on: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    instead_of: tuple[ClauseRef, ...] = ()
    besides: tuple[ClauseRef, ...] = ()  # whose time runs on beside this one
    needs: tuple[str, ...] = ()
    roster: Roster | None = None  # a `Book` puts in whose working days count; None: the legal ones


@dataclass(frozen=True, slots=True)
class Sanction(Rule):
    """Proposes what follows a breach; never imposes. Money is in yuan, a pay share in percent of the month."""

    for_kind: str  # late | defect | incident
    for_name: str  # a clause id, a defect or an incident
    per: str
    decided_by: Who
    who: Who = ()
    fine_cny: Decimal | None = None
    fine_from: Decimal | None = None
    fine_to: Decimal | None = None
    pay_share_from: int | None = None
    pay_share_to: int | None = None
    measure: str = ""
    instead_of: tuple[ClauseRef, ...] = ()
    besides: tuple[ClauseRef, ...] = ()
    when: Conditions = ()


@dataclass(frozen=True, slots=True)
class Aggravate(Rule):
    """Multiplies this pack's sanctions for a post from the n-th counted breach of a window on.

    With `for_kind` and `for_name` (as of a sanction) only such breaches count and are multiplied.
    """

    who: Who
    counts: str  # imposed | proposed
    window: str  # calendar-month | within_days
    within_days: int
    from_nth: int
    multiply: int
    for_kind: str = ""
    for_name: str = ""
    month_from: int = 1  # a `Book` puts in on which day the house's month begins


@dataclass(frozen=True, slots=True)
class Repeat(Rule):
    """The same breach again while it is not mended."""

    after: str
    every_working_days: int
    until: str
    amount: str
    adds_to_count: bool
    when: Conditions = ()
    roster: Roster | None = None  # as of a duty


@dataclass(frozen=True, slots=True)
class Reward(Rule):
    """Proposes a commendation or reward."""

    for_name: str
    decided_by: Who
    who: Who = ()
    amount_cny: Decimal | None = None
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Choose(Rule):
    """Narrows candidates in rank order; `kind` is pick, keep, order_by, share_percent or free."""

    for_act: str
    rank: int
    kind: str
    value: str
    when: Conditions = ()
    reason: bool = False


@dataclass(frozen=True, slots=True)
class Settle(Rule):
    """Gives a declared thing its value."""

    key: str
    value: str | int
    when: Conditions = ()


@dataclass(frozen=True, slots=True)
class Classify(Rule):
    """Derives a class from facts; `table` rows are tried in order of specificity, never of writing."""

    field: str
    to: str
    when: Conditions = ()


@dataclass(frozen=True, slots=True)
class Measure(Rule):
    """A figure over duties, records, loans or breaches."""

    name: str
    of: str
    by: str
    every: str
    over: str = ""
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class Declare(Rule):
    """The home of record content: names fields, records, checklist lines, forms, registers, defaults."""

    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inspect(Rule):
    """A line on an inspection round: the home of the physical world."""

    round: str
    asks: Text


@dataclass(frozen=True, slots=True)
class Show(Rule):
    """Displayed only: principles and definitions."""


BODIES: Mapping[str, type[Rule]] = {
    "permit": Permit,
    "forbid": Forbid,
    "require": Require,
    "consent": Consent,
    "duty": Duty,
    "sanction": Sanction,
    "aggravate": Aggravate,
    "repeat": Repeat,
    "reward": Reward,
    "choose": Choose,
    "settle": Settle,
    "classify": Classify,
    "measure": Measure,
    "declare": Declare,
    "inspect": Inspect,
    "show": Show,
}
