"""What can be done to a file, a paper or a customer: act, words, form and command, in one table each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from kedang.customers import services as customers
from kedang.files import act_forms, asked, keeping_services, paper_services
from kedang.files.asking import advice_given
from kedang.files.viewing import Viewer


@dataclass(frozen=True)
class Act:
    """One thing to do: the act that the rules know, its words, its form and its command."""

    act: str
    label: Promise
    form: type[Any]
    run: Callable[..., Any]


FILE_ACTS = {
    "verify": Act("file.verify", gettext_lazy("Checked"), act_forms.HowForm, keeping_services.verify_file),
    "confirm": Act("file.confirm", gettext_lazy("Still right"), act_forms.ConfirmForm, keeping_services.confirm_file),
    "assign": Act(
        "file.assign", gettext_lazy("Give to somebody else"), act_forms.AssignForm, keeping_services.assign_file
    ),
    "export": Act(
        "file.export", gettext_lazy("Take out as a sheet"), act_forms.PurposeForm, keeping_services.export_file
    ),
    "print": Act("file.print", gettext_lazy("Print"), act_forms.PurposeForm, keeping_services.print_file),
    "close": Act("file.close", gettext_lazy("Close the file"), act_forms.ReasonForm, keeping_services.close_file),
}
RECORD_ACTS = {
    "check": Act("record.check", gettext_lazy("Check"), act_forms.CheckForm, paper_services.check_record),
    "supply": Act("record.supply", gettext_lazy("Supply"), act_forms.SupplyForm, paper_services.supply_record),
    "withdraw": Act("record.withdraw", gettext_lazy("Take out"), act_forms.ReasonForm, paper_services.withdraw_record),
}
CUSTOMER_ACTS = {
    "verify": Act("customer.verify", gettext_lazy("Checked"), act_forms.HowForm, customers.verify_customer),
    "consent": Act(
        "customer.consent", gettext_lazy("Record an agreement"), act_forms.ConsentForm, customers.record_consent
    ),
    "object": Act(
        "customer.object", gettext_lazy("Object or withdraw"), act_forms.ObjectForm, customers.record_objection
    ),
}


def buttons(acts: dict[str, Act], viewer: Viewer, address: str, pk: int, **things: Any) -> list[dict[str, Any]]:
    """What can be done to a thing, each with what the rules say before the click."""
    return [
        {"label": one.label, "url": reverse(address, args=[pk, key]), "answer": ask_about(viewer, one, **things)}
        for key, one in acts.items()
    ]


def ask_about(viewer: Viewer, act: Act, **things: Any) -> Any:
    """What the rules say; what the form will ask for is taken for given."""
    said = {"customer.noticed": "yes"} if act.act == "customer.consent" else {"act.marked": "yes"}
    return advice_given(viewer, act.act, things, "given", said | asked.at_best(viewer.book, act.act))
