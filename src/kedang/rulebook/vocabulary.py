"""The closed list of what people may try in record keeping, and of the facts a rule may test.

An act is `noun.verb`; trying it successfully leaves its event, `noun.past`. What belongs to a trade is never here:
packs declare kinds, fields, roles and milestones, and one act, `file.reach`, records any milestone.
Each act names the things it is about: their ids travel with its event, and the facts of these things may be tested.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

YES_NO = ("yes", "no")
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Act:
    """An act: its event, the things whose ids the event carries, and whether a rule on it must also be a filter."""

    name: str
    event: str
    about: tuple[str, ...]
    filtered: bool = False


# act, event, things. One line an act; nouns in the order of a file's life.
_TABLE = """
customer.open        customer.opened        customer
customer.edit        customer.edited        customer
customer.allocate    customer.allocated     customer
customer.classify    customer.classified    customer
customer.merge       customer.merged        customer
customer.consent     customer.consented     customer
customer.object      customer.objected      customer
customer.export      customer.exported      customer
customer.verify      customer.verified      customer
credit.set           credit.set             customer credit
credit.use           credit.used            customer credit
account.open         account.opened         customer account
account.rename       account.renamed        customer account
account.confirm      account.confirmed      customer account
file.open            file.opened            file
file.edit            file.edited            file
file.reach           file.reached           file
file.complete        file.completed         file
file.confirm         file.confirmed         file
file.verify          file.verified          file
file.number          file.numbered          file
file.close           file.closed            file
file.seal            file.sealed            file volume
file.bind            file.bound             file volume
file.arrange         file.arranged          file
file.assign          file.assigned          file
file.find            file.found             file
file.read            file.read              file
file.export          file.exported          file
file.print           file.printed           file
file.copy            file.copied            file
file.disclose        file.disclosed         file
file.correct         file.corrected         file
record.add           record.added           file record
record.edit          record.edited          file record
record.check         record.checked         file record
record.supply        record.supplied        file record
record.sign          record.signed          file record
record.read          record.read            file record
record.reveal        record.revealed        file record
paper.receive        paper.received         paper
paper.file           paper.filed            file record paper
record.copy          record.copied          file record
record.withdraw      record.withdrawn       file record
record.code          record.coded           file record
record.number        record.numbered        file record
scan.add             scan.added             file record scan
list.write           list.written           file list
list.check           list.checked           file list
list.sign            list.signed            file list
list.supplement      list.supplemented      file list
job.open             job.opened             file job
job.reach            job.reached            file job
job.close            job.closed             file job
contact.record       contact.recorded       file contact
contact.plan         contact.planned        file contact
contact.check        contact.checked        file contact
volume.shelve        volume.shelved         file volume
volume.move          volume.moved           file volume
volume.label         volume.labeled         file volume
handover.offer       handover.offered       file handover
handover.sign        handover.received      file handover
handover.check       handover.checked       file handover
handover.return      handover.returned      file handover
handover.supply      handover.supplied      file handover
day.close            day.closed             day
transfer.send        transfer.sent          transfer
transfer.receive     transfer.received      transfer
loan.request         loan.requested         file loan
loan.withdraw        loan.withdrawn         file loan
loan.issue           loan.issued            file loan
loan.renew           loan.renewed           file loan
loan.recall          loan.recalled          file loan
loan.return          loan.returned          file loan
loan.check           loan.checked           file loan
loan.pass_on         loan.passed_on         file loan
consultation.open    consultation.opened    file consultation
consultation.close   consultation.closed    file consultation
use.record           use.recorded           file use
use.report           use.reported           file use
certificate.receive  certificate.received   file certificate
certificate.check    certificate.checked    file certificate
certificate.store    certificate.stored     file certificate
certificate.balance  certificate.balanced   certificate
certificate.return   certificate.returned   file certificate
notice.issue         notice.issued          file notice
notice.deliver       notice.delivered       file notice
notice.receipt       notice.receipted       file notice
letter.send          letter.sent            file letter
letter.receive       letter.received        file letter
ticket.open          ticket.opened          file ticket
ticket.assign        ticket.assigned        file ticket
ticket.visit         ticket.visited         file ticket
ticket.resolve       ticket.resolved        file ticket
ticket.close         ticket.closed          file ticket
permit.issue         permit.issued          file permit
permit.return        permit.returned        file permit
payment.record       payment.recorded       file payment
payment.remind       payment.reminded       file payment
meeting.hold         meeting.held           meeting
training.hold        training.held          training
training.test        training.tested        training
analysis.make        analysis.made          analysis
report.make          report.made            report
report.submit        report.submitted       report
register.keep        register.kept          register
register.close       register.closed        register
form.print           form.printed           form
appraisal.make       appraisal.made         file appraisal
hold.place           hold.placed            file hold
hold.lift            hold.lifted            file hold
destruction.propose  destruction.proposed   destruction
destruction.approve  destruction.approved   destruction
destruction.execute  destruction.executed   destruction
destruction.confirm  destruction.confirmed  destruction
inspection.hold      inspection.held        inspection
inspection.mend      inspection.mended      inspection
incident.report      incident.reported      file incident
incident.close       incident.closed        file incident
defect.raise         defect.raised          file defect
defect.mend          defect.mended          file defect
breach.raise         breach.raised          breach
breach.correct       breach.corrected       breach
correction.order     correction.ordered     breach
sanction.hear        sanction.heard         breach sanction
sanction.impose      sanction.imposed       breach sanction
sanction.waive       sanction.waived        breach sanction
sanction.quash       sanction.quashed       breach sanction
reward.propose       reward.proposed        reward
reward.grant         reward.granted         reward
duty.extend          duty.extended          duty
duty.move            duty.moved             duty
duty.drop            duty.dropped           duty
request.send         request.sent           request
request.answer       request.answered       request
approval.request     approval.requested     approval
approval.grant       approval.granted       approval
approval.deny        approval.denied        approval
approval.revoke      approval.revoked       approval
person.employ        person.employed        person
person.assign        person.assigned        person
person.leave         person.left            person
person.release       person.released        person
person.declare       person.declared        person
person.entrust       person.entrusted       person
person.combine       person.combined        person
login.reset          login.reset            person
login.change         login.changed          person
login.enroll         login.enrolled         person
login.drop           login.dropped          person
policy.draft         policy.drafted         policy
policy.propose       policy.proposed        policy
policy.sign          policy.signed          policy
policy.adopt         policy.adopted         policy
policy.hear          policy.heard           policy
policy.confirm       policy.confirmed       policy
policy.interpret     policy.interpreted     policy
setting.change       setting.changed        setting
place.register       place.registered       place
place.edit           place.edited           place
unit.register        unit.registered        unit
tenancy.start        tenancy.started        unit tenancy
tenancy.end          tenancy.ended          unit tenancy
data.import          data.imported          import
data.export          data.exported          export
backup.make          backup.made            backup
backup.test          backup.tested          backup
journal.read         journal.read           journal
measure.freeze       measure.frozen         measure
"""

_FILTERED = {"file.find", "file.read", "record.reveal"}

ACTS: Mapping[str, Act] = {
    name: Act(name, event, tuple(about), name in _FILTERED)
    for name, event, *about in (line.split() for line in _TABLE.strip().splitlines())
}
EVENTS: Mapping[str, Act] = {act.event: act for act in ACTS.values()}

# thing -> its facts with their type: text, number, date, yes_no, list (of ids or keys)
_FACTS: Mapping[str, Mapping[str, str]] = {
    "actor": {
        "posts": "list", "units": "list", "clean": "yes_no", "tenure_days": "number", "reads_sealed": "yes_no",
        "leaving": "yes_no", "declared": "yes_no",
    },
    "act": {
        "purpose": "text", "on": "date", "reason": "yes_no", "confirmed": "yes_no", "copies": "number", "marked":
        "yes_no",
    },
    "customer": {
        "kind": "text", "segment": "text", "grade": "text", "collector": "text", "important": "yes_no", "consent":
        "yes_no", "consented_on": "date", "noticed": "yes_no", "opened_on": "date", "contacts": "number", "area":
        "text", "status": "text", "bought": "yes_no", "visits": "number", "debt_cny": "number", "objected": "yes_no",
        "turnover_cny": "number", "separate_consent": "yes_no", "attended": "yes_no",
    },
    "credit": {
        "grade": "text", "limit_cny": "number", "used_cny": "number", "left_cny": "number", "overdue_days": "number",
        "terms_days": "number",
    },
    "account": {
        "name_set": "yes_no", "paper_renamed": "yes_no", "told": "list", "paper_application": "yes_no", "filed_by":
        "list", "registered": "yes_no",
    },
    "file": {
        "kind": "text", "status": "text", "complete": "yes_no", "sealed": "yes_no", "verified": "yes_no", "electronic":
        "text", "origin": "text", "branch": "text", "unit": "text", "opened_on": "date", "closed_on": "date",
        "appraisal": "text", "appraised_on": "date", "held": "yes_no", "on_loan": "yes_no", "secrecy": "text",
        "same_subject": "number", "age_days": "number", "part": "text", "numbered": "yes_no", "place": "text",
        "holder": "text", "successor": "yes_no", "retention_until": "date", "duplicate": "yes_no", "milestones":
        "list", "segment": "text", "bound": "yes_no", "by_proxy": "yes_no", "customer_confirmed": "yes_no",
        "declared_true": "yes_no", "unanswered": "number", "registered": "yes_no", "records": "list", "label_agrees":
        "yes_no", "unverified": "number", "reaching": "text", "transferred": "yes_no",
    },
    "record": {
        "kind": "text", "type": "text", "form": "text", "state": "text", "signed": "list", "sides": "number", "pages":
        "number", "original_exists": "yes_no", "verified": "yes_no", "grade": "text", "red_stamp": "yes_no",
        "arranged": "yes_no", "filed": "yes_no", "shelved": "yes_no", "in_use": "yes_no", "expires_days": "number",
        "dated": "yes_no", "replaces": "yes_no", "format_agrees": "yes_no", "ink": "text", "qualities": "list",
        "group": "text", "subgroup": "text", "ends_on": "date", "origin": "text", "must_be": "text", "original_place":
        "text", "copies": "number", "clear": "yes_no", "described": "yes_no", "on_paper": "yes_no",
    },
    "paper": {"kind": "text"},
    "scan": {"pages": "number", "type": "text"},
    "list": {
        "signers": "list", "counted": "yes_no", "copies": "number", "pages": "number", "agrees": "yes_no",
        "unanswered": "number", "unplaced": "number", "unchecked": "number", "missing": "number", "unsigned": "number",
        "coded": "yes_no", "due_on": "date",
    },
    "job": {
        "kind": "list", "contact_verified": "yes_no", "contact_ways": "number", "ended_on": "date", "opened_on":
        "date", "complete": "yes_no",
    },
    "contact": {
        "kind": "text", "number": "number", "segment": "text", "by": "text", "on": "date", "new_customer": "yes_no",
        "subject": "text", "direction": "text", "result": "text", "topics": "list",
    },
    "volume": {
        "place": "text", "holder": "text", "status": "text", "scanned_label": "text", "labeled": "yes_no", "box":
        "text",
    },
    "handover": {
        "set": "text", "kind": "text", "signers": "list", "unanswered": "number", "missing": "number", "complete":
        "yes_no", "checked_by": "text", "giver": "text", "receiver": "text", "agrees": "yes_no", "defects": "number",
        "late": "yes_no", "unassigned": "number", "giver_is": "list", "receiver_is": "list",
    },
    "day": {"open_handovers": "number", "commented": "yes_no"},
    "transfer": {
        "signers": "list", "listed": "yes_no", "sorted": "yes_no", "complete": "yes_no", "confirmed_by": "list",
        "unchecked": "number", "stamped": "yes_no", "kinds": "list",
    },
    "loan": {
        "borrower": "text", "purpose": "text", "until": "date", "slip": "yes_no", "status": "text", "days_out":
        "number", "renewals": "number", "complete": "yes_no", "clean": "yes_no", "kind": "text", "direct": "yes_no",
        "for_duty": "yes_no", "of_copy": "yes_no",
    },
    "consultation": {"place": "text", "registered": "yes_no", "class": "text"},
    "use": {"purpose": "text", "destroyed": "yes_no", "where": "text", "copy": "yes_no", "checked": "yes_no"},
    "certificate": {
        "number_agrees": "yes_no", "name_agrees": "yes_no", "quantity_agrees": "yes_no", "signers": "list", "place":
        "text", "file_number": "yes_no", "counters": "list", "settled": "yes_no", "id_checked": "yes_no", "kind":
        "text", "listed": "yes_no", "checkers": "list",
    },
    "notice": {
        "receipt": "yes_no", "kind": "text", "direction": "text", "registered": "yes_no", "proof": "yes_no", "agrees":
        "yes_no", "signers": "list",
    },
    "letter": {"kind": "text", "answered": "yes_no", "counterparty": "text"},
    "ticket": {
        "kind": "text", "customer_agrees": "yes_no", "resolved": "yes_no", "state": "text", "caller": "text",
        "content": "text", "measures": "yes_no", "replied": "yes_no", "listed": "yes_no",
    },
    "permit": {
        "kind": "text", "returned": "yes_no", "deposit": "yes_no", "taken": "yes_no", "lost": "yes_no", "expires_days":
        "number",
    },
    "payment": {
        "kind": "text", "overdue_days": "number", "amount_cny": "number", "paid": "yes_no", "refunded": "yes_no",
    },
    "meeting": {"kind": "text", "posts": "list", "minutes": "yes_no", "decisions": "number", "unexplained": "number"},
    "training": {"kind": "text", "passed": "yes_no"},
    "analysis": {"kind": "text", "findings": "yes_no", "measures": "yes_no"},
    "report": {
        "kind": "text", "frozen": "yes_no", "addressee": "text", "sources": "yes_no", "personal": "yes_no", "changed":
        "yes_no",
    },
    "register": {
        "kind": "text", "signers": "list", "subject": "text", "taken": "yes_no", "overlaps": "yes_no", "old_value":
        "text", "new_value": "text", "settled": "yes_no", "held": "number", "photo": "yes_no", "below_last": "yes_no",
    },
    "form": {
        "kind": "text", "printed_by": "text", "copies": "number", "central": "yes_no", "issued": "yes_no", "filled":
        "yes_no", "numbered": "yes_no",
    },
    "appraisal": {"result": "text", "opinions": "list", "kind": "text", "approver": "text"},
    "hold": {"reason": "text", "open": "yes_no"},
    "destruction": {
        "witnesses": "list", "executor": "text", "author": "text", "reviewer": "text", "approver": "text", "approved":
        "yes_no", "method": "text", "listed": "yes_no", "appraised": "yes_no", "holds": "number", "rechecked":
        "yes_no", "signers": "list", "noted": "yes_no",
    },
    "inspection": {"round": "text", "findings": "number", "photo": "yes_no"},
    "incident": {
        "kind": "text", "cause": "text", "pieces": "number", "on_loan": "yes_no", "measures": "yes_no", "course":
        "text", "handling": "text",
    },
    "defect": {"kind": "text", "line": "text", "inspection": "yes_no"},
    "breach": {
        "kind": "text", "clause": "text", "person": "text", "corrected": "yes_no", "who": "text", "aggravated":
        "yes_no",
    },
    "sanction": {
        "heard": "yes_no", "percent": "number", "reason": "yes_no", "earlier_open": "number", "person": "text",
        "amount_cny": "number", "decider": "text", "staff_told": "yes_no", "reduced": "yes_no",
    },
    "reward": {"kind": "text", "reason": "yes_no"},
    "duty": {"status": "text", "reason": "yes_no", "days_late": "number", "due_on": "date"},
    "request": {"kind": "text", "unit": "text", "due_on": "date", "addressee": "text", "source": "text"},
    "approval": {"kind": "text", "asker": "text", "oral": "yes_no", "comment": "yes_no"},
    "person": {
        "held_files": "number", "held_volumes": "number", "open_loans": "number", "post": "text", "last_in_post":
        "yes_no", "cleared": "yes_no", "untold_customers": "number", "unsigned_lines": "number", "other_posts":
        "number", "terms": "text", "posts": "list",
    },
    "policy": {
        "approved": "yes_no", "sign_offs": "list", "reason": "yes_no", "replaces": "text", "heard": "yes_no",
        "approver": "text", "in_force_on": "date", "backdated": "yes_no", "names_me": "yes_no",
    },
    "branch": {"vacant_posts": "list", "rooms": "number"},
    "setting": {"key": "text", "owner_unit": "text"},
    "place": {"kind": "text", "capacity": "number", "shared": "yes_no", "same_code": "number"},
    "unit": {"occupied": "yes_no", "kind": "text"},
    "tenancy": {"ended_on": "date", "started_on": "date", "successor": "yes_no"},
    "import": {"past": "yes_no", "rows": "number"},
    "export": {"purpose": "text", "rows": "number", "personal": "yes_no"},
    "backup": {"tested": "yes_no", "age_days": "number"},
    "journal": {},
    "candidate": {
        "collector": "yes_no", "active": "yes_no", "area": "text", "tenure_days": "number", "workload": "number",
        "score": "number", "near": "yes_no", "matches": "yes_no", "new": "yes_no", "floor": "number", "number":
        "number", "waiting_days": "number", "same_floor": "yes_no", "locked": "yes_no", "same_class": "yes_no",
    },
    "measure": {"name": "text", "frozen": "yes_no"},
}  # fmt: skip

FACTS: Mapping[str, str] = {
    f"{thing}.{name}": type_ for thing, names in _FACTS.items() for name, type_ in names.items()
}
THINGS = frozenset(_FACTS)

# who a rule may mean besides the posts, units and roles of its pack
SELECTORS = frozenset(
    {"anyone", "file.holder", "file.subject", "volume.holder", "loan.borrower", "handover.giver", "handover.receiver",
     "event.actor", "duty.person", "breach.person", "person.self", "approval.asker", "customer.representative",
     "request.addressee", "customer.submitter"}
)  # fmt: skip
# posts that every office has, whatever its policy calls them; declared in the base pack
OFFICE_POSTS = frozenset(
    {"clerk", "archivist", "manager", "general-manager", "administrator", "security-officer", "auditor"}
)
# what the common rules leave open and a policy may settle
SETTINGS = frozenset({"loan.period_days", "loan.renewals", "handover.gap_days", "reveal.minutes"})
# what may be settled of a file, a paper, a register or another thing, like vehicle.number
SETTLED_TRAITS = frozenset(
    {"number", "order", "list_order", "list_copies", "list_form", "list_signatures", "sorted_by", "numbered_as",
     "numbered_at", "number_field", "secrecy", "first_status", "to_follow_days"}
)  # fmt: skip
SELECTOR_PREFIXES = ("unit", "head_of", "superior_of")

# the columns that rules on finding, reading and revealing may test, because they must also be a database filter
SCOPE_FACTS = frozenset(
    {"file.kind", "file.status", "file.branch", "file.unit", "file.sealed", "file.secrecy", "file.part", "record.kind",
     "record.grade", "act.purpose", "file.segment"}
)  # fmt: skip
