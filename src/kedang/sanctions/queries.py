"""Reads of breaches, with the proposal that the rules make for each today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from kedang.adoptions.models import Adoption
from kedang.adoptions.queries import binding, book_for, pack_of
from kedang.journal.models import Event
from kedang.journal.queries import Entry, entry, events_of
from kedang.lib.folding import Figure, counted
from kedang.rulebook import UNKNOWN, BreachFacts, Decided, Proposal, propose
from kedang.rulebook.book import Book
from kedang.rulebook.counting import Prior
from kedang.rulebook.pack import Sanction as Rule
from kedang.rulebook.sanctions import counts_since, undecidable_before
from kedang.sanctions.models import UNDECIDED, Breach
from kedang.sanctions.told import told
from kedang.staff.models import Branch, Person, PostHolding, Unit
from kedang.staff.queries import held_on, posts_held

COUNTED = (
    "pk", "person", "happened_on", "status", "kind", "name", "same_as", "sanction__clauses", "sanction__adds_to_count",
)  # fmt: skip
Posts = Mapping[int, Sequence[PostHolding]]


@dataclass(frozen=True)
class Weighed:
    """A breach, what is proposed for it, and the earlier breaches that must be decided first."""

    breach: Breach
    proposal: Proposal | None
    before: tuple[int, ...]
    book: Book


def breaches(branch: Any) -> QuerySet[Breach]:
    """The breaches of a branch, newest first."""
    return Breach.objects.filter(branch=branch).select_related(
        "person", "sanction", "same_as__sanction", "same_as__duty", "duty", "branch"
    )


def of_file(file: int | str) -> QuerySet[Breach]:
    """The breaches about a file."""
    return Breach.objects.filter(file=str(file)).select_related("person", "sanction")


def posts_by_person(branch: Branch, people: Iterable[int]) -> Posts:
    """All holdings of these people in a branch, in one read."""
    found: dict[int, list[PostHolding]] = {}
    for row in PostHolding.objects.filter(branch=branch, person__in=set(people)):
        found.setdefault(row.person_id, []).append(row)
    return found


def facts_of(breach: Breach, book: Book, posts: Posts, known: Mapping[str, Any] | None = None) -> BreachFacts:
    """The breach as the rulebook weighs it with what is ``known`` of it; what no event told is unknown, never no."""
    held = [
        one.post
        for one in posts.get(breach.person_id, ())
        if one.since <= breach.happened_on and (one.until is None or one.until >= breach.happened_on)
    ]
    facts: dict[str, Any] = {test.fact: UNKNOWN for rule in book.rules_of(Rule) for test in rule.when}
    facts |= {key: value for key, value in (known or {}).items() if key in facts or key == "file.kind"}
    same_as: Decimal | None = None
    if breach.same_as is not None and hasattr(breach.same_as, "sanction"):
        same_as = breach.same_as.sanction.amount_cny
    return BreachFacts(
        breach.pk, breach.kind, breach.name, str(breach.person_id), book.posts_with(held), breach.happened_on,
        breach.units, f"{breach.about_kind}:{breach.about_id}", same_as, facts,
    )  # fmt: skip


def decided_of(breach: Breach) -> Decided:
    """The breach as it counts for later ones."""
    row = getattr(breach, "sanction", None)
    found = (row.clauses, row.adds_to_count) if row else (None, None)
    what = (breach.status, breach.kind, breach.name)
    return _decided(breach.pk, breach.person_id, breach.happened_on, *what, breach.same_as_id, *found)


def _decided(
    pk: int, person: int, on: date, status: str, kind: str, name: str, same_as: int | None, clauses: Any,
    adds: bool | None,
) -> Decided:  # fmt: skip
    status = "undecided" if status in UNDECIDED else status
    adds = same_as is None if adds is None else adds
    return Decided(pk, str(person), on, status, frozenset(clauses or ()), adds, kind, name)


def counting(rows: Sequence[Breach], books: Mapping[date, Book]) -> QuerySet[Breach]:
    """The breaches of the same people that can count for one of ``rows``: those in the windows of its clauses.

    ``books`` are those of the days of ``rows``.  The windows of all people are put together, which only reads more.
    """
    spans = Q(pk__in=())
    for since, until in _joined({(counts_since(books[day], day), day) for day in {row.happened_on for row in rows}}):
        spans |= Q(happened_on__gte=since, happened_on__lte=until)
    return Breach.objects.filter(spans, branch=rows[0].branch_id, person__in={row.person_id for row in rows})


def _joined(spans: Iterable[tuple[date | None, date]]) -> list[tuple[date, date]]:
    """Spans of days without those that have no beginning; those that overlap are one."""
    found: list[tuple[date, date]] = []
    for since, until in sorted((since, until) for since, until in spans if since is not None):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(until, found[-1][1]))
        else:
            found.append((since, until))
    return found


def weigh(rows: Sequence[Breach], today: date | None = None) -> list[Weighed]:
    """Each breach with its proposal under the book of its own day, as of ``today``; four reads, however many rows."""
    if not rows:
        return []
    branch = rows[0].branch
    posts = posts_by_person(branch, {row.person_id for row in rows})
    books = {day: book_for(branch, day) for day in {row.happened_on for row in rows}}
    prior = Prior(_decided(*one) for one in counting(rows, books).order_by().values_list(*COUNTED))
    known = told(rows, today)
    found = []
    for row in rows:
        book = books[row.happened_on]
        facts = facts_of(row, book, posts, known[row.pk])
        found.append(Weighed(row, propose(book, facts, prior), undecidable_before(book, facts, prior), book))
    return found


def not_enforceable(branch: Branch, on: date) -> list[Adoption]:
    """The policies whose sanctions are not enforceable yet: it is not recorded how staff were heard and told."""
    rows = binding(branch, on)
    return [one for one in rows if not one.hearing_record and not one.file_name.startswith("00-")]


def not_told(weighed: Weighed) -> list[Adoption]:
    """The editions under which a breach is decided and of which no hearing is recorded: those of the breach's own day.

    What a later edition, or a policy whose clauses say nothing of it, still lacks does not keep it waiting.
    """
    row = weighed.breach
    refs = {*(weighed.proposal.clauses if weighed.proposal else ()), *([row.name] if ":" in row.name else [])}
    numbers = {ref.partition(":")[0] for ref in refs}
    found = not_enforceable(row.branch, row.happened_on)
    return [one for one in found if not numbers or pack_of(one).number in numbers]


def quashed_before(breach: Breach) -> list[Breach]:
    """The quashed breaches for which this one was marked to be looked at again."""
    rows = list(breaches(breach.branch).filter(person=breach.person, status="quashed"))
    events = Event.objects.filter(
        name="sanction.quashed", subject_kind="breach", subject_id__in=[str(one.pk) for one in rows]
    )
    told_of = {one.subject[1] for one in map(entry, events) if breach.pk in one.data.get("review", ())}
    return [one for one in rows if str(one.pk) in told_of]


def quashing(breach: Breach) -> Entry | None:
    """How a breach was quashed: by whom, on which day and why."""
    found = [one for one in events_of("breach", breach.pk, 10) if one.name == "sanction.quashed"]
    return found[-1] if found else None


def deciders(weighed: Weighed, on: date) -> list[Person]:
    """Who holds a post that may decide, as the clause names it; never the person concerned."""
    if weighed.proposal is None:
        return []
    rows = held_on(weighed.breach.branch, on)
    found = {row.person for row in rows if row.post in weighed.proposal.decided_by}
    return sorted(found - {weighed.breach.person}, key=lambda one: one.username)


def seen_by(viewer: Person, branch: Branch, today: date) -> Q:
    """Which breaches a person sees: one's own, those of the units one heads, all for whoever may decide or orders."""
    return within_sight(viewer, branch, menu_shape(viewer, branch, today))


def within_sight(viewer: Any, branch: Any, sees: tuple[str, ...]) -> Q:
    """The same for whoever ``menu_shape`` says sees all or some."""
    if sees:
        return Q()
    heads = Unit.objects.filter(branch=branch, head=viewer).values("key")
    members = PostHolding.objects.filter(branch=branch, unit__in=heads).values("person")
    return Q(person=viewer) | Q(person__in=members)


def menu_shape(viewer: Person, branch: Branch, today: date) -> tuple[str, ...]:
    """What lets a person see every breach of the branch; empty for whoever sees some only."""
    posts = book_for(branch, today).posts_with(posts_held(viewer, branch, today))
    return ("all",) if posts & {"manager", "general-manager", "archivist", "auditor"} else ()


def menu_counts(viewer: Any, branch: Any, _today: Any, *sees: str) -> dict[str, Figure]:
    """How many breaches that this person sees wait for a decision; counted up to a thousand."""
    waiting = Breach.objects.filter(within_sight(viewer, branch, sees), branch=branch, status__in=UNDECIDED)
    return {"office:breaches": Figure(counted(waiting))}
