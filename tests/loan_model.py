"""A model of loans in plain Python: volumes, loans, lists and numbers of a small house, and what each act does to them.

It knows nothing of Kedang: no rulebook, no database.  ``Model.answer`` says what an act must be told (done, invalid or
refused), in the order in which people are told; ``Model.apply`` does it; ``Model.broken`` names what must never be
true.  ``step`` draws the next act, mostly one that can succeed.  The rules of the house (who may do what, the longest
term, one renewal) are written here a second time on purpose: two that agree over thousands of lives are both right.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

PEOPLE = {
    "keep1": "keeper", "keep2": "keeper", "sell1": "seller", "sell2": "seller", "sell3": "seller", "gate": "guard",
    "boss": "head",
}  # fmt: skip
MAY = {
    "open": {"keeper", "seller"}, "request": {"keeper", "seller"}, "withdraw": {"keeper", "seller"},
    "renew": {"keeper"}, "offer": {"keeper", "seller"}, "receive": {"keeper", "seller"},
    "write": {"keeper", "seller"}, "sign": {"keeper", "seller"}, "issue": {"keeper"}, "direct": {"keeper"},
    "recall": {"keeper"}, "return": {"keeper"}, "check": {"keeper"}, "shelve": {"keeper"}, "number": {"keeper"},
    "leave": {"head"},
}  # fmt: skip
TERM_DAYS, RENEWALS, SIGNERS, PLACES, MOST_FILES = 7, 1, 2, ("A", "B"), 3
DONE, INVALID, REFUSED = "done", "invalid", "refused"


@dataclass
class Loan:
    """One slip or direct loan."""

    file: int
    borrower: str
    due: int
    status: str = "requested"
    renewals: int = 0
    recalled: int | None = None
    issued: int | None = None
    returned: int | None = None
    taken_by: str = ""
    owed_on: int = 0  # the day on which the duty to bring it back is due


@dataclass
class Listed:
    """One version of a file's list."""

    pages: int
    status: str = "written"
    signers: list[str] = field(default_factory=list)


@dataclass
class Kept:
    """One file with its volume."""

    holder: str
    place: str = ""
    home: str = ""
    status: str = "held"
    number: int = 0
    lists: list[Listed] = field(default_factory=list)
    offered: tuple[str, str] | None = None
    handovers: int = 0


@dataclass(frozen=True)
class Step:
    """What somebody tries; ``on`` is the file or the loan by its index, ``n`` a day, a number of pages or a version."""

    act: str
    who: str
    on: int = 0
    whom: str = ""
    n: int = 0
    place: str = ""
    whole: bool = True


