"""The closed list of the facts that a rule may test, by the thing that has them, each with its type.

A type is text, number, date, yes_no or list (of ids or keys). What belongs to a trade is never here.
"""

from __future__ import annotations

from collections.abc import Mapping

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
        "yes_no", "unverified": "number", "reaching": "text", "transferred": "yes_no", "filling": "list",
        "sent_back": "yes_no", "role": "text", "papers": "list",
    },
    "record": {
        "kind": "text", "type": "text", "form": "text", "state": "text", "signed": "list", "sides": "number", "pages":
        "number", "original_exists": "yes_no", "verified": "yes_no", "grade": "text", "red_stamp": "yes_no",
        "arranged": "yes_no", "filed": "yes_no", "shelved": "yes_no", "in_use": "yes_no", "expires_days": "number",
        "dated": "yes_no", "replaces": "yes_no", "format_agrees": "yes_no", "ink": "text", "qualities": "list",
        "group": "text", "subgroup": "text", "ends_on": "date", "origin": "text", "must_be": "text", "original_place":
        "text", "copies": "number", "clear": "yes_no", "described": "yes_no", "on_paper": "yes_no", "handover": "text",
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
        "late": "yes_no", "giver_is": "list", "receiver_is": "list",
    },
    "day": {"open_handovers": "number", "commented": "yes_no"},
    "transfer": {
        "signers": "list", "listed": "yes_no", "sorted": "yes_no", "complete": "yes_no", "confirmed_by": "list",
        "unchecked": "number", "stamped": "yes_no", "kinds": "list", "unsigned": "number",
    },
    "loan": {
        "borrower": "text", "purpose": "text", "until": "date", "slip": "yes_no", "status": "text", "days_out":
        "number", "renewals": "number", "complete": "yes_no", "clean": "yes_no", "kind": "text", "direct": "yes_no",
        "for_duty": "yes_no", "of_copy": "yes_no",
    },
    "consultation": {"place": "text", "registered": "yes_no", "class": "text", "of_copy": "yes_no"},
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
        "yes_no", "signers": "list", "noted": "yes_no", "unsigned": "number", "kind": "text", "secrecy": "text",
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
    "duty": {"status": "text", "reason": "yes_no", "days_late": "number", "due_on": "date", "clause": "text"},
    "request": {
        "kind": "text", "unit": "text", "due_on": "date", "addressee": "text", "source": "text", "state": "text",
    },
    "approval": {"kind": "text", "clause": "text", "asker": "text", "oral": "yes_no", "comment": "yes_no"},
    "person": {
        "held_files": "number", "held_volumes": "number", "open_loans": "number", "post": "text", "last_in_post":
        "yes_no", "cleared": "yes_no", "untold_customers": "number", "unsigned_lines": "number", "other_posts":
        "number", "terms": "text", "posts": "list", "last_day": "date", "given_posts": "list", "decides": "yes_no",
        "confirmers": "number", "days_alone": "number", "of_giver": "yes_no", "waited_days": "number",
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
        "score": "number", "ability": "number", "efficiency": "number", "near": "yes_no", "matches": "yes_no", "new":
        "yes_no", "floor": "number", "number": "number", "waiting_days": "number", "same_floor": "yes_no", "locked":
        "yes_no", "same_class": "yes_no",
    },
    "measure": {"name": "text", "frozen": "yes_no"},
}  # fmt: skip

FACTS: Mapping[str, str] = {
    f"{thing}.{name}": type_ for thing, names in _FACTS.items() for name, type_ in names.items()
}
THINGS = frozenset(_FACTS)
# the values of the facts whose values the program itself gives; of every other text the words are the policy's own
CLOSED: Mapping[str, tuple[str, ...]] = {
    "breach.kind": ("late", "defect", "incident"),
    "duty.status": ("open", "late", "kept", "kept_late", "dropped"),
    "file.status": ("open", "closed"),
    "file.electronic": ("none", "done"),
    "record.state": ("missing", "present", "to_follow", "not_applicable", "defective", "withdrawn"),
    "record.handover": ("none", "offered", "signed-for", "lent", "supplement"),
    "record.form": ("original", "copy", "unspecified"),
    "record.grade": ("open", "personal", "secret"),
    "volume.status": ("held", "shelved", "lent"),
    "place.kind": ("storeroom", "rack", "cabinet", "safe", "shelf", "compartment", "box"),
    "loan.status": ("requested", "issued", "returned", "closed", "withdrawn"),
}
