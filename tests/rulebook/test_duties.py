"""Duties: what opens, keeps, drops, moves and extends them; the fold equals one step after another."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kedang.rulebook.book import Book
from kedang.rulebook.calendars import Calendar
from kedang.rulebook.conditions import MissingFact
from kedang.rulebook.duties import abouts_of, fold, follow_up, lapse, redated
from kedang.rulebook.events import DAY_BEGAN
from kedang.rulebook.loading import load_pack
from tests.rulebook.small import HEAD, PLAIN, book, day, event, pack

HANDOVER = (
    "duty: {after: vehicle.delivered, from: vehicle.delivered_on, who: [file.consultant], about: file, "
    "done_by: handover.received, done_when: {handover.set: new}, within_working_days: 3, drops_on: [file.closed]}"
)
LADDER = (
    "duty: {after: file.opened, who: [archivist], about: file, done_by: contact.recorded, "
    "series: {1: 3, 2: 30}, early: counts}"
)
MONTHLY = "duty: {every: month, who: [archivist], about: branch, done_by: meeting.held, by: month-end}"
NOBODY = {"file.consultant": frozenset({"li"})}


def run(rules, *events, as_of=None, parties=NOBODY, facts=None):
    given_facts = (lambda _: facts) if facts else None
    last = as_of or max(one.happened_on for one in events)
    return list(fold(rules, events, lambda _: parties, PLAIN, last, given_facts).values())


def test_a_role_binds_its_person_and_the_clock_starts_on_the_date_fact():
    delivered = event(1, "vehicle.delivered", day(9), file="A", vehicle__delivered_on="2026-03-06")
    (state,) = run(book(HANDOVER), delivered)
    assert (state.who, state.pool, state.due_on, state.clause) == (("li",), (), day(11), "small:1")
    assert state.owed and state.act == "handover.received"


def test_without_a_person_the_pool_of_the_role_owes_it():
    (state,) = run(book(HANDOVER), event(1, "vehicle.delivered", day(6), file="A"), parties={})
    assert (state.who, state.pool) == ((), ("consultant",))


def test_the_actor_of_the_event_or_a_person_among_its_facts_can_be_bound():
    actor = "duty: {after: customer.opened, who: [event.actor], about: customer, done_by: file.opened, within_days: 7}"
    borrower = "duty: {after: loan.issued, who: [loan.borrower], about: loan, done_by: loan.returned, within_days: 7}"
    opened = event(1, "customer.opened", day(1), customer="K")
    issued = event(2, "loan.issued", day(1), loan="L", loan__borrower="wu")
    states = run(book(actor, borrower), opened, issued, parties={})
    assert [state.who for state in states] == [("eve",), ("wu",)]


def test_a_duty_about_a_person_can_bind_that_very_person():
    rule = "duty: {after: person.left, who: [person.self], about: person, done_by: transfer.received, within_days: 3}"
    (state,) = run(book(rule), event(1, "person.left", day(2), person="li"), parties={})
    assert (state.who, state.pool) == (("li",), ())


def test_the_pool_of_a_superior_is_the_post_that_the_role_reports_to():
    rule = (
        "duty: {after: file.opened, who: ['superior_of:file.consultant'], about: file, done_by: file.confirmed, "
        "within_days: 3}"
    )
    led = HEAD.replace("en: Consultant}", "en: Consultant, reports_to: director}")
    made = Book((load_pack(f'{led}  - {{id: "1", zh: 甲, en: a, rules: [{{{rule}}}]}}\n', "small.yaml"),))
    (state,) = run(made, event(1, "file.opened", day(2), file="A"), parties={})
    assert (state.who, state.pool) == ((), ("director",))


def test_where_the_source_names_no_time_the_organization_sets_the_days():
    left_open = HEAD.replace("clauses:", "defaults: {check.days: {value: 3, may_be: [1, 30]}}\nclauses:")
    rule = "duty: {after: file.opened, who: [director], about: file, done_by: file.confirmed, within_days: check.days}"
    made = load_pack(f'{left_open}  - {{id: "1", zh: 甲, en: a, rules: [{{{rule}}}]}}\n', "small.yaml")
    opened = event(1, "file.opened", day(2), file="A")
    assert [state.due_on for state in run(Book((made,)), opened)] == [day(5)]
    assert [state.due_on for state in run(Book((made,), {"check.days": 10}), opened)] == [day(12)]


def test_where_the_source_names_no_interval_the_organization_sets_the_period():
    left_open = HEAD.replace("clauses:", "defaults: {tidy.every: {value: quarter, may_be: [week, quarter]}}\nclauses:")
    rule = "duty: {every: tidy.every, who: [archivist], about: file, done_by: file.bound, by: period-end}"
    made = load_pack(f'{left_open}  - {{id: "1", zh: 甲, en: a, rules: [{{{rule}}}]}}\n', "small.yaml")
    begins = event(1, DAY_BEGAN, dt.date(2026, 6, 1), file="A")
    assert run(Book((made,)), begins) == []
    quarter = event(1, DAY_BEGAN, dt.date(2026, 7, 1), file="A")
    assert [state.due_on for state in run(Book((made,)), quarter)] == [dt.date(2026, 9, 30)]
    assert [state.due_on for state in run(Book((made,), {"tidy.every": "week"}), begins)] == [dt.date(2026, 6, 7)]


def test_a_later_handover_of_the_right_set_keeps_it():
    wrong = event(2, "handover.received", day(9), file="A", handover__set="service")
    right = event(3, "handover.received", day(11), file="A", handover__set="new")
    (state,) = run(book(HANDOVER), event(1, "vehicle.delivered", day(6), file="A"), wrong, right)
    assert (state.status, state.done_on, state.done_by) == ("kept", day(11), 3)
    assert not state.owed


def test_a_handover_of_another_file_keeps_nothing():
    other = event(2, "handover.received", day(9), file="B", handover__set="new")
    (state,) = run(book(HANDOVER), event(1, "vehicle.delivered", day(6), file="A"), other)
    assert state.status == "open"


def test_one_day_after_the_last_it_is_kept_late():
    late = event(2, "handover.received", day(12), file="A", handover__set="new")
    (state,) = run(book(HANDOVER), event(1, "vehicle.delivered", day(6), file="A"), late)
    assert state.status == "kept_late"


def test_a_handover_that_happened_after_the_delivery_but_was_typed_first_keeps_it_at_once():
    before = event(1, "handover.received", day(8), file="A", handover__set="new")
    (state,) = run(
        book(HANDOVER), before, event(2, "vehicle.delivered", day(9), file="A", vehicle__delivered_on=day(6))
    )
    assert state.status == "kept"


def test_a_handover_before_the_delivery_counts_only_where_early_counts():
    before = event(1, "handover.received", day(2), file="A", handover__set="new")
    delivered = event(2, "vehicle.delivered", day(6), file="A")
    (state,) = run(book(HANDOVER), before, delivered)
    assert state.status == "open"
    (state,) = run(book(HANDOVER.replace("within_working", "early: counts, within_working")), before, delivered)
    assert state.status == "kept"


def test_a_handover_typed_in_later_that_happened_before_the_delivery_does_not_count():
    delivered = event(1, "vehicle.delivered", day(6), file="A")
    before = event(2, "handover.received", day(2), file="A", handover__set="new")
    (state,) = run(book(HANDOVER), delivered, before)
    assert state.status == "open"


def test_what_was_done_before_the_trigger_before_does_not_count_early():
    events = [
        event(1, "contact.recorded", day(1), file="A"),
        event(2, "file.opened", day(2), file="A"),
        event(3, "file.opened", day(3), file="A"),
    ]
    states = run(book(LADDER), *events)
    assert [state.status for state in states] == ["kept", "open", "open", "open"]


def test_each_event_takes_one_rung_of_a_ladder():
    events = [event(1, "file.opened", day(1), file="A"), event(2, "contact.recorded", day(4), file="A")]
    first, second = run(book(LADDER), *events, as_of=day(5))
    assert (first.status, first.due_on, second.status, second.due_on) == ("kept", day(4), "open", day(31))


def test_a_past_event_opens_nothing_but_keeps_what_is_open():
    assert run(book(HANDOVER), event(1, "vehicle.delivered", day(6), past=True, file="A")) == []
    done = event(2, "handover.received", day(9), past=True, file="A", handover__set="new")
    (state,) = run(book(HANDOVER), event(1, "vehicle.delivered", day(6), file="A"), done)
    assert state.status == "kept"


def test_a_dropped_duty_brings_neither_praise_nor_blame():
    (state,) = run(
        book(HANDOVER), event(1, "vehicle.delivered", day(6), file="A"), event(2, "file.closed", day(9), file="A"),
        as_of=day(30),
    )  # fmt: skip
    assert state.status == "dropped"


def test_what_was_late_when_it_dropped_stays_late_and_is_owed_no_longer():
    (state,) = run(
        book(HANDOVER), event(1, "vehicle.delivered", day(6), file="A"), event(2, "file.closed", day(20), file="A")
    )
    assert (state.status, state.owed) == ("late", False)


def delivered_state(rules=None):
    return run(rules or book(HANDOVER), event(1, "vehicle.delivered", day(6), file="A"))[0]


def test_an_extension_keeps_the_old_date():
    key = delivered_state().key
    extended = event(2, "duty.extended", day(9), file="A", duty=key, duty__due_on=day(20))
    (state,) = run(book(HANDOVER), event(1, "vehicle.delivered", day(6), file="A"), extended, as_of=day(20))
    assert (state.due_on, state.was_due_on, state.status) == (day(20), (day(11),), "open")


def test_an_extension_without_a_date_is_refused():
    state = delivered_state()
    wrong = event(2, "duty.extended", day(9), file="A", duty=state.key, duty__due_on="soon")
    with pytest.raises(ValueError, match="needs a date"):
        follow_up(book(HANDOVER), wrong, parties={}, open_duties=[state], earlier=[], calendar=PLAIN)


def test_a_moved_duty_binds_the_new_person_and_a_dropped_one_nobody():
    state = delivered_state()
    moved = event(2, "duty.moved", day(9), file="A", duty=state.key)
    parties = {"duty.person": frozenset({"wu"})}
    effects = follow_up(book(HANDOVER), moved, parties=parties, open_duties=[state], earlier=[], calendar=PLAIN)
    assert effects.moved[0].who == ("wu",)
    dropped = event(3, "duty.dropped", day(9), file="A", duty=state.key)
    effects = follow_up(book(HANDOVER), dropped, parties={}, open_duties=[state], earlier=[], calendar=PLAIN)
    assert effects.dropped[0].status == "dropped"


def test_an_event_without_the_id_a_duty_is_about_is_a_fault_of_the_program():
    with pytest.raises(LookupError, match="carries no id of a 'file'"):
        run(book(HANDOVER), event(1, "vehicle.delivered", day(6), job="V"))


def test_an_act_that_was_not_done_for_the_thing_a_duty_is_about_opens_none():
    passed_on = book("duty: {after: use.recorded, who: [archivist], about: job, done_by: form.printed, within_days: 1}")
    assert run(passed_on, event(1, "use.recorded", day(6), file="A", use="U")) == []
    assert len(run(passed_on, event(1, "use.recorded", day(6), file="A", use="U", job="J"))) == 1


def test_a_condition_on_a_fact_nobody_gave_raises():
    rules = book(HANDOVER.replace("who:", "when: {file.segment: buyer}, who:"))
    with pytest.raises(MissingFact):
        run(rules, event(1, "vehicle.delivered", day(6), file="A"))
    assert run(rules, event(1, "vehicle.delivered", day(6), file="A"), facts={"file.segment": "unknown"}) == []
    assert len(run(rules, event(1, "vehicle.delivered", day(6), file="A"), facts={"file.segment": "buyer"})) == 1


def test_a_chain_opens_the_next_duty_when_the_first_is_done():
    first = HANDOVER.replace("within_working", 'opens: ["2"], within_working')
    check = (
        "duty: {after: file.verified, who: [archivist], about: file, done_by: handover.checked, within_working_days: 1}"
    )
    done = event(2, "handover.received", day(9), file="A", handover__set="new")
    states = run(book(first, check), event(1, "vehicle.delivered", day(6), file="A"), done)
    assert [(state.rule.clause, state.due_on) for state in states] == [("1", day(11)), ("2", day(10))]


def test_an_exception_stands_instead_of_the_rule():
    quick = HANDOVER.replace("days: 3", 'days: 1, instead_of: ["1"], when: {file.segment: vip}')
    rules = book(HANDOVER, quick)
    delivered = event(1, "vehicle.delivered", day(6), file="A")
    assert [s.rule.clause for s in run(rules, delivered, facts={"file.segment": "vip"})] == ["2"]
    assert [s.rule.clause for s in run(rules, delivered, facts={"file.segment": "plain"})] == ["1"]


def test_a_period_opens_its_duty_on_its_first_day_once():
    days = [event(1, "day.began", day(1), branch="b"), event(2, "day.began", day(2), branch="b")]
    (state,) = run(book(MONTHLY), *days, event(3, "day.began", day(1), branch="b"))
    assert (state.due_on, state.from_on) == (day(31), day(1))


def test_what_became_true_opens_one_duty_until_it_is_done():
    found = (
        "duty: {when_true: {file.duplicate: 'yes'}, who: [archivist], about: file, "
        "done_by: file.edited, within_days: 2}"
    )
    began = [event(n, "day.began", day(n), file="A", file__duplicate=True) for n in (1, 2)]
    assert len(run(book(found, HANDOVER), *began)) == 1
    done = event(3, "file.edited", day(3), file="A")
    again = event(4, "day.began", day(4), file="A", file__duplicate=True)
    assert len(run(book(found), *began, done, again)) == 2
    assert run(book(found), event(1, "day.began", day(1), file="A", file__duplicate=False)) == []


def test_late_begins_the_day_after():
    state = delivered_state()
    assert lapse([state], day(11)) == ()
    assert [one.status for one in lapse([state], day(12))] == ["late"]


def test_the_edition_of_the_triggers_day_governs():
    old, new = book(HANDOVER), book(HANDOVER.replace("days: 3", "days: 5"))
    books = {day(6): old, day(9): new}
    events = [event(1, "vehicle.delivered", day(6), file="A"), event(2, "vehicle.delivered", day(9), file="B")]
    states = fold(
        books.get, [*events, event(3, "vehicle.delivered", day(1), file="C")], lambda _: NOBODY, PLAIN, day(9)
    )
    assert [state.due_on for state in states.values()] == [day(11), day(16)]


def test_a_provisional_date_is_dated_again_when_the_year_is_known():
    short = Calendar("short", 2020, 2025)
    delivered = event(1, "vehicle.delivered", dt.date(2025, 12, 31), file="A")
    (state,) = fold(book(HANDOVER), [delivered], lambda _: NOBODY, short, dt.date(2025, 12, 31)).values()
    assert state.provisional
    longer = short.with_years({2026: [dt.date(2026, 1, 1)]}, {})
    assert (redated(state, longer).due_on, redated(state, longer).provisional) == (dt.date(2026, 1, 6), False)
    assert redated(delivered_state(), longer) == delivered_state()


def test_an_event_names_its_subject_and_what_it_carries():
    assert abouts_of(event(1, "loan.issued", day(1), file="A", loan="L")) == ("file:A", "loan:L")


RULES = [
    HANDOVER,
    LADDER,
    HANDOVER.replace("vehicle.delivered, from: vehicle.delivered_on", "file.opened").replace("days: 3", "days: 1"),
    "duty: {after: [file.opened, handover.received], who: [director], about: file, "
    "done_by: file.closed, by: month-end}",
]
NAMES = ["vehicle.delivered", "file.opened", "handover.received", "contact.recorded", "file.closed"]


@st.composite
def histories(draw):
    steps = draw(st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 40), st.sampled_from("AB"), st.booleans())))
    base = dt.date(2026, 1, 1)
    return [
        event(n, name, base + dt.timedelta(days=on), file=key, handover__set="new" if flag else "old")
        for n, (name, on, key, flag) in enumerate(steps, 1)
    ]


@settings(deadline=None, max_examples=60)
@given(histories(), st.permutations(RULES), st.integers(0, 60))
def test_the_order_of_clauses_never_matters(events, rules, later):
    ids = {rule: str(number) for number, rule in enumerate(RULES, 1)}
    as_of = dt.date(2026, 1, 1) + dt.timedelta(days=later)
    plain = fold(book(*RULES), events, lambda _: NOBODY, PLAIN, as_of)
    turned = fold(book(*rules, ids=[ids[rule] for rule in rules]), events, lambda _: NOBODY, PLAIN, as_of)
    assert {key: vars(one) | {"rule": 0} for key, one in plain.items()} == {
        key: vars(one) | {"rule": 0} for key, one in turned.items()
    }


@settings(deadline=None, max_examples=60)
@given(histories(), st.integers(0, 60))
def test_the_fold_equals_one_step_after_another(events, later):
    rules = book(*RULES)
    as_of = dt.date(2026, 1, 1) + dt.timedelta(days=later)
    states = {}
    for number, one in enumerate(events):
        about = set(abouts_of(one))
        effects = follow_up(
            rules,
            one,
            parties=NOBODY,
            open_duties=[state for state in states.values() if state.owed and state.about in about],
            earlier=[other for other in events[:number] if about & set(abouts_of(other))],
            calendar=PLAIN,
        )
        states.update((state.key, state) for state in effects.all())
        states.update((state.key, state) for state in lapse(states.values(), min(as_of, one.happened_on)))
    states.update((state.key, state) for state in lapse(states.values(), as_of))
    assert states == fold(rules, events, lambda _: NOBODY, PLAIN, as_of)


def test_no_book_opens_nothing():
    assert fold(Book(()), [event(1, "vehicle.delivered", day(6), file="A")], lambda _: {}, PLAIN, day(9)) == {}
    assert pack(HANDOVER).rules()[0].ref == "small:1"


RETURN = "duty: {after: loan.issued, who: [loan.borrower], about: loan, done_by: loan.returned, within_days: %s}"


def _over_the_base(mine, base):
    """A policy with one duty over a base with another."""
    head = HEAD.replace("pack: small", "pack: base\nrank: base")
    low = load_pack(f'{head}  - id: "B"\n    zh: 条款\n    en: A clause\n    rules:\n      - {base}\n', "00-base.yaml")
    return Book((pack(mine), low))


def _opened(rules):
    issued = event(1, "loan.issued", day(2), loan="L", loan__borrower="li")
    return {(one.clause, one.due_on) for one in run(rules, issued, parties={})}


def test_the_base_steps_back_where_a_policy_wants_the_same_of_the_same_people():
    assert _opened(_over_the_base(RETURN % 3, RETURN % 7)) == {("small:1", day(5))}


def test_the_base_stands_where_a_policy_wants_it_of_somebody_else():
    other = RETURN.replace("loan.borrower", "director") % 3
    assert _opened(_over_the_base(other, RETURN % 7)) == {("small:1", day(5)), ("base:B", day(9))}


def test_an_event_keeps_a_duty_about_what_it_was_done_for_and_no_other():
    rule = "duty: {after: request.sent, who: [archivist], about: request, done_by: record.added, within_days: 3}"
    events = [
        event(1, "request.sent", day(2), request="Q"),
        event(2, "request.sent", day(2), request="R"),
        event(3, "record.added", day(3), file="A", record="1"),
        event(4, "record.added", day(4), file="A", record="2", request="R"),
    ]
    states = fold(book(rule), events, lambda _event: {}, PLAIN, day(6))
    assert {state.about: state.status for state in states.values()} == {"request:Q": "late", "request:R": "kept"}


REPAIR = "duty: {after: ticket.opened, who: [archivist], about: ticket, done_by: ticket.assigned, within_minutes: 30}"


def at(number, name, hour, on=5, recorded=5):
    """An event of one ticket, recorded at an hour of a day of March."""
    when = dt.datetime.fromisoformat(f"2026-03-{recorded:02}T{hour}:00+08:00")
    return dataclasses.replace(event(number, name, day(on), ticket="T"), recorded_at=when)


def minutes_later(*events, now=None, as_of=5):
    [state] = fold(book(REPAIR), events, lambda _event: {}, PLAIN, day(as_of), now=now).values()
    return state


def test_a_duty_of_minutes_is_kept_until_its_last_moment_and_late_after_it():
    opened = at(1, "ticket.opened", "09:30")
    assert minutes_later(opened, at(2, "ticket.assigned", "10:00")).status == "kept"
    assert minutes_later(opened, at(2, "ticket.assigned", "10:01")).status == "kept_late"


def test_it_grows_late_in_the_course_of_its_day_and_its_breach_is_of_that_day():
    opened = at(1, "ticket.opened", "09:30")
    for hour, status in (("10:00:00", "open"), ("10:00:01", "late")):
        state = minutes_later(opened, now=dt.datetime.fromisoformat(f"2026-03-05T{hour}+08:00"))
        assert (state.status, state.due_on, state.late_on) == (status, day(5), day(5))
    assert minutes_later(opened).status == "open"
    assert minutes_later(opened, as_of=6).status == "late"


def test_its_minutes_run_over_midnight():
    state = minutes_later(at(1, "ticket.opened", "23:50"))
    assert (state.due_on, f"{state.due_at:%H:%M}") == (day(6), "00:20")


def test_where_only_the_day_is_known_the_day_counts():
    typed_later = at(1, "ticket.opened", "09:00", on=4, recorded=5)
    state = minutes_later(typed_later)
    assert (state.due_on, state.due_at) == (day(4), None)
    opened = at(1, "ticket.opened", "09:30")
    assert minutes_later(opened, at(2, "ticket.assigned", "11:00", recorded=6)).status == "kept"


def test_hours_are_sixty_minutes_and_an_extension_gives_a_day():
    rule = REPAIR.replace("within_minutes: 30", "within_hours: 24")
    [state] = fold(book(rule), [at(1, "ticket.opened", "09:30")], lambda _event: {}, PLAIN, day(5)).values()
    assert (state.due_on, f"{state.due_at:%H:%M}") == (day(6), "09:30")
    longer = event(2, "duty.extended", day(6), duty=state.key, duty__due_on=day(9))
    [state] = fold(book(rule), [at(1, "ticket.opened", "09:30"), longer], lambda _event: {}, PLAIN, day(6)).values()
    assert (state.due_on, state.due_at, state.late_on) == (day(9), None, day(10))
