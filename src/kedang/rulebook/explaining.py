"""Each rule in plain words, Chinese or English, so that a person can hold it against the clause's own text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from kedang.rulebook import pack as p
from kedang.rulebook import words
from kedang.rulebook.form_words import COLUMN_VALUES, PER_VALUES, TABLE_VALUES
from kedang.rulebook.naming import Namer

SENTENCE_ENDS = ("。", ".", "？", "?")


def explain(rule: p.Rule, pack: p.Pack, language: str) -> str:
    """The rule in one or more sentences; `language` is a code, anything but Chinese reads English."""
    return explain_with(Namer(pack, language), rule)


def explain_pack(pack: p.Pack, language: str) -> dict[str, tuple[str, ...]]:
    """Every rule of every clause in words, by clause id."""
    namer = Namer(pack, language)
    return {id_: tuple(explain_with(namer, rule) for rule in clause.rules) for id_, clause in pack.clauses.items()}


def explain_with(namer: Namer, rule: p.Rule) -> str:
    """The rule in the words of a namer."""
    said: str = _EXPLAINERS[type(rule)](rule, namer)
    said = said[:1].upper() + said[1:]
    return said if said.endswith(SENTENCE_ENDS) else said + namer.say("。", ".")


def _opt(value: object, said: str) -> str:
    """The words if there is something to say."""
    return said if value else ""


def _when(tests: p.Conditions, n: Namer) -> str:
    return _opt(tests, n.say(f"当{n.tests(tests)}时，", f"when {n.tests(tests)}, "))


def _lifts(refs: Sequence[str], n: Namer) -> str:
    said = n.clauses(refs)
    return _opt(refs, n.say(f"；这是{said}的例外", f"; this is an exception to {said}"))


def _permit(rule: p.Permit, n: Namer) -> str:
    who, act, grade = n.people(rule.who), n.act(rule.act), n.value(rule.grade, "record.grade")
    return (
        _when(rule.when, n)
        + n.say(f"{who}可以进行{act}", f"{who} may {act}")
        + _opt(rule.grade, n.say(f"，至“{grade}”级", f", up to what is graded {grade}"))
        + _opt(rule.only, n.say("，其他人一律不可", "; nobody else may"))
        + _lifts(rule.lifts, n)
    )


def _forbid(rule: p.Forbid, n: Namer) -> str:
    who, but, act = n.people(rule.who), n.people(rule.except_who), n.act(rule.act)
    everybody = rule.who == ("anyone",)
    return (
        _when(rule.when, n)
        + n.say(f"{who}不得进行{act}", f"nobody may {act}" if everybody else f"{who} may not {act}")
        + _opt(rule.except_who, n.say(f"（{but}除外）", f", except {but}"))
        + _lifts(rule.lifts, n)
    )


def _require(rule: p.Require, n: Namer) -> str:
    who, act, that = n.people(rule.who), n.act(rule.act), n.tests(rule.that)
    return (
        _when(rule.when, n)
        + n.say(f"{who}进行{act}前须满足：{that}", f"before {who} may {act}: {that}")
        + _lifts(rule.lifts, n)
    )


def _consent(rule: p.Consent, n: Namer) -> str:
    who, act = n.people(rule.who), n.act(rule.act)
    steps = n.say("，再经", ", then of ").join(_step(step, n) for step in rule.steps)
    until = n.word(words.UNTIL_WORDS, rule.until)
    left_open = n.pack.defaults.get(rule.lasts_key)
    lasts = rule.lasts_days or (left_open.value if left_open else None)
    days, times = "day" if lasts == 1 else "days", "once" if rule.uses == 1 else f"{rule.uses} times"
    open_ = n.say("（可由单位设定）", " (the organization may set it)") if rule.lasts_key else ""
    return (
        _when(rule.when, n)
        + n.say(f"{who}进行{act}须经{steps}同意", f"{who} may {act} with the consent of {steps}")
        + _opt(lasts, n.say(f"；同意{lasts}天内有效{open_}", f"; it lasts {lasts} {days}{open_}"))
        + _opt(rule.until, n.say(f"；{until}", f"; {until}"))
        + _opt(rule.uses, n.say(f"；可用{rule.uses}次", f"; it serves {times}"))
        + _opt(rule.proof, n.say("；须附凭证", "; it needs a proof"))
        + _opt(rule.self_ == "superior", n.say("；自己申请的由上级同意", "; who would ask himself asks his superior"))
        + _lifts(rule.lifts, n)
    )  # fmt: skip


def _step(step: p.Step, n: Namer) -> str:
    names = [n.selector(one) for one in step.who]
    return n.say("和", " and ").join(names) if step.all_of else n.any_of(names)


def _duty(rule: p.Duty, n: Namer) -> str:
    who, done = n.people(rule.who), n.event(rule.reach or rule.done_by)
    start, ends = n.fact(rule.from_), n.any_of(n.event(one) for one in rule.drops_on)
    needs, before = n.say("、", ", ").join(n.name(one) for one in rule.needs), n.clauses(rule.instead_of)
    beside = n.clauses(rule.besides)
    return (
        _opening(rule, n)
        + _when(rule.when, n)
        + n.say(f"{who}须{_limit(rule, n)}完成{done}", f"{who} owes {done} {_limit(rule, n)}")
        + _opt(rule.from_, n.say(f"（自{start}起算）", f" (counted from {start})"))
        + _opt(rule.done_when, n.say(f"，且{n.tests(rule.done_when)}", f"; it counts when {n.tests(rule.done_when)}"))
        + _opt(rule.early, n.say("；提前完成也算", "; done before counts too"))
        + _opt(rule.needs, n.say(f"；需要{needs}", f"; it needs {needs}"))
        + _opt(rule.drops_on, n.say(f"；{ends}后不再需要", f"; it falls away after {ends}"))
        + _opt(rule.opens, n.say(f"；随后按{n.clauses(rule.opens)}办理", f"; then {n.clauses(rule.opens)} follows"))
        + _opt(rule.instead_of, n.say(f"；代替{before}", f"; this goes before {before}"))
        + _opt(rule.besides, n.say(f"；与{beside}的期限并行", f"; its time runs beside that of {beside}"))
    )  # fmt: skip


def _opening(rule: p.Duty, n: Namer) -> str:
    if rule.after:
        events = n.any_of(n.event(one) for one in rule.after)
        return n.say(f"{events}后，", f"after {events}, ")
    if rule.every or rule.every_key:
        left_open = n.pack.defaults.get(rule.every_key)
        period = n.word(words.PERIOD_WORDS, rule.every or (str(left_open.value) if left_open else ""))
        open_ = n.say("（可由单位设定）", " (the organization may set it)") if rule.every_key else ""
        return n.say(f"每{period}{open_}，", f"every {period}{open_}, ")
    said = n.tests(rule.when_true)
    return n.say(f"一旦{said}，", f"as soon as {said}, ")


UNITS: Mapping[str, tuple[str, str]] = {
    "within_working_days": ("个工作日", "working days"),
    "within_days": ("日", "days"),
    "within_months": ("个月", "months"),
    "within_years": ("年", "years"),
    "within_hours": ("小时", "hours"),
    "within_minutes": ("分钟", "minutes"),
}


def _limit(rule: p.Duty, n: Namer) -> str:
    limit = rule.limit
    days = n.say(*UNITS.get(limit.kind, UNITS["within_days"]))
    if rule.series:
        rungs = n.say("、", ", ").join(
            n.say(f"第{rung}次{count}{days}", f"no. {rung} within {count} {days}") for rung, count in rule.series
        )
        return n.say(f"按次数（{rungs}）", f"({rungs})")
    if limit.kind in UNITS:
        left_open = n.pack.defaults.get(limit.key)
        number = limit.number or (left_open.value if left_open else 0)
        unit = days.removesuffix("s") if number == 1 else days
        open_ = n.say("（可由单位设定）", " (the organization may set it)") if limit.key else ""
        return n.say(f"在{number}{days}内{open_}", f"within {number} {unit}{open_}")
    if limit.kind == "in":
        return n.say(f"在{limit.start}至{limit.end}之间", f"between {limit.start} and {limit.end}")
    if limit.point in words.POINT_WORDS:
        return n.say("在", "") + n.word(words.POINT_WORDS, limit.point)
    point = limit.point if limit.point[:2].isdigit() else n.fact(limit.point)
    return n.say(f"在{point}前", f"by {point}")


def _money(amount: Decimal | None) -> str:
    return f"¥{amount:,.2f}" if amount is not None else ""


def _breach(rule: p.Sanction | p.Aggravate, n: Namer) -> str:
    if rule.for_kind == "late":
        clause = n.clause(rule.for_name)
        return n.say(f"逾期未按{clause}办理的", f"for being late under {clause}")
    name = n.name(rule.for_name)
    return n.say(f"发生“{name}”的", f"for “{name}”")


def _sum(rule: p.Sanction, n: Namer) -> str:
    if rule.fine_cny is not None:
        return n.say(f"罚款{_money(rule.fine_cny)}", f"a fine of {_money(rule.fine_cny)}")
    if rule.fine_from is not None:
        low, high = _money(rule.fine_from), _money(rule.fine_to)
        return n.say(f"罚款{low}至{high}", f"a fine of {low} to {high}")
    if rule.pay_share_from is not None:
        low, high = str(rule.pay_share_from), str(rule.pay_share_to)
        return n.say(f"扣当月绩效工资{low}%至{high}%", f"{low} to {high} % of the month's performance pay")
    return n.say(f"“{n.name(rule.measure)}”", f"“{n.name(rule.measure)}”")


def _sanction(rule: p.Sanction, n: Namer) -> str:
    who, by, per = n.people(rule.who), n.people(rule.decided_by), _per(rule.per, n)
    breach, price, other = _breach(rule, n), _sum(rule, n), n.clauses(rule.instead_of)
    return (
        _when(rule.when, n)
        + _opt(rule.who, n.say(f"{who}", f"to {who} "))
        + n.say(f"{breach}，按每{per}建议{price}", f"{breach}, {price} for each {per} is proposed")
        + n.say(f"，由{by}决定", f"; {by} decides")
        + _opt(rule.instead_of, n.say(f"；代替{other}", f"; instead of {other}"))
        + _opt(rule.besides, n.say(f"；可与{n.clauses(rule.besides)}并处", f"; besides {n.clauses(rule.besides)}"))
    )  # fmt: skip


def _per(key: str, n: Namer) -> str:
    if key in words.PERIOD_WORDS:
        return n.word(words.PERIOD_WORDS, key)
    counted = {one: PER_VALUES[one] for one in ("item", "piece", "incident")}
    name = n.name(key) if key in n.declared else n.say(words.NOUNS.get(key, key), key)
    return n.word({key: (name, name), **counted}, key)


def _aggravate(rule: p.Aggravate, n: Namer) -> str:
    who, nth, times = n.people(rule.who), rule.from_nth, rule.multiply
    span = n.say("同一个月内", "of one month")
    if rule.window == "within_days":
        span = n.say(f"{rule.within_days}天内", f"within {rule.within_days} days")
    counted = {"imposed": ("已决定", "imposed"), "proposed": ("已建议", "proposed")}
    how = n.word(counted, rule.counts)
    only = _breach(rule, n) if rule.for_kind else ""
    return n.say(
        f"{who}{span}第{nth}次起（只计{how}的），按{times}倍处理",
        f"from breach no. {nth} {span} on (those {how} count), {who} is proposed {times} times the sum",
    ) + _opt(only, n.say(f"；只计、只加重{only}", f"; only breaches {only} count and cost more"))


def _repeat(rule: p.Repeat, n: Namer) -> str:
    start, end, number = n.event(rule.after), n.event(rule.until), rule.every_working_days
    days = n.say(f"{number}个工作日", "working day" if number == 1 else f"{number} working days")
    return (
        _when(rule.when, n)
        + n.say(
            f"{start}后，每满{days}未见{end}，按原额再处理一次",
            f"after {start}, the same sum is proposed again for every {days} without {end}",
        )
        + _opt(rule.adds_to_count, n.say("，计入次数", ", and it counts as a further one"))
    )


def _reward(rule: p.Reward, n: Namer) -> str:
    who, by, what = n.people(rule.who), n.people(rule.decided_by), n.name(rule.for_name)
    return (
        n.say(f"因“{what}”", f"for “{what}” ")
        + _opt(rule.who, n.say(f"对{who}", f"to {who} "))
        + n.say("建议奖励", "a reward is proposed")
        + _opt(rule.amount_cny, n.say(_money(rule.amount_cny), f" of {_money(rule.amount_cny)}"))
        + _opt(rule.measure, n.say(f"“{n.name(rule.measure)}”", f": “{n.name(rule.measure)}”"))
        + n.say(f"，由{by}决定", f"; {by} decides")
    )


def _choose(rule: p.Choose, n: Namer) -> str:
    down = n.say("（从大到小）", " (greatest first)") if rule.value.startswith("-") else ""
    value = rule.value.removeprefix("-")
    fact = (n.fact(value) if "." in value else n.name(value)) + down
    how, act = n.word(words.CHOICE_WORDS, rule.kind).format(value=fact), n.act(rule.for_act)
    return (
        _when(rule.when, n)
        + n.say(f"{act}第{rule.rank}顺位：{how}", f"to {act}, in rank {rule.rank}: {how}")
        + _opt(rule.reason, n.say("，须说明理由", "; a reason is needed"))
    )  # fmt: skip


def _settle(rule: p.Settle, n: Namer) -> str:
    key, value = n.fact(rule.key), n.value(rule.value, rule.key).strip("“”")
    return _when(rule.when, n) + n.say(f"{key}定为“{value}”", f"{key} is “{value}”")


def _classify(rule: p.Classify, n: Namer) -> str:
    field, to = n.fact(rule.field), n.value(rule.to, rule.field)
    return _when(rule.when, n) + n.say(f"{field}定为“{to}”", f"{field} is “{to}”")


def _column(key: str, n: Namer) -> str:
    if key in n.declared or key not in COLUMN_VALUES:
        return n.value(key) if key in n.declared or not n.zh else words.TRAITS.get(key) or n.value(key)
    return n.word(COLUMN_VALUES, key)


def _measure(rule: p.Measure, n: Namer) -> str:
    every, by = n.word(words.PERIOD_WORDS, rule.every), _column(rule.by, n)
    figure = n.word(words.MEASURE_WORDS, rule.of)
    over = n.word(TABLE_VALUES, rule.over) if rule.over in TABLE_VALUES else n.value(rule.over)
    return (
        n.say(f"每{every}按{by}统计", f"every {every}, by {by}: ")
        + _opt(rule.over, n.say(f"“{over}”的", ""))
        + figure
        + _opt(rule.over, n.say("", f" of “{over}”"))
        + _opt(rule.frozen, n.say("，统计后不再更改", "; once made it stays"))
    )


def _declare(rule: p.Declare, n: Namer) -> str:
    names = dict.fromkeys(
        n.fact(ref.removeprefix("default.")) if ref.startswith("default.") else n.name(ref.rpartition(".")[2])
        for ref in rule.refs
    )
    return n.say(f"由系统设立：{'、'.join(names)}", f"the program provides: {', '.join(names)}")


def _inspect(rule: p.Inspect, n: Namer) -> str:
    asks = n.say(rule.asks.zh, rule.asks.en)
    return n.say(f"在“{n.name(rule.round)}”中检查：{asks}", f"looked at on “{n.name(rule.round)}”: {asks}")


def _show(_rule: p.Show, n: Namer) -> str:
    return n.say("原则或定义，仅供阅读", "a principle or definition, to be read")


_EXPLAINERS: Mapping[type[p.Rule], Callable[[Any, Namer], str]] = {
    p.Permit: _permit,
    p.Forbid: _forbid,
    p.Require: _require,
    p.Consent: _consent,
    p.Duty: _duty,
    p.Sanction: _sanction,
    p.Aggravate: _aggravate,
    p.Repeat: _repeat,
    p.Reward: _reward,
    p.Choose: _choose,
    p.Settle: _settle,
    p.Classify: _classify,
    p.Measure: _measure,
    p.Declare: _declare,
    p.Inspect: _inspect,
    p.Show: _show,
}
