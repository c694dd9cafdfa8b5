"""What policies ask of a file, at work: no moving in before the papers, no early completion, no liking unasked."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

import kedang
from kedang.acts.answers import Refused
from kedang.acts.gate import advise
from kedang.adoptions.models import Adoption
from kedang.custody.number_services import number_file
from kedang.customers import services as customers
from kedang.duties.models import Duty
from kedang.files import record_services, services
from kedang.files.models import FieldValue, Milestone, Record
from kedang.journal.guard import writing
from kedang.staff.models import PostHolding
from tests.apps.files_world import make_world

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
BOX = Path(kedang.__file__).parent / "policies"
TRADE = {"name": "长安商行", "time-state": "present", "market": "domestic", "relation": "direct", "source": "data-form"}


def house(name, post, kind, values, **roles):
    """A world with a policy in force, and a file opened under it by Li."""
    made = make_world()
    with writing():
        text = (BOX / name).read_text("utf-8")
        Adoption.objects.create(
            branch=made.branch, slug=name[3:-5], file_name=name, edition="1", text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(), approved_by=made.wang, in_force_from=date(2020, 1, 1),
        )  # fmt: skip
        PostHolding.objects.create(person=made.li, branch=made.branch, post=post, since=date(2020, 1, 1))
    made.file = services.open_file(
        **made.by(made.li), branch=made.branch, kind=kind, values=values, roles=roles and {"representative": made.li}
    ).result
    return made


def reach(world, milestone):
    services.reach_file(**world.by(world.li), file=world.file, milestone=milestone, on=world.today)


def bring(world, *lines, said=None):
    rows = Record.objects.filter(file=world.file, line__in=lines)
    answers = {str(row.pk): {"state": "present"} for row in rows}
    record_services.answer_records(**world.by(world.li), file=world.file, answers=answers, said=said)


def asked(world):
    """The clauses for which the file is not complete."""
    with pytest.raises(Refused) as caught:
        services.complete_electronic(**world.by(world.wang), file=world.file)
    return caught.value.answer.clauses


def test_nobody_moves_in_before_his_proof_of_identity_is_there():
    values = {"name": "秦叔宝", "contact": "13800138000"}
    world = house("09-property-management-full.yaml", "property-staff", "individual", values)
    bring(world, "basic-form")
    reach(world, "received")
    with pytest.raises(Refused) as caught:
        reach(world, "moved-in")
    assert caught.value.answer.clauses == {"09:9.3.1.1a"}
    assert not Milestone.objects.filter(file=world.file, key="moved-in").exists()
    bring(world, "identity-proof")
    reach(world, "moved-in")
    assert Milestone.objects.filter(file=world.file, key="moved-in").exists()


def test_a_file_gets_its_number_once_the_information_was_received_and_is_verified_next():
    world = house("09-property-management-full.yaml", "property-staff", "individual", {"name": "秦叔宝"})
    assert world.file.number == ""
    with pytest.raises(Refused) as caught:
        number_file(**world.by(world.li), file=world.file)
    assert caught.value.answer.clauses == {"09:9.8.1.1"}
    reach(world, "received")
    numbered = number_file(**world.by(world.li), file=world.file).result
    assert numbered.number
    owed = dict(Duty.objects.filter(file=str(world.file.pk)).values_list("clause", "status"))
    assert (owed["09:9.3.2.2a"], owed["09:9.8.1.3"]) == ("kept", "open")


def test_who_moved_out_has_a_new_file_when_they_come_back():
    values = {"name": "秦叔宝", "contact": "13800138000", "identity": "11010519491231002X"}
    world = house("09-property-management-full.yaml", "property-staff", "individual", values)

    def open_again():
        asked_for = {"branch": world.branch, "kind": "individual", "values": values, "roles": {}}
        return services.open_file(**world.by(world.li), **asked_for, customer=world.file.customer).result

    with pytest.raises(services.AlreadyThere):
        open_again()
    reach(world, "moved-out")
    assert open_again().pk != world.file.pk


def test_the_other_milestones_wait_for_nothing():
    world = house("09-property-management-full.yaml", "property-staff", "individual", {"name": "秦叔宝"})
    reach(world, "received")
    assert Milestone.objects.get(file=world.file).key == "received"


def test_an_expired_sheet_leaves_the_file_once_a_decision_maker_agrees():
    values = {"name": "长安商行", "organization-code": "91310000MA1K00000X"}
    world = house("09-property-management-full.yaml", "property-staff", "organization", values)
    bring(world, "business-sheet")
    sheet = Record.objects.get(file=world.file, line="business-sheet")
    with writing():
        PostHolding.objects.create(person=world.wang, branch=world.branch, post="file-manager", since=date(2020, 1, 1))

    def asked_of(person):
        things = {"file": world.file, "record": sheet}
        return advise(
            "record.withdraw", actor=person, branch=world.branch, today=world.today, things=things, purpose="过期"
        )

    keeper = asked_of(world.wang)
    assert (keeper.verdict, keeper.clauses, keeper.lacking) == ("ask", {"09:9.8.3.1b"}, ())
    assert asked_of(world.li).verdict == "no"


def test_a_household_is_complete_with_its_identity_contact_and_address():
    world = house("09-property-management-full.yaml", "property-staff", "individual", {"name": "秦叔宝"})
    assert asked(world) == {"09:9.4.1.1"}
    values = {"identity": "11010519491231002X", "contact": "13800138000", "address": "朱雀大街1号"}
    services.edit_file(**world.by(world.li), file=world.file, values=values)
    services.complete_electronic(**world.by(world.wang), file=world.file)


def test_a_tenants_file_is_complete_with_company_material_and_the_slots_of_its_supplement():
    world = house("11-commercial-property-tenants.yaml", "property-clerk", "tenant", {"name": "长安商行"})
    assert asked(world) == {"11:11.b.0b", "11:11.b.1", "11:11.b.5a"}
    good = dict.fromkeys(("record.format_agrees", "record.clear", "record.dated"), "yes")
    good |= {"record.ink": "other", "record.qualities": ("complete", "systematic", "accurate", "true")}
    bring(world, *Record.objects.filter(file=world.file).values_list("line", flat=True), said=good)
    services.complete_electronic(**world.by(world.wang), file=world.file)


def test_a_customers_file_is_complete_with_the_seven_base_data():
    world = house("04-trading-company-crm.yaml", "sales-rep", "customer", TRADE, representative=True)
    assert asked(world) == {"04:4.3.1c"}
    names = ("basics", "owner", "manager", "trading-since", "size", "industry", "assets")
    services.edit_file(**world.by(world.li), file=world.file, values=dict.fromkeys(names, "纺织"))
    services.complete_electronic(**world.by(world.wang), file=world.file)


GUEST = {"name": "秦叔宝", "document-number": "E12345678"}
LIKINGS = {"pillow": "高枕", "eating": "清淡"}
AGREED = {"scope": "separate", "purpose": "个性化服务", "notice": "隐私政策", "version": "2", "how": "paper"}


def hotel(**values):
    return house("02-hotel-guest-history.yaml", "receptionist", "guest", {**GUEST, **values})


def likings_of(world):
    kept = FieldValue.objects.filter(file=world.file, field__in=LIKINGS, sealed__isnull=False)
    return set(kept.values_list("field", flat=True))


def test_no_liking_is_kept_of_a_guest_who_was_not_asked():
    world = hotel()
    with pytest.raises(Refused) as caught:
        services.edit_file(**world.by(world.li), file=world.file, values=LIKINGS)
    assert caught.value.answer.clauses == {"02:2.1.2b"} and likings_of(world) == set()
    services.edit_file(**world.by(world.li), file=world.file, values={"residence": "历城"})


def test_with_a_consent_of_its_own_the_likings_are_kept_and_can_be_emptied_after_it_was_withdrawn():
    world = hotel()
    customers.record_consent(**world.by(world.li), customer=world.file.customer, **AGREED)
    services.edit_file(**world.by(world.li), file=world.file, values=LIKINGS)
    assert likings_of(world) == set(LIKINGS)
    customers.record_objection(**world.by(world.li), customer=world.file.customer)
    services.edit_file(**world.by(world.li), file=world.file, values=dict.fromkeys(LIKINGS, ""))
    assert likings_of(world) == set()


def test_no_liking_slips_in_when_the_file_is_opened():
    with pytest.raises(Refused) as caught:
        hotel(**LIKINGS)
    assert caught.value.answer.clauses == {"02:2.1.2b"}


def stays(world, number):
    """So many stays of the guest, each booked."""
    for _one in range(number):
        job = services.open_job(
            **world.by(world.li), file=world.file, what="stay", job_kinds=[], contact_name="秦叔宝",
            contact_phone="13800138000", verified=True,
        ).result  # fmt: skip
        services.reach_job(**world.by(world.li), job=job, milestone="booked", on=world.today)
    world.file.refresh_from_db()


def prepared(world):
    """The posts that owe a preparation for a stay."""
    return set(Duty.objects.filter(clause="02:2.2.2j", status="open").values_list("pool", flat=True))


def test_who_books_again_is_a_repeat_guest_for_whom_rooms_and_restaurant_prepare():
    world = hotel()
    stays(world, 1)
    assert world.file.segment == "other" and prepared(world) == set()
    stays(world, 1)
    assert world.file.segment == "repeat" and prepared(world) == {"rooms-manager", "restaurant-manager"}


def test_a_guest_marked_as_such_is_a_vip_at_the_first_stay():
    world = hotel(vip="yes")
    assert world.file.segment == "vip"
    stays(world, 1)
    assert prepared(world) == {"rooms-manager", "restaurant-manager"}
