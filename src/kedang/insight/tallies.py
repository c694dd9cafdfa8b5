"""The counts behind the figures: every measure of a page in one statement, grouped by the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, CharField, Count, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from kedang.insight.periods import Period
from kedang.insight.scoping import Scope, held
from kedang.insight.sources import PEOPLE, SOURCES, Source
from kedang.lib.whole import whole
from kedang.rulebook.book import Book
from kedang.rulebook.pack import Measure, Pack
from kedang.staff.models import Branch


@dataclass(frozen=True)
class Question:
    """A measure asked for a period, within a scope; ``by`` is what is grouped by, ``posts`` narrows to those
    of a role."""

    rule: Measure
    pack: Pack
    period: Period
    scope: Scope
    by: str
    posts: tuple[str, ...] = ()

    @property
    def source(self) -> Source:
        """The rows that it is asked of."""
        return SOURCES[self.rule.over]


@dataclass(frozen=True)
class Tally:
    """So many rows of one group in one state; ``at`` is the number of the question, ``now`` its period or the one
    before.
    """

    at: int
    now: bool
    group: str
    state: str
    number: int


def question(rule: Measure, book: Book, period: Period, scope: Scope) -> Question | None:
    """The measure as a question, or nothing where these rows are not kept, not grouped so or not about people."""
    source = SOURCES.get(rule.over)
    if source is None or rule.of not in source.of:
        return None
    pack = book.pack(rule.pack)
    posts = book.posts_of_role(f"file.{rule.by}") if rule.by not in PEOPLE and rule.by not in source.by else ()
    known = rule.by in source.by or rule.by == "branch" or (bool(source.who) and (rule.by in PEOPLE or bool(posts)))
    if not known or (scope.name != "all" and not source.who):
        return None
    by = "person" if scope.name == "mine" or posts else rule.by
    return Question(rule, pack, period, scope, by, posts)


def by_person(one: Question) -> Question | None:
    """The same question grouped by person; nothing where the rows are not about people or are grouped so already."""
    return replace(one, by="person") if one.source.who and one.by != "person" else None


def asked(one: Question, branch: Branch, group: str | None = None, *, both: bool = False) -> QuerySet[Any]:
    """The rows that a question counts; of one ``group`` only, with those of the period before if ``both``."""
    source, first = one.source, one.period.before.first if both else one.period.first
    wanted = Q(**{f"{source.day}__gte": first, f"{source.day}__lte": one.period.last})
    if one.scope.name == "mine":
        wanted &= Q(**{source.who: one.scope.person})
    elif source.who and (one.scope.name == "unit" or one.by in ("unit", "post") or one.posts):
        wanted &= held(source.who, source.day, branch)
        wanted &= Q(**{f"{source.who}__holdings__unit__in": one.scope.units}) if one.scope.name == "unit" else Q()
    if one.posts:
        wanted &= held(source.who, source.day, branch) & Q(**{f"{source.who}__holdings__post__in": one.posts})
    rows = source.rows(branch, one.pack).filter(wanted)
    if group is None:
        return rows
    if one.by == "person" and whole(group) is None:
        return rows.none()
    return rows.annotate(its_group=_group(one, branch)).filter(its_group=group) if one.by != "branch" else rows


def _group(one: Question, branch: Branch) -> Any:
    who = one.source.who
    if one.by == "branch":
        return Value(str(branch.pk), CharField())
    if one.by == "person":
        return Cast(F(who), CharField())
    if one.by in PEOPLE:
        return F(f"{who}__holdings__{one.by}")
    path = one.source.by[one.by]
    return F(path) if isinstance(path, str) else path()


def pools(one: Question, branch: Branch, *, both: bool = False) -> QuerySet[Any] | None:
    """The rows that nobody is named for, only a pool of posts: they count for the pool's unit or post."""
    if not one.source.pooled or one.by not in ("unit", "post") or one.scope.name == "mine":
        return None
    first = one.period.before.first if both else one.period.first
    day = {f"{one.source.day}__gte": first, f"{one.source.day}__lte": one.period.last}
    return one.source.rows(branch, one.pack).filter(**{one.source.who: None}, **day)


def group_of_pool(one: Question, pool: str) -> str:
    """The unit or post that a pool belongs to: that of the first post named."""
    first = pool.partition(",")[0]
    if first.startswith(("head_of:", "unit:")):
        return first.partition(":")[2] if one.by == "unit" else first
    post = one.pack.posts.get(first)
    return first if one.by == "post" else (post.unit if post else "")


def tallies(questions: Sequence[Question], branch: Branch) -> Iterator[Tally]:
    """What the database counts for all questions, in one statement."""
    parts: list[QuerySet[Any, Any]] = []
    for at, one in enumerate(questions):
        parts.append(_counted(one, asked(one, branch, both=True), _group(one, branch), at, pooled=False))
        pooled = pools(one, branch, both=True)
        if pooled is not None:
            parts.append(_counted(one, pooled, F("pool"), at, pooled=True))
    if not parts:
        return
    for at, pooled, now, group, state, number in parts[0].union(*parts[1:], all=True):
        one, group = questions[at], str(group or "")
        if pooled:
            group = group_of_pool(one, group)
            if one.scope.name == "unit" and one.by == "unit" and group not in one.scope.units:
                continue
            if one.scope.name == "unit" and one.by != "unit":
                continue
        yield Tally(at, bool(now), group, str(state), number)


def _counted(one: Question, rows: QuerySet[Any], group: Any, at: int, *, pooled: bool) -> QuerySet[Any, Any]:
    """The rows of a question counted by period, group and state; a row of two people of one group is one row."""
    now = Case(When(**{f"{one.source.day}__gte": one.period.first}, then=1), default=0, output_field=IntegerField())
    state = one.source.state if one.rule.of != "count" else Value("", CharField())
    named = rows.order_by().annotate(
        q_at=Value(at, IntegerField()), q_pool=Value(int(pooled), IntegerField()), q_now=now, q_group=group,
        q_state=state,
    )  # fmt: skip
    columns = named.values_list("q_at", "q_pool", "q_now", "q_group", "q_state")
    return columns.annotate(n=Count("pk", distinct=True))


def rows_of(one: Question, found: Iterable[Tally], *, now: bool) -> list[dict[str, Any]]:
    """Tallies as the rows that the rulebook measures."""
    column = "complete" if one.rule.of == "share_complete" else "status"
    return [{one.rule.by: each.group, column: each.state, "times": each.number} for each in found if each.now == now]