@dataclass
class Model:
    """The house."""

    day: int = 0
    files: list[Kept] = field(default_factory=list)
    loans: list[Loan] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    locked: dict[tuple[int, int], tuple[int, tuple[str, ...]]] = field(default_factory=dict)

    # --- what people are told

    def answer(self, step: Step) -> str:
        """What this act must be told now."""
        told = getattr(self, f"_{step.act}")(step)
        return str(told)

    def may(self, act: str, who: str) -> bool:
        """Whether the rules of the house let this person do an act at all."""
        return who not in self.gone and PEOPLE[who] in MAY[act]

    def _gate(self, act: str, who: str, otherwise: str = DONE) -> str:
        return otherwise if self.may(act, who) else REFUSED

    def _terms(self, borrower: str, until: int) -> bool:
        """Whether a loan to this person until this day can be at all."""
        return self.day <= until <= self.day + TERM_DAYS and borrower not in self.gone

    def out(self, file: int) -> Loan | None:
        """The loan that a file is away with, or that waits for its count."""
        return next((one for one in self.loans if one.file == file and one.status in ("issued", "returned")), None)

    def _leave(self, step: Step) -> str:
        return self._gate("leave", step.who)

    def _open(self, step: Step) -> str:
        return self._gate("open", step.who)

    def _request(self, step: Step) -> str:
        waits = any(
            one.file == step.on and one.borrower == step.who and one.status == "requested" for one in self.loans
        )
        if not self._terms(step.who, step.n) or waits:
            return INVALID
        return self._gate("request", step.who)

    def _withdraw(self, step: Step) -> str:
        loan = self.loans[step.on]
        if loan.status != "requested" or loan.borrower != step.who:
            return INVALID
        return self._gate("withdraw", step.who)

    def _issue(self, step: Step) -> str:
        loan = self.loans[step.on]
        if loan.status != "requested" or not self._terms(loan.borrower, loan.due) or self.out(loan.file):
            return INVALID
        return self._gate("issue", step.who)

    def _direct(self, step: Step) -> str:
        if not self._terms(step.whom, step.n) or self.out(step.on):
            return INVALID
        return self._gate("direct", step.who) if self.may("request", step.whom) else REFUSED

    def _renew(self, step: Step) -> str:
        loan = self.loans[step.on]
        later = loan.due < step.n and self.day <= step.n <= self.day + TERM_DAYS
        if loan.status != "issued" or loan.renewals >= RENEWALS or loan.recalled is not None or not later:
            return INVALID
        if loan.borrower in self.gone:
            return INVALID
        return DONE if step.who == loan.borrower else self._gate("renew", step.who)

    def _recall(self, step: Step) -> str:
        loan = self.loans[step.on]
        if loan.status != "issued" or loan.recalled is not None:
            return INVALID
        return self._gate("recall", step.who)

    def _return(self, step: Step) -> str:
        return self._gate("return", step.who) if self.loans[step.on].status == "issued" else INVALID

    def _check(self, step: Step) -> str:
        if self.loans[step.on].status != "returned":
            return INVALID
        return self._gate("check", step.who, DONE if step.whole else REFUSED)

    def _pass_on(self, step: Step) -> str:
        loan = self.loans[step.on]
        if loan.status != "issued" or step.whom == loan.borrower or loan.recalled is not None:
            return INVALID
        if not self._terms(step.whom, loan.due):
            return INVALID
        mine = step.who == loan.borrower and self.may("request", step.whom)
        return DONE if mine else REFUSED

    def _shelve(self, step: Step) -> str:
        return INVALID if self.files[step.on].status == "lent" else self._gate("shelve", step.who)

    def _offer(self, step: Step) -> str:
        if step.who == step.whom or self.files[step.on].offered:
            return INVALID
        return self._gate("offer", step.who, DONE if self.may("receive", step.whom) else INVALID)

    def _receive(self, step: Step) -> str:
        offered = self.files[step.on].offered
        if offered is None or offered[1] != step.who:
            return INVALID
        return self._gate("receive", step.who)

    def _write(self, step: Step) -> str:
        if not self.may("write", step.who):
            return REFUSED
        lists = self.files[step.on].lists
        return INVALID if step.n < 1 or (lists and lists[-1].status == "locked") else DONE

    def _sign(self, step: Step) -> str:
        if not self.may("sign", step.who):
            return REFUSED
        listed = self.files[step.on].lists[step.n]
        parties = {PEOPLE[one] for one in listed.signers}
        return INVALID if listed.status != "written" or PEOPLE[step.who] in parties else DONE

    def _number(self, step: Step) -> str:
        return self._gate("number", step.who, INVALID if self.files[step.on].number else DONE)

    # --- what an act does

    def apply(self, step: Step) -> None:
        """Do an act that was answered with done."""
        getattr(self, f"_do_{step.act}")(step)

    def _do_leave(self, step: Step) -> None:
        self.gone.add(step.whom)

    def _do_open(self, step: Step) -> None:
        self.files.append(Kept(step.who))

    def _do_request(self, step: Step) -> None:
        self.loans.append(Loan(step.on, step.who, step.n))

    def _do_withdraw(self, step: Step) -> None:
        self.loans[step.on].status = "withdrawn"

    def _do_issue(self, step: Step) -> None:
        self._goes_out(self.loans[step.on])

    def _do_direct(self, step: Step) -> None:
        self.loans.append(Loan(step.on, step.whom, step.n))
        self._goes_out(self.loans[-1])

    def _goes_out(self, loan: Loan) -> None:
        kept = self.files[loan.file]
        before = [
            one for one in self.loans
            if one.file == loan.file and one.borrower == loan.borrower and one.returned == self.day and one is not loan
        ]  # fmt: skip
        loan.renewals = before[-1].renewals + 1 if before else 0
        loan.status, loan.issued, loan.owed_on = "issued", self.day, loan.due
        kept.holder, kept.place, kept.status = loan.borrower, "", "lent"

    def _do_renew(self, step: Step) -> None:
        loan = self.loans[step.on]
        loan.due = loan.owed_on = step.n
        loan.renewals += 1

    def _do_recall(self, step: Step) -> None:
        loan = self.loans[step.on]
        loan.recalled = loan.owed_on = self.day
        loan.due = min(loan.due, self.day)

    def _do_return(self, step: Step) -> None:
        loan = self.loans[step.on]
        loan.status, loan.returned, loan.taken_by = "returned", self.day, step.who
        kept = self.files[loan.file]
        kept.holder, kept.place, kept.status = step.who, "", "held"

    def _do_check(self, step: Step) -> None:
        loan = self.loans[step.on]
        loan.status = "closed"
        kept = self.files[loan.file]
        if kept.home and kept.status == "held" and kept.holder == loan.taken_by:
            kept.place, kept.status = kept.home, "shelved"

    def _do_pass_on(self, step: Step) -> None:
        loan = self.loans[step.on]
        loan.borrower = self.files[loan.file].holder = step.whom

    def _do_shelve(self, step: Step) -> None:
        kept = self.files[step.on]
        kept.place, kept.home, kept.status = step.place, step.place, "shelved"

    def _do_offer(self, step: Step) -> None:
        self.files[step.on].offered = (step.who, step.whom)

    def _do_receive(self, step: Step) -> None:
        kept = self.files[step.on]
        assert kept.offered is not None
        giver, kept.offered = kept.offered[0], None
        kept.handovers += 1
        if kept.holder == giver and kept.status != "lent":
            kept.holder, kept.place, kept.status = step.who, "", "held"

    def _do_write(self, step: Step) -> None:
        lists = self.files[step.on].lists
        if lists:
            lists[-1].status = "replaced"
        lists.append(Listed(step.n))

    def _do_sign(self, step: Step) -> None:
        listed = self.files[step.on].lists[step.n]
        listed.signers.append(step.who)
        if len(listed.signers) >= SIGNERS:
            listed.status = "locked"
            self.locked[step.on, step.n] = (listed.pages, tuple(listed.signers))

    def _do_number(self, step: Step) -> None:
        self.files[step.on].number = len(self.numbers) + 1
        self.numbers.append(self.files[step.on].number)

    # --- what must never be

    def broken(self) -> list[str]:
        """Each thing that must never be true and is."""
        found = []
        for number, kept in enumerate(self.files):
            if kept.holder not in PEOPLE:
                found.append(f"file {number} has no holder")
            if bool(kept.place) != (kept.status == "shelved"):
                found.append(f"file {number} has a place and somebody's hand, or neither")
            away = [one for one in self.loans if one.file == number and one.status == "issued"]
            if (kept.status == "lent") != (len(away) == 1) or any(one.borrower != kept.holder for one in away):
                found.append(f"file {number} is lent without its loan, or its borrower does not hold it")
            if len([one for one in self.loans if one.file == number and one.status in ("issued", "returned")]) > 1:
                found.append(f"file {number} is away with two loans")
        for (number, version), was in self.locked.items():
            listed = self.files[number].lists[version]
            if (listed.status, listed.pages, tuple(listed.signers)) != ("locked", *was):
                found.append(f"the locked list {version} of file {number} has changed")
        given = [one.number for one in self.files if one.number]
        if len(set(self.numbers)) != len(self.numbers) or sorted(given) != sorted(self.numbers):
            found.append("a number was used twice or taken back")
        return found


