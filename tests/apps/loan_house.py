"""The house of ``tests.loan_model`` as a real branch: its pack, its people, and each step of the model as a command."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from kedang.acts.answers import Invalid, Refused
from kedang.adoptions.models import Adoption
from kedang.custody import list_services, number_services
from kedang.custody import services as custody
from kedang.custody.models import Handover, InnerList
from kedang.files.models import File, Place, Record, Volume
from kedang.files.place_services import shelve_volume
from kedang.files.record_services import answer_records
from kedang.files.services import open_file
from kedang.journal.guard import writing
from kedang.loans import services as loans
from kedang.loans.models import Loan
from kedang.office.staff_services import leave
from kedang.staff.models import Branch, Person, PostHolding
from tests.apps.files_world import BASE, NOW, PASSWORD, TODAY
from tests.loan_model import DONE, INVALID, PEOPLE, PLACES, REFUSED, Model, Step
from tests.loan_rules import PACK


def make_house() -> SimpleNamespace:
    """The branch under the common rules and the pack of the model, with its people and places."""
    house = SimpleNamespace(people={}, places={})
    with writing():
        house.branch = Branch.objects.create(code="M", name_zh="模型店", name_en="Model")
        for name, post in PEOPLE.items():
            person = Person.objects.create_user(name, PASSWORD, name=name.title())
            PostHolding.objects.create(person=person, branch=house.branch, post=post, since=date(2020, 1, 1))
            house.people[name] = person
        for code in PLACES:
            house.places[code] = Place.objects.create(branch=house.branch, code=code, name="")
        for name, text in ((BASE.name, BASE.read_text("utf-8")), ("90-model-house.yaml", PACK)):
            Adoption.objects.create(
                branch=house.branch, slug=name, file_name=name, edition="1", text=text,
                sha256=hashlib.sha256(text.encode()).hexdigest(), approved_by=house.people["boss"],
                in_force_from=date(2020, 1, 1),
            )  # fmt: skip
    return house


def day(number: int) -> date:
    """A day of the model as a date."""
    return TODAY + timedelta(days=number)


class Life:
    """One life of the house: the rows that stand for the model's files and loans, and each step as a command."""

    def __init__(self, house: SimpleNamespace, name: str) -> None:
        self.house, self.name, self.steps = house, name, 0
        self.files: list[File] = []
        self.loans: list[Loan] = []

    def now(self, model: Model) -> datetime:
        """The moment of the model's day."""
        return NOW + timedelta(days=model.day)

    def tell(self, step: Step, model: Model) -> str:
        """Try a step through its command; what the person was told."""
        self.steps += 1
        by = {"actor": self.house.people[step.who], "now": self.now(model), "token": f"{self.name}-{self.steps}"}
        try:
            getattr(self, f"_{step.act}")(step, by, model)
        except Refused:
            return REFUSED
        except Invalid as error:
            assert error.errors and all(error.errors.values()), "an answer without a sentence"
            return INVALID
        return DONE

    def _open(self, step: Step, by: dict[str, Any], _model: Model) -> None:
        values = {"name": f"{self.name} {len(self.files)}"}
        file = open_file(**by, branch=self.house.branch, kind="case", values=values, roles={}).result
        answers = {str(one.pk): {"state": "present"} for one in Record.objects.filter(file=file)}
        answer_records(**by | {"token": f"{by['token']}-answers"}, file=file, answers=answers)
        self.files.append(file)

    def _leave(self, step: Step, by: dict[str, Any], model: Model) -> None:
        leave(**by, branch=self.house.branch, person=self.house.people[step.whom], last_day=day(model.day - 1))

    def _volume(self, step: Step) -> Volume:
        return Volume.objects.select_related("file__branch", "holder").get(file=self.files[step.on])

    def _request(self, step: Step, by: dict[str, Any], _model: Model) -> None:
        slip = {"volume": self._volume(step), "purpose": "核对", "until": day(step.n)}
        self.loans.append(loans.request_loan(**by, **slip).result)

    def _direct(self, step: Step, by: dict[str, Any], _model: Model) -> None:
        said = {"borrower": self.house.people[step.whom], "purpose": "核对", "until": day(step.n), "how": "password"}
        self.loans.append(loans.lend_directly(**by, volume=self._volume(step), **said).result)

    def _withdraw(self, step: Step, by: dict[str, Any], _model: Model) -> None:
        loans.withdraw_request(**by, loan=self.loans[step.on])

    def _issue(self, step: Step, by: dict[str, Any], _model: Model) -> None:
        loans.issue_loan(**by, loan=self.loans[step.on])

    def _renew(self, step: Step, by: dict[str, Any], _model: Model) -> None:
        loans.renew_loan(**by, loan=self.loans[step.on], until=day(step.n), reason="尚未核对完")

    def _recall(self, step: Step, by: dict[str, Any], _model: Model) -> None:
        loans.recall_loan(**by, loan=self.loans[step.on], reason="审计调阅")

    def _return(self, step: Step, by: dict[str, Any], _model: Model) -> None:
        loans.return_loan(**by, loan=self.loans[step.on])

    def _check(self, step: Step, by: dict[str, Any], _model: Model) -> None:
        loan = self.loans[step.on]
        found = {str(one.pk): step.whole for one in loan.papers.all()}
        loans.check_loan(**by, loan=loan, found=found, pages_back=loan.pages_out, unmarked=True, note="缺一件")

    def _pass_on(self, step: Step, by: dict[str, Any], _model: Model) -> None:
        loans.pass_loan_on(**by, loan=self.loans[step.on], receiver=self.house.people[step.whom], how="password")

    def _shelve(self, step: Step, by: dict[str, Any], _model: Model) -> None:
        shelve_volume(**by, volume=self._volume(step), place=self.house.places[step.place])

    def _offer(self, step: Step, by: dict[str, Any], _model: Model) -> None:
        custody.offer_handover(
            **by, file=self.files[step.on], job=None, checklist="case-set", giver=by["actor"],
            receiver=self.house.people[step.whom], how="password",
        )  # fmt: skip

    def _receive(self, step: Step, by: dict[str, Any], _model: Model) -> None:
        handover = Handover.objects.filter(file=self.files[step.on]).order_by("-pk").first()
        if handover is None:
            raise Invalid({"handover": "nothing was offered"})
        custody.sign_handover(**by, handover=handover, signer=by["actor"], how="password")

    def _write(self, step: Step, by: dict[str, Any], _model: Model) -> None:
        file = self.files[step.on]
        pages = {str(one.pk): step.n for one in Record.objects.filter(file=file)}
        list_services.write_list(**by, file=file, pages=pages)

    def _sign(self, step: Step, by: dict[str, Any], _model: Model) -> None:
        inner = InnerList.objects.select_related("file__branch").get(file=self.files[step.on], no=step.n + 1)
        list_services.sign_list(**by, inner=inner, how="password")

    def _number(self, step: Step, by: dict[str, Any], _model: Model) -> None:
        number_services.number_file(**by, file=self.files[step.on])

    def differs(self, model: Model) -> list[str]:
        """Each row that is not as the model says."""
        said = [*self._expected_files(model), *self._expected_loans(model)]
        return [f"{what}: the rows say {rows}, the model {wanted}" for what, rows, wanted in said if rows != wanted]

    def _expected_files(self, model: Model) -> list[tuple[str, Any, Any]]:
        found: list[tuple[str, Any, Any]] = []
        for number, (file, kept) in enumerate(zip(self.files, model.files, strict=True)):
            volume = Volume.objects.select_related("holder", "place").get(file=file)
            rows = (volume.holder.username, volume.place.code if volume.place else "", volume.status)
            found.append((f"volume of file {number}", rows, (kept.holder, kept.place, kept.status)))
            file.refresh_from_db()
            wanted = f"M-{kept.number:03}" if kept.number else ""
            found.append((f"number of file {number}", file.number, wanted))
            lists = [
                (one.pages, one.status, sorted(sign.person.username for sign in one.signatures.all()))
                for one in InnerList.objects.filter(file=file).order_by("no")
            ]
            listed = [(2 * one.pages, one.status, sorted(one.signers)) for one in kept.lists]
            found.append((f"lists of file {number}", lists, listed))
            offered = Handover.objects.filter(file=file, status="offered").count()
            found.append((f"handovers of file {number}", offered, 1 if kept.offered else 0))
        return found

    def _expected_loans(self, model: Model) -> list[tuple[str, Any, Any]]:
        found: list[tuple[str, Any, Any]] = []
        for number, (row, loan) in enumerate(zip(self.loans, model.loans, strict=True)):
            row.refresh_from_db()
            rows = (row.borrower.username, row.due_on, row.status, row.renewals, row.recalled_on, row.returned_on)
            recalled = None if loan.recalled is None else day(loan.recalled)
            returned = None if loan.returned is None else day(loan.returned)
            wanted = (loan.borrower, day(loan.due), loan.status, loan.renewals, recalled, returned)
            found.append((f"loan {number}", rows, wanted))
        return found
