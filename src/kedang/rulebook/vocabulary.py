"""The closed list of what people may try in record keeping, and of the facts a rule may test.

An act is `noun.verb`; trying it successfully leaves its event, `noun.past`. What belongs to a trade is never here:
packs declare kinds, fields, roles and milestones, and one act, `file.reach`, records any milestone.
Each act names the things it is about: their ids travel with its event, and the facts of these things may be tested.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kedang.rulebook.traits import CLOSED as CLOSED
from kedang.rulebook.traits import FACTS as FACTS
from kedang.rulebook.traits import THINGS as THINGS

YES_NO = ("yes", "no")
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Act:
    """An act: its event, the things whose ids the event carries, and whether a rule on it must also be a filter.

    `also` are things whose ids it carries where it was done for one of them: the request that an entry answers, the
    matter that a report is on.  A duty about such a thing is kept by it.
    """

    name: str
    event: str
    about: tuple[str, ...]
    filtered: bool = False
    also: tuple[str, ...] = ()

    def carries(self, thing: str) -> bool:
        """Whether its event can tell one such thing from another; all happens in a branch and is done by a person."""
        return thing in (*self.about, *self.also, "branch", "person")


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
customer.send_back   customer.sent_back     customer
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
file.send_back       file.sent_back         file
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
report.accept        report.accepted        report
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
request.accept       request.accepted       request
request.send_back    request.sent_back      request
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
person.hold_back     person.held_back       person
person.confirm       person.confirmed       person
person.decline       person.declined        person
login.reset          login.reset            person
login.hold_back      login.held_back        person
login.confirm        login.confirmed        person
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
# act, things for which it may be done
_ALSO_TABLE = """
file.open            customer
file.bind            tenancy
record.add           request job contact letter notice ticket payment
record.supply        incident job
volume.label         customer
handover.sign        job
contact.plan         record
contact.record       job record request
use.record           job record loan consultation customer export
form.print           job
notice.deliver       account
analysis.make        file
report.make          handover contact meeting analysis
report.submit        analysis
request.send         file
appraisal.make       record
destruction.confirm  file record
"""
_ALSO = {act: tuple(things) for act, *things in (line.split() for line in _ALSO_TABLE.strip().splitlines())}

ACTS: Mapping[str, Act] = {
    name: Act(name, event, tuple(about), name in _FILTERED, _ALSO.get(name, ()))
    for name, event, *about in (line.split() for line in _TABLE.strip().splitlines())
}
EVENTS: Mapping[str, Act] = {act.event: act for act in ACTS.values()}


# who a rule may mean besides the posts, units and roles of its pack
SELECTORS = frozenset(
    {"anyone", "file.holder", "file.subject", "volume.holder", "loan.borrower", "handover.giver", "handover.receiver",
     "event.actor", "duty.person", "breach.person", "person.self", "person.giver", "approval.asker",
     "customer.representative", "request.addressee", "customer.submitter"}
)  # fmt: skip
# posts that every office has, whatever its policy calls them; declared in the base pack
OFFICE_POSTS = frozenset(
    {"clerk", "archivist", "manager", "general-manager", "administrator", "security-officer", "auditor"}
)
# what the common rules leave open and a policy may settle
SETTINGS = frozenset({"loan.period_days", "loan.renewals", "loan.remind_days", "handover.gap_days", "reveal.minutes"})
# what may be settled of a file, a paper, a register or another thing, like vehicle.number
SETTLED_TRAITS = frozenset(
    {"number", "order", "list_order", "list_copies", "list_form", "list_signatures", "sorted_by", "numbered_as",
     "numbered_at", "number_field", "secrecy", "first_status", "to_follow_days", "released_by"}
)  # fmt: skip
SELECTOR_PREFIXES = ("unit", "head_of", "superior_of")

# the columns that rules on finding, reading and revealing may test, because they must also be a database filter
SCOPE_FACTS = frozenset(
    {"file.kind", "file.status", "file.branch", "file.unit", "file.sealed", "file.secrecy", "file.part", "record.kind",
     "record.grade", "act.purpose", "file.segment"}
)  # fmt: skip
