"""The clauses of the shipped packs are those of the written policies: none missing, none invented, in their order.

``register/NN.txt`` holds the clause ids of policy NN as they were numbered when it was read, one a line.
"""

from pathlib import Path

import pytest

from kedang.rulebook import load_file

BOX = Path(__file__).parents[2] / "src/kedang/policies"
REGISTER = Path(__file__).parent / "register"
NUMBERS = [f"{number:02}" for number in range(1, 16)]
SHIPPED = [path for path in sorted(BOX.glob("[0-9][0-9]-*.yaml")) if not path.name.endswith(".cases.yaml")]
POLICIES = [path for path in SHIPPED if not path.name.startswith("00-")]


def listed(number):
    return (REGISTER / f"{number}.txt").read_text("utf-8").split()


def test_the_fifteen_policies_have_735_clauses():
    ids = [id_ for number in NUMBERS for id_ in listed(number)]
    assert len(ids) == 735
    assert len({id_.casefold() for id_ in ids}) == 735
    assert {path.stem for path in REGISTER.glob("*.txt")} == set(NUMBERS)


@pytest.mark.parametrize("number", NUMBERS)
def test_every_id_of_a_register_bears_its_policys_number(number):
    assert {id_.partition(".")[0] for id_ in listed(number)} == {str(int(number))}


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.name)
def test_a_shipped_pack_has_exactly_the_clauses_of_its_register(path):
    assert list(load_file(path).clauses) == listed(path.name[:2])


def test_no_policy_is_shipped_twice():
    assert len({path.name[:2] for path in POLICIES}) == len(POLICIES)
