"""A house with N invented files: the past grows with N, the work in progress does not.

The demo's house is founded and lived first (people, policies, consents, breaches as the commands make them); the rest
is laid under it in bulk. What only a verification reads is left out: these events have bodies, but no valid hashes.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection
from django.utils import timezone

from bench.bulk import add_from, add_rows, settle, without_indexes
from bench.names import name as drawn
from kedang.adoptions.queries import book_for
from kedang.custody.models import Handover, HandoverLine, Signature
from kedang.customers.models import Customer
from kedang.customers.tokens import number_tokens, tokens_for
from kedang.duties.models import Duty, DutyPerson
from kedang.files import kinds
from kedang.files.models import FieldValue, File, FileRole, Import, Milestone, Place, Record, SearchToken, Volume
from kedang.files.parts import subject_token
from kedang.journal import keys
from kedang.journal.models import ChainHead, Event, Seal, SubjectKey
from kedang.rulebook.pack import Duty as Rule
from kedang.rulebook.pack import FileKind
from kedang.sanctions.models import Breach, Sanction
from kedang.staff.models import Branch, Person, PostHolding
from kedang.web.demo.making import make

SEEDED = 20  # files that the demo lives through
STAFF = 40  # consultants besides the demo's people
OWED = 60  # open duties of each of them
TODAY_LINES = 60  # handovers of today
YEARS = 5


def fill(files: int) -> None:
    """Make keys, tables and the house, and lay ``files`` files under it."""
    with contextlib.redirect_stdout(io.StringIO()):
        make(files=SEEDED)
    house = House(files)
    with without_indexes("default"):
        house.employ()
        house.open_files()
        house.lay_papers()
        house.lay_journal()
        house.lay_work()
    settle("default")
    settle("keys")


class House:
    """The house and what its bulk rows need to know."""

    def __init__(self, files: int) -> None:
        self.files = files
        self.today = timezone.localdate()
        self.branch = Branch.objects.get()
        self.book = book_for(self.branch, self.today)
        self.kind: FileKind = next(one for one in kinds.file_kinds(self.book).values() if one.fields and one.roles)
        self.role, self.post = next((key, role.posts[0]) for key, role in self.kind.roles.items())
        self.first = File.objects.order_by("-pk")[0].pk + 1
        self.keeper = PostHolding.objects.filter(post="archivist").order_by("pk")[0].person_id
        self.random = random.Random(20260701)
        self.blob = "convert_to({}, 'UTF8')" if connection.vendor == "postgresql" else "CAST({} AS BLOB)"
        self.zero = "decode(repeat('00', 32), 'hex')" if connection.vendor == "postgresql" else "zeroblob(32)"
        self.uuid = "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"

    @property
    def rule(self) -> Rule:
        """The rule from which the duties of the bulk come."""
        begins = f"{self.kind.key}."
        return next(one for one in self.book.rules_of(Rule) if any(name.startswith(begins) for name in one.after))

    def employ(self) -> None:
        """More consultants: the last ``STAFF`` persons hold the files of the bulk."""
        unit = PostHolding.objects.filter(post=self.post).order_by("pk")[0].unit
        names = ((f"staff{number:03d}", self.name(), "!") for number in range(STAFF))
        add_rows(Person, ("username", "name", "password"), names, "default")
        self.people = list(
            Person.objects.filter(username__startswith="staff").order_by("pk").values_list("pk", flat=True)
        )
        rows = ((one, self.branch.pk, self.post, unit, date(2020, 1, 1)) for one in self.people)
        add_rows(PostHolding, ("person", "branch", "post", "unit", "since"), rows, "default")

    def name(self) -> str:
        """A name of two or three characters."""
        return drawn(self.random)

    def who(self, ref: str) -> str:
        """SQL: the consultant of a file."""
        return f"({self.people[0]} + ({ref} % {STAFF}))"

    def day(self, ref: str, plus: int = 0) -> str:
        """SQL: the day on which a file was opened; the last file is of today."""
        back = f"(({self.first + self.files - 1} - {ref}) * {YEARS * 365} / {self.files})"
        if connection.vendor == "postgresql":
            return f"(DATE '{self.today}' - CAST({back} AS integer) + {plus})"
        return f"date('{self.today}', '-' || {back} || ' days', '{plus:+d} days')"

    def open_files(self) -> None:
        """Files with their customers, and their values, keys and tokens; the ciphertexts are real."""
        ids = range(self.first, self.first + self.files)
        customers = ((self.branch.pk, uuid.UUID(int=self.random.getrandbits(128)).hex, self.today) for _ in ids)
        add_rows(Customer, ("branch", "seal_ref", "opened_on"), customers, "default")
        known = Customer.objects.order_by("-pk")[0].pk - self.files + 1
        cards = Cards(self, known)
        key = SubjectKey.objects.order_by("-pk")[0].pk + 1
        add_rows(File, (*Cards.FILE, "opened_on"), cards.files(ids), "default")
        add_rows(FieldValue, Cards.VALUE, cards.values(ids, key), "default")
        add_rows(SubjectKey, ("subject_kind", "subject_id", "master", "wrapped"), cards.keys, "keys")
        assert SubjectKey.objects.order_by("-pk")[0].pk == key + self.files - 1
        add_rows(SearchToken, ("token", "file"), sorted(cards.tokens), "default")
        cards.tokens.clear()

    def lay_papers(self) -> None:
        """Roles, volumes, checklist lines and milestones of the bulk."""
        source = f"FROM files_file f WHERE f.id >= {self.first} ORDER BY f.id"
        last = self.first + self.files - 200
        places = list(Place.objects.order_by("pk").values_list("pk", flat=True))
        place = f"CASE WHEN f.id < {last} THEN {places[0]} + (f.id % {len(places)}) END"
        holder = f"CASE WHEN f.id < {last} THEN {self.keeper} ELSE {self.who('f.id')} END"
        status = f"CASE WHEN f.id < {last} THEN 'shelved' ELSE 'held' END"
        role = {"file": "f.id", "role": f"'{self.role}'", "person": self.who("f.id"), "since": "f.opened_on"}
        add_from(FileRole, role, source)
        add_from(Volume, {"file": "f.id", "no": "1", "holder": holder, "place": place, "status": status}, source)
        self.checklist = kinds.lists_of_file(self.book, self.kind.key)[0]
        lines = " UNION ALL ".join(
            f"SELECT {number} AS no, '{line.key}' AS line, '{line.form}' AS form"
            for number, line in enumerate(self.checklist.lines)
        )
        state = "CASE WHEN l.no < f.missing THEN 'missing' ELSE 'present' END"
        record = {
            "file": "f.id",
            "checklist": f"'{self.checklist.key}'",
            "line": "l.line",
            "form": "l.form",
            "state": state,
        }
        add_from(Record, record, f"FROM files_file f, ({lines}) l WHERE f.id >= {self.first} ORDER BY f.id, l.no")
        milestone = next(iter(self.kind.milestones))
        add_from(Milestone, {"file": "f.id", "key": f"'{milestone}'", "date": "f.opened_on"}, source)

    def lay_journal(self) -> None:
        """Four events a file, and the heads of the chains; sealed to the last but a few."""
        names = (
            "file.opened",
            "record.added",
            f"{self.kind.key}.{next(iter(self.kind.milestones))}",
            "handover.received",
        )
        steps = " UNION ALL ".join(f"SELECT {no} AS no, '{name}' AS name" for no, name in enumerate(names, 1))
        body = """'{"about":{"file":"' || f.id || '"},"data":{},"past":false,"sealed":{}}'"""
        event = {
            "subject_kind": "'file'", "subject_id": "CAST(f.id AS text)", "seq": "e.no", "act_id": self.uuid,
            "act": "'file.edit'", "name": "e.name", "branch": str(self.branch.pk), "actor": self.who("f.id"),
            "happened_on": "f.opened_on", "recorded_at": self.moment("f.opened_on"), "prev_hash": self.zero,
            "hash": self.zero, "body": self.blob.format(body),
        }  # fmt: skip
        add_from(Event, event, f"FROM files_file f, ({steps}) e WHERE f.id >= {self.first} ORDER BY f.id, e.no")
        head = {"subject_kind": "'file'", "subject_id": "CAST(f.id AS text)", "seq": str(len(names)), "hash": self.zero}
        add_from(ChainHead, head, f"FROM files_file f WHERE f.id >= {self.first} ORDER BY f.id")
        seal = Seal.objects.order_by("-number")[0]
        last = Event.objects.order_by("-pk")[0].pk
        row = (seal.number + 1, "bench", b"", last - 40, seal.refusal_to, seal.access_to, timezone.now())
        add_rows(
            Seal, ("number", "text", "leaves", "event_to", "refusal_to", "access_to", "recorded_at"), [row], "default"
        )

    def moment(self, day: str) -> str:
        """SQL: nine in the morning of a day."""
        return f"CAST({day} AS timestamp)" if connection.vendor == "postgresql" else f"{day} || ' 01:00:00'"

    def lay_work(self) -> None:
        """Handovers, duties and breaches: kept ones with the files, open ones as many as people can owe."""
        self._handovers()
        self._duties()
        self._breaches()
        rows = (
            (self.branch.pk, self.kind.key, uuid.uuid4().hex, "done", 300, self.keeper, timezone.now())
            for _ in range(40)
        )
        add_rows(Import, ("branch", "kind", "seal_ref", "status", "total", "author", "started_at"), rows, "default")

    def _handovers(self) -> None:
        new = self.first + self.files - TODAY_LINES
        handover = {
            "branch": str(self.branch.pk), "file": "f.id", "checklist": f"'{self.checklist.key}'",
            "giver": self.who("f.id"), "receiver": str(self.keeper), "status": "'checked'",
            "offered_on": f"CASE WHEN f.id >= {new} THEN {self.now_day()} ELSE {self.day('f.id', -1)} END",
            "received_on": self.day("f.id"), "checked_on": self.day("f.id"), "checked_by": str(self.keeper),
        }  # fmt: skip
        source = f"FROM files_file f WHERE f.id >= {self.first} AND f.id % 2 = 0 ORDER BY f.id"
        recent = f"h.file_id >= {self.first + self.files - 2000}"
        add_from(Handover, handover, source)
        line = {"handover": "h.id", "record": "r.id", "state": "r.state"}
        add_from(
            HandoverLine,
            line,
            f"FROM custody_handover h JOIN files_record r ON r.file_id = h.file_id AND r.job_id IS NULL "
            f"AND r.checklist = h.checklist WHERE {recent} ORDER BY h.id, r.id",
        )
        for party, who in (("giver", "h.giver_id"), ("receiver", "h.receiver_id")):
            sign = {
                "handover": "h.id",
                "party": f"'{party}'",
                "person": who,
                "at": self.moment("h.offered_on"),
                "how": "'password'",
            }
            add_from(Signature, sign, f"FROM custody_handover h WHERE h.file_id >= {self.first} ORDER BY h.id")

    def now_day(self) -> str:
        """SQL: today."""
        return f"DATE '{self.today}'" if connection.vendor == "postgresql" else f"'{self.today}'"

    def _duties(self) -> None:
        rule = self.rule
        owed = self.first + self.files - OWED * STAFF
        last = self.first + self.files - 1
        due = f"CASE WHEN f.id < {owed} THEN {self.day('f.id', 3)} ELSE {self.due_soon()} END"
        done = f"CASE WHEN f.id < {owed} THEN {self.day('f.id', 2)} END"
        kept = "CASE WHEN f.id % 50 = 0 THEN 'kept_late' ELSE 'kept' END"
        status = f"CASE WHEN f.id < {owed} THEN {kept} WHEN f.id % 10 = 0 THEN 'late' ELSE 'open' END"
        duty = {
            "branch": str(self.branch.pk), "key": "'bench:' || f.id", "clause": f"'{rule.ref}'",
            "rule_index": str(rule.index), "about_kind": "'file'", "about_id": "CAST(f.id AS text)",
            "file": "CAST(f.id AS text)", "act": "'handover.receive'", "opened_by": "f.id",
            "from_on": f"CASE WHEN f.id < {owed} THEN {self.day('f.id')} ELSE {self.due_soon(-3)} END", "due_on": due,
            "status": status, "done_on": done, "was_due_on": "'[]'",
        }  # fmt: skip
        assert last > owed
        add_from(Duty, duty, f"FROM files_file f WHERE f.id >= {self.first} ORDER BY f.id")
        owed = "CASE WHEN d.status IN ('open', 'late') THEN TRUE ELSE FALSE END"
        bound = {"duty": "d.id", "person": self.who("d.opened_by"), "due_on": "d.due_on", "owed": owed}
        add_from(DutyPerson, bound, "FROM duties_duty d WHERE d.key LIKE 'bench:%' ORDER BY d.id")

    def due_soon(self, plus: int = 0) -> str:
        """SQL: what is late was due yesterday, the rest falls due within twelve days from today."""
        days = f"(CASE WHEN f.id % 10 = 0 THEN -1 ELSE f.id % 13 END + {plus})"
        if connection.vendor == "postgresql":
            return f"(DATE '{self.today}' + CAST({days} AS integer))"
        return f"date('{self.today}', {days} || ' days')"

    def _breaches(self) -> None:
        """A breach for each late duty: decided long ago, undecided where it is late now."""
        breach = {
            "branch": str(self.branch.pk), "source": f"'duty:' || d.id || '@' || {self.who('d.opened_by')}",
            "kind": "'late'", "name": "d.clause", "person": self.who("d.opened_by"), "about_kind": "'file'",
            "about_id": "d.about_id", "file": "d.file", "duty": "d.id", "happened_on": "d.due_on",
            "status": "CASE WHEN d.status = 'late' THEN 'proposed' ELSE 'imposed' END",
        }  # fmt: skip
        add_from(
            Breach,
            breach,
            "FROM duties_duty d WHERE d.key LIKE 'bench:%' AND d.status IN ('late', 'kept_late') ORDER BY d.id",
        )
        sanction = {
            "breach": "b.id", "amount_cny": "50", "clauses": f"'[\"{self.rule.ref}\"]'", "decided_by": str(self.keeper),
            "decided_on": "b.happened_on",
        }  # fmt: skip
        add_from(
            Sanction,
            sanction,
            "FROM sanctions_breach b WHERE b.status = 'imposed' AND b.source LIKE 'duty:%' AND NOT EXISTS "
            "(SELECT 1 FROM sanctions_sanction s WHERE s.breach_id = b.id) ORDER BY b.id",
        )


class Cards:
    """What a file says about its subject: invented, unique where it must be."""

    FILE = ("branch", "kind", "number", "customer", "subject_token", "electronic", "complete", "missing")
    VALUE = ("file", "field", "grade", "text", "seal_ref", "sealed")

    def __init__(self, house: House, customer: int) -> None:
        self.house = house
        self.customer = customer
        self.names: dict[str, tuple[int, ...]] = {}
        self.tails: dict[str, set[int]] = {}
        self.tokens: list[tuple[int, int]] = []
        self.keys: list[tuple[str, str, str, bytes]] = []

    def number(self, ref: int) -> str:
        """The number of a file."""
        return f"{self.house.branch.code}-B-{ref:07d}"

    def serial(self, ref: int) -> str:
        """What the file is one per."""
        return f"LSVNX41Z{ref:09d}"

    def files(self, ids: range) -> Iterator[tuple[Any, ...]]:
        """The rows of files; every seventh lacks a paper or two."""
        house = self.house
        for ref in ids:
            lacks = ref % 3 + 1 if ref % 7 == 0 else 0
            back = (ids[-1] - ref) * YEARS * 365 // len(ids)
            yield (
                house.branch.pk, house.kind.key, self.number(ref), self.customer + ref - ids[0],
                subject_token(house.kind.key, self.serial(ref)), "done", lacks == 0, lacks,
                house.today - timedelta(days=back),
            )  # fmt: skip

    def card(self, ref: int) -> dict[str, str]:
        """A value for each field by its type."""
        house, pick = self.house, self.house.random
        name = house.name()
        made = {
            "name": name, "customer": name, "mobile": f"1{3 + ref % 7}{pick.randrange(10**9):09d}",
            "phone": f"1{3 + ref % 7}{pick.randrange(10**9):09d}", "vin": self.serial(ref),
            "plate": f"沪A{ref % 10**6:06d}",
            "id-number": f"31010119{60 + ref % 40}0{1 + ref % 9}1{ref % 10}{ref % 10**4:04d}",
            "address": f"世纪大道{pick.randrange(2000)}号{pick.randrange(60)}室",
        }  # fmt: skip
        found = {}
        for key, field in house.kind.fields.items():
            value = field.choices[ref % len(field.choices)][0] if field.choices else made.get(field.type, "")
            if value:
                found[key] = value
        return found

    def values(self, ids: range, key_id: int) -> Iterator[tuple[Any, ...]]:
        """The rows of values; keys and tokens are collected on the way."""
        fields = self.house.kind.fields
        place = f"{FieldValue._meta.db_table}|sealed|"
        for number, ref in enumerate(ids):
            key = os.urandom(32)
            master, wrapped = keys.wrap(key, "file", str(ref))
            self.keys.append(("file", str(ref), master, wrapped))
            cipher, head = AESGCM(key), bytes([keys.VERSION]) + (key_id + number).to_bytes(8, "big")
            card = self.card(ref)
            found: set[int] = number_tokens(self.number(ref))
            for name, value in card.items():
                field, seal = fields[name], uuid.UUID(bytes=os.urandom(16))
                found |= self.tokens_of(field.find, value)
                if field.grade == "open":
                    yield ref, name, field.grade, value, seal.hex, None
                    continue
                nonce = os.urandom(12)
                sealed = head + nonce + cipher.encrypt(nonce, value.encode(), f"{place}{seal}".encode())
                yield ref, name, field.grade, "", seal.hex, sealed
            self.tokens.extend((token, ref) for token in found)

    def tokens_of(self, find: str, value: str) -> set[int]:
        """The program's own tokens; those of names are kept, for names return."""
        if find != "name":
            return tokens_for(find, value)
        if value not in self.names:
            self.names[value] = tuple(tokens_for("name", value))
        return set(self.names[value])