OF_LOANS = {
    "requested": ("issue", "issue", "withdraw"), "issued": ("return", "return", "renew", "recall", "pass_on"),
    "returned": ("check", "check"),
}  # fmt: skip
OF_FILES = ("request", "request", "direct", "shelve", "shelve", "offer", "receive", "write", "sign", "number")
LIKELY = 0.8  # how often the one who may is asked to do what can be done


def step(model: Model, dice: Random) -> Step:
    """The next act: mostly one that suits the state of a file or loan, by somebody who may; else anything."""
    if not model.files or (len(model.files) < MOST_FILES and dice.random() < 0.08):
        return Step("open", _somebody(model, dice, "open"))
    if "sell3" not in model.gone and dice.random() < 0.02:
        return Step("leave", _somebody(model, dice, "leave"), whom="sell3")
    live = [number for number, one in enumerate(model.loans) if one.status in OF_LOANS]
    if model.loans and dice.random() < 0.55:
        likely = live and dice.random() < LIKELY
        on = dice.choice(live) if likely else dice.randrange(len(model.loans))
        acts = (
            OF_LOANS[model.loans[on].status] if likely else tuple({one for some in OF_LOANS.values() for one in some})
        )
        return _of_loan(model, dice, dice.choice(sorted(acts)), on)
    return _of_file(model, dice, dice.choice(OF_FILES), dice.randrange(len(model.files)))


def _somebody(model: Model, dice: Random, act: str, *first: str) -> str:
    """Mostly somebody who may; ``first`` are those whom the act is theirs."""
    if dice.random() > LIKELY:
        return dice.choice(sorted(PEOPLE))
    return dice.choice(list(first) or [one for one in sorted(PEOPLE) if act not in MAY or model.may(act, one)])


def _of_loan(model: Model, dice: Random, act: str, on: int) -> Step:
    loan = model.loans[on]
    own = (loan.borrower,) if act in ("withdraw", "pass_on", "renew") else ()
    who = _somebody(model, dice, act, *own)
    until = max(loan.due, model.day) + dice.choice((-1, 0, 1, 2, 3, 7))
    return Step(act, who, on, whom=_somebody(model, dice, "request"), n=until, whole=dice.random() < LIKELY)


def _of_file(model: Model, dice: Random, act: str, on: int) -> Step:
    kept = model.files[on]
    if act == "sign" and not kept.lists:
        act = "write"
    if act == "write":
        return Step(act, _somebody(model, dice, act), on, n=dice.choice((0, 1, 2, 3)))
    if act == "sign":
        version = len(kept.lists) - 1 if dice.random() < LIKELY else dice.randrange(len(kept.lists))
        return Step(act, _somebody(model, dice, act), on, n=version)
    own = {"offer": (kept.holder,), "receive": kept.offered[1:] if kept.offered else ()}.get(act, ())
    until = model.day + dice.choice((-1, 0, 1, 3, 7, 8))
    who = _somebody(model, dice, act, *own)
    return Step(act, who, on, whom=_somebody(model, dice, "request"), n=until, place=dice.choice(PLACES))


def days_that_pass(dice: Random) -> int:
    """How many days lie before the next act."""
    return dice.choice((0, 0, 0, 0, 1, 1, 3))
