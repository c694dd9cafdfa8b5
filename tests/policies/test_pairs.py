"""The shipped policies two by two: which can be adopted in one branch, and why some cannot."""

from itertools import combinations

import pytest

from kedang.rulebook import Book, load_file
from kedang.rulebook.failures_zh import why_in_chinese
from kedang.rulebook.joint import checklists, file_kinds
from kedang.rulebook.naming import Namer
from tests.policies.test_packs import BENEATH, WRITTEN
from tests.rulebook.test_failures_zh import ENGLISH

PACKS = {one.number: one for one in map(load_file, WRITTEN)}
PAIRS = list(combinations(PACKS, 2))
SHARED = [(one, other) for one, other in PAIRS if PACKS[one].files.keys() & PACKS[other].files.keys()]
BOOKS = {pair: Book([*BENEATH, *(PACKS[one] for one in pair)], tolerate_clashes=True) for pair in PAIRS}
CLASHING = {
    ("03", "10"): {"the line 'supplement' takes 'contact-change, contact-sheet, emergency-contact' in one policy, "
                   "'supplement' in the other"},
    ("05", "08"): {"the line 'base-sheet' takes 'client-file-registration' in one policy, 'base-sheet' in the other",
                   "the line 'supplement' takes 'supplement' in one policy, 'contact-change, contact-sheet, "
                   "emergency-contact, identity-papers' in the other"},
    ("09", "11"): {"the next file 'tenant' follows 'moved-out' in one policy, 'none' in the other",
                   "the field 'contact' has type 'phone' in one policy, 'text' in the other"},
    ("12", "15"): {"two times for one duty"},
}  # fmt: skip


def test_of_all_pairs_four_clash_and_these_are_the_reasons():
    found = {pair: {one.what.partition("; ")[0] for one in book.clashes} for pair, book in BOOKS.items()}
    assert {pair: why for pair, why in found.items() if why} == CLASHING


def test_only_policies_that_share_a_kind_of_file_clash():
    customers = combinations(("01", "04", "06", "12", "15"), 2)
    assert {*SHARED} == {*customers, ("05", "08"), ("09", "11"), ("03", "10")} and {*CLASHING} <= {*SHARED}


@pytest.mark.parametrize("pair", CLASHING, ids="-".join)
def test_whoever_reads_chinese_is_told_so_without_english_words(pair):
    said = [why_in_chinese(one.what, Namer(PACKS[pair[0]], "zh")) for one in BOOKS[pair].clashes]
    assert [one for one in said if ENGLISH.search(one)] == []


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_nothing_that_a_policy_declares_vanishes_beside_another(pair):
    kinds, lists = file_kinds(BOOKS[pair].packs), checklists(BOOKS[pair].packs)
    for pack in (PACKS[one] for one in pair):
        assert all(kind.fields.keys() <= kinds[key].fields.keys() for key, kind in pack.files.items())
        for key, one in pack.checklists.items():
            assert {line.key for line in one.lines} <= {line.key for line in lists[one.file][key].lines}
