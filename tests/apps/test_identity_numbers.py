"""Identity numbers: what the public security gave out is taken, whatever a library's list of counties lacks."""

from __future__ import annotations

import pytest
from stdnum.cn import ric

from kedang.files import fields
from kedang.rulebook.pack import FieldKind, Text

IDENTITY = FieldKind("identity", Text("身份证号", "Identity number"), type="id-number", grade="secret")


def numbered(head: str) -> str:
    """Seventeen digits and their check digit."""
    return head + ric.calc_check_digit(head + "0")


@pytest.mark.parametrize("born", ["19780515", "19920101", "20020228"])
@pytest.mark.parametrize("county", ["310112", "310115", "110105"])
def test_a_number_of_a_county_younger_than_its_bearer_is_taken(county, born):
    assert fields.clean(IDENTITY, numbered(f"{county}{born}123")) == numbered(f"{county}{born}123")


def test_the_last_sign_may_be_typed_small_and_wide():
    assert fields.clean(IDENTITY, "11010519491231002x") == "11010519491231002X"
    assert fields.clean(IDENTITY, "１１０１０５１９４９１２３１００２Ｘ") == "11010519491231002X"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (numbered("31011219780230123"), "valid date and region"),
        (numbered("99011219780515123"), "valid date and region"),
        ("11010519491231002", "valid date and region"),
        ("110105194912310021", "check digit"),
        ("1.10105E+17", "typed as a number"),
    ],
)
def test_no_such_day_province_length_or_check_digit_is_refused_with_its_reason(number, said):
    from django.utils.translation import override

    with override("en"), pytest.raises(fields.WrongValue, match=said):
        fields.clean(IDENTITY, number)
