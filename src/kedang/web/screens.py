"""Where a rule is felt: the screens on which its act is done, its duty waits or its fine is decided.

By act, or by the thing an act is about; the pages that are made from the packs name the same screens.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kedang.rulebook import Rule
from kedang.rulebook.coverage import rule_acts
from kedang.rulebook.rules import Aggravate, Declare, Duty, Inspect, Measure, Repeat, Sanction
from kedang.web.menu import MENU, address_of

SCREENS: dict[str, str] = {
    "approval": "office:approvals", "breach": "office:breaches", "correction": "office:breaches",
    "sanction": "office:breaches", "certificate": "certificates:ledger", "consultation": "loans:list",
    "loan": "loans:list", "use": "loans:list", "customer": "files:list", "data.import": "files:imports",
    "day": "custody:book", "duty": "office:desk", "file": "files:list", "form": "files:list",
    "handover": "custody:handovers", "incident": "files:list", "inspection": "inspections:list", "job": "files:list",
    "journal": "web:journal", "list": "files:list", "login": "office:account", "login.reset": "office:staff",
    "login.confirm": "office:staff", "measure": "insight:figures", "person": "office:staff", "place": "files:places",
    "policy": "office:adopt", "policy.confirm": "office:policies", "policy.interpret": "office:policies",
    "record": "files:list", "scan": "files:list", "setting": "office:branches", "volume": "files:desk",
}  # fmt: skip
BY_BODY: dict[type[Rule], str] = {
    Duty: "office:desk", Sanction: "office:breaches", Aggravate: "office:breaches", Repeat: "office:breaches",
    Inspect: "inspections:list", Measure: "insight:figures",
}  # fmt: skip
DECLARED = {"post": "office:staff", "unit": "office:branches", "round": "inspections:list", "register": "custody:book"}
LABELS: dict[str, Promise] = {
    **{item.address: item.label for _title, items in MENU for item in items},
    "office:account": _("Your account"), "office:adopt": _("Adopt a policy"),
    "office:branches": _("Branches and departments"),
}  # fmt: skip


def screen_of(act: str) -> str:
    """The name of the address where an act is done; "" for one that no screen offers."""
    return SCREENS.get(act) or SCREENS.get(act.partition(".")[0], "")


@lru_cache(maxsize=4096)
def of_rules(rules: tuple[Rule, ...], offered: frozenset[str] | None = None) -> tuple[str, ...]:
    """The names of the addresses where these rules are felt, each once; of acts only those ``offered``, if given."""
    found: dict[str, None] = {}
    for rule in rules:
        acts = sorted(rule_acts(rule))
        found.update(dict.fromkeys(screen_of(act) for act in acts if offered is None or act in offered))
        found[BY_BODY.get(type(rule), "")] = None
        if isinstance(rule, Declare):
            found.update(dict.fromkeys(DECLARED.get(ref.partition(".")[0], "files:list") for ref in rule.refs))
    return tuple(name for name in found if name)


def links(rules: Iterable[Rule]) -> list[tuple[str, Promise]]:
    """The same as addresses with their words, in the reader's language."""
    return _links(of_rules(tuple(rules)), get_language())


@lru_cache(maxsize=512)
def _links(names: tuple[str, ...], _language: str | None) -> list[tuple[str, Promise]]:
    return [(url, LABELS[name]) for name in names if (url := address_of(name))]
