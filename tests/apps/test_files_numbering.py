"""Numbers without gap or double."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connections, transaction

from kedang.files.kinds import pattern_of
from kedang.files.numbering import PLAIN, BadPattern, next_number
from kedang.journal.guard import writing
from kedang.staff.models import Branch
from tests.rulebook.small import book

DAY = date(2026, 11, 23)


def test_a_kind_is_numbered_by_its_own_pattern_else_by_that_of_every_file_else_plainly():
    every, own = 'settle: {file.number: "{year}/{seq:4}"}', 'settle: {vehicle.number: "V{seq:3}"}'
    assert pattern_of(book(every, own), "vehicle") == "V{seq:3}"
    assert pattern_of(book(every), "vehicle") == "{year}/{seq:4}"
    assert pattern_of(book("show"), "vehicle") == PLAIN


@pytest.fixture
def branch(db):
    with writing():
        return Branch.objects.create(code="PD", name_zh="浦东店")


@pytest.mark.django_db
def test_a_new_year_begins_at_one(branch):
    with writing():
        found = [next_number("{branch}-{year}-{seq:3}", branch, day) for day in (DAY, DAY, date(2027, 1, 1))]
    assert found == ["PD-2026-001", "PD-2026-002", "PD-2027-001"]


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", ["{year}", "{seq}{seq}", "{seq}-{what}"])
def test_a_pattern_that_cannot_number_is_refused(branch, pattern):
    with writing(), pytest.raises(BadPattern):
        next_number(pattern, branch, DAY)


@pytest.mark.django_db
def test_a_number_taken_by_an_act_that_failed_is_given_again(branch):
    with writing():
        try:
            with transaction.atomic():
                next_number("{seq}", branch, DAY)
                raise LookupError
        except LookupError:
            pass
        assert next_number("{seq}", branch, DAY) == "1"


@pytest.mark.django_db(transaction=True)
def test_fifty_threads_get_fifty_numbers():
    with writing():
        branch = Branch.objects.create(code="PD", name_zh="浦东店")
    found = []

    def take() -> None:
        try:
            with writing(), transaction.atomic():
                found.append(int(next_number("{seq}", branch, DAY)))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(50)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(found) == list(range(1, 51))
