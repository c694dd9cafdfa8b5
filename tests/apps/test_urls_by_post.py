"""Every address by post: what a stranger, a clerk, a keeper, and a post without the right to find get.

A new address that is not in the table fails the first test.  POST sends an empty form with a fresh token: 403 is a
rule's no, 404 hides that the thing exists, 422 is a wrong form, 302 without a log-in leads to the log-in.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import get_resolver, reverse

from kedang.files import scanning
from kedang.files.labels import code_of
from kedang.files.models import FieldValue, File, Place, Record
from kedang.files.services import open_file
from tests.apps.files_world import make_world, values

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

FILE, VALUE, RECORD, NOTHING = "the file", "its secret value", "its first record", "9999"
# address, arguments, method, (stranger, clerk, keeper, guard: who may not find)
TABLE: list[tuple[str, dict[str, str], str, tuple[int, int, int, int]]] = [
    ("web:home", {}, "get", (302, 302, 302, 302)),
    ("web:home", {}, "post", (302, 405, 405, 405)),
    ("web:start", {}, "get", (404, 404, 404, 404)),
    ("web:start", {}, "post", (404, 404, 404, 404)),
    ("web:start-people", {}, "get", (404, 404, 404, 404)),
    ("web:start-people", {}, "post", (404, 404, 404, 404)),
    ("web:login", {}, "get", (200, 302, 302, 302)),
    ("web:login", {}, "post", (422, 302, 302, 302)),
    ("web:login-code", {}, "get", (302, 302, 302, 302)),
    ("web:login-code", {}, "post", (302, 302, 302, 302)),
    ("web:logout", {}, "get", (405, 405, 405, 405)),
    ("web:logout", {}, "post", (302, 302, 302, 302)),
    ("web:language", {}, "get", (405, 405, 405, 405)),
    ("web:language", {}, "post", (302, 302, 302, 302)),
    ("web:theme", {}, "get", (405, 405, 405, 405)),
    ("web:theme", {}, "post", (302, 302, 302, 302)),
    ("web:branch", {}, "get", (302, 405, 405, 405)),
    ("web:branch", {}, "post", (302, 302, 302, 302)),
    ("web:healthz", {}, "get", (200, 200, 200, 200)),
    ("web:healthz", {}, "post", (405, 405, 405, 405)),
    ("web:help", {}, "get", (302, 200, 200, 200)),
    ("web:help", {}, "post", (302, 405, 405, 405)),
    ("web:journal", {}, "get", (302, 403, 403, 403)),
    ("web:journal", {}, "post", (302, 405, 405, 405)),
    ("custody:handovers", {}, "get", (302, 200, 200, 200)),
    ("custody:handovers", {}, "post", (302, 405, 405, 405)),
    ("custody:receive", {}, "get", (302, 200, 200, 200)),
    ("custody:receive", {}, "post", (302, 422, 422, 422)),
    ("custody:handover", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("custody:handover", {"pk": NOTHING}, "post", (302, 405, 405, 405)),
    ("custody:sign", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("custody:sign", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("custody:return", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("custody:return", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("custody:check", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("custody:check", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("custody:prepare", {"pk": FILE, "checklist": "new-thing"}, "get", (302, 200, 200, 404)),
    ("custody:prepare", {"pk": FILE, "checklist": "new-thing"}, "post", (302, 422, 422, 404)),
    ("custody:supply", {"pk": FILE, "checklist": "new-thing"}, "get", (302, 200, 200, 404)),
    ("custody:supply", {"pk": FILE, "checklist": "new-thing"}, "post", (302, 422, 422, 404)),
    ("custody:list", {"pk": FILE}, "get", (302, 200, 200, 404)),
    ("custody:list", {"pk": FILE}, "post", (302, 405, 405, 405)),
    ("custody:list-write", {"pk": FILE}, "get", (302, 405, 405, 405)),
    ("custody:list-write", {"pk": FILE}, "post", (302, 403, 403, 404)),
    ("custody:list-check", {"pk": FILE}, "get", (302, 405, 405, 405)),
    ("custody:list-check", {"pk": FILE}, "post", (302, 404, 404, 404)),
    ("custody:list-supplement", {"pk": FILE}, "get", (302, 405, 405, 405)),
    ("custody:list-supplement", {"pk": FILE}, "post", (302, 404, 404, 404)),
    ("custody:list-code", {"pk": FILE}, "get", (302, 405, 405, 405)),
    ("custody:list-code", {"pk": FILE}, "post", (302, 404, 404, 404)),
    ("custody:list-sign", {"pk": FILE}, "get", (302, 405, 405, 405)),
    ("custody:list-sign", {"pk": FILE}, "post", (302, 404, 404, 404)),
    ("custody:list-print", {"pk": FILE}, "get", (302, 404, 404, 404)),
    ("custody:list-print", {"pk": FILE}, "post", (302, 404, 404, 404)),
    ("custody:number", {"pk": FILE}, "get", (302, 405, 405, 405)),
    ("custody:number", {"pk": FILE}, "post", (302, 403, 422, 404)),
    ("custody:number-record", {"pk": RECORD}, "get", (302, 405, 405, 405)),
    ("custody:number-record", {"pk": RECORD}, "post", (302, 403, 403, 404)),
    ("custody:book", {}, "get", (302, 200, 200, 200)),
    ("custody:book", {}, "post", (302, 405, 405, 405)),
    ("custody:close-day", {}, "get", (302, 405, 405, 405)),
    ("custody:close-day", {}, "post", (302, 403, 302, 403)),
    ("inspections:list", {}, "get", (302, 200, 200, 200)),
    ("inspections:list", {}, "post", (302, 405, 405, 405)),
    ("inspections:hold", {}, "get", (302, 200, 200, 200)),
    ("inspections:hold", {}, "post", (302, 200, 200, 200)),
    ("inspections:inspection", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("inspections:inspection", {"pk": NOTHING}, "post", (302, 405, 405, 405)),
    ("inspections:mend", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("inspections:mend", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("certificates:ledger", {}, "get", (302, 404, 404, 404)),  # this house keeps no certificates
    ("certificates:ledger", {}, "post", (302, 405, 405, 405)),
    ("certificates:search", {}, "get", (302, 404, 404, 404)),
    ("certificates:search", {}, "post", (302, 404, 404, 404)),
    ("certificates:print", {}, "get", (302, 404, 404, 404)),
    ("certificates:print", {}, "post", (302, 404, 404, 404)),
    ("certificates:balance", {}, "get", (302, 404, 404, 404)),
    ("certificates:balance", {}, "post", (302, 404, 404, 404)),
    ("certificates:sheet", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("certificates:sheet", {"pk": NOTHING}, "post", (302, 405, 405, 405)),
    ("certificates:receipt", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("certificates:receipt", {"pk": NOTHING}, "post", (302, 405, 405, 405)),
    ("certificates:reveal", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("certificates:reveal", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("certificates:file", {"pk": FILE}, "get", (302, 404, 404, 404)),
    ("certificates:file", {"pk": FILE}, "post", (302, 405, 405, 405)),
    ("certificates:receive", {"pk": FILE}, "get", (302, 405, 405, 405)),
    ("certificates:receive", {"pk": FILE}, "post", (302, 404, 404, 404)),
    ("certificates:write", {"pk": FILE}, "get", (302, 405, 405, 405)),
    ("certificates:write", {"pk": FILE}, "post", (302, 404, 404, 404)),
    ("certificates:check", {"pk": FILE}, "get", (302, 405, 405, 405)),
    ("certificates:check", {"pk": FILE}, "post", (302, 404, 404, 404)),
    ("certificates:sign", {"pk": FILE}, "get", (302, 405, 405, 405)),
    ("certificates:sign", {"pk": FILE}, "post", (302, 404, 404, 404)),
    ("certificates:store", {"pk": FILE}, "get", (302, 405, 405, 405)),
    ("certificates:store", {"pk": FILE}, "post", (302, 404, 404, 404)),
    ("certificates:slip", {"pk": FILE}, "get", (302, 404, 404, 404)),
    ("certificates:slip", {"pk": FILE}, "post", (302, 404, 404, 404)),
    ("certificates:give-back", {"pk": FILE}, "get", (302, 404, 404, 404)),
    ("certificates:give-back", {"pk": FILE}, "post", (302, 404, 404, 404)),
    ("loans:list", {}, "get", (302, 200, 200, 200)),
    ("loans:list", {}, "post", (302, 405, 405, 405)),
    ("loans:ledger", {}, "get", (302, 200, 200, 200)),
    ("loans:ledger", {}, "post", (302, 405, 405, 405)),
    ("loans:register", {}, "get", (302, 200, 200, 200)),
    ("loans:register", {}, "post", (302, 405, 405, 405)),
    ("loans:counter", {}, "get", (302, 200, 200, 200)),
    ("loans:counter", {}, "post", (302, 422, 422, 422)),
    ("loans:file", {"pk": FILE}, "get", (302, 200, 200, 404)),
    ("loans:file", {"pk": FILE}, "post", (302, 405, 405, 405)),
    ("loans:request", {"pk": FILE}, "get", (302, 405, 405, 405)),
    ("loans:request", {"pk": FILE}, "post", (302, 422, 422, 404)),
    ("loans:direct", {"pk": FILE}, "get", (302, 405, 405, 405)),
    ("loans:direct", {"pk": FILE}, "post", (302, 422, 422, 404)),
    ("loans:read", {"pk": FILE}, "get", (302, 405, 405, 405)),
    ("loans:read", {"pk": FILE}, "post", (302, 422, 422, 404)),
    ("loans:loan", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("loans:loan", {"pk": NOTHING}, "post", (302, 405, 405, 405)),
    ("loans:issue", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("loans:issue", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("loans:return", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("loans:return", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("loans:check", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("loans:check", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("loans:loss", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("loans:loss", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("files:incidents", {"pk": FILE}, "get", (302, 200, 200, 404)),
    ("files:incidents", {"pk": FILE}, "post", (302, 422, 422, 404)),
    ("files:settle", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("files:settle", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("loans:renew", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("loans:renew", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("loans:recall", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("loans:recall", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("loans:pass-on", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("loans:pass-on", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("loans:withdraw", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("loans:withdraw", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("loans:uses", {"pk": FILE}, "get", (302, 200, 200, 404)),
    ("loans:uses", {"pk": FILE}, "post", (302, 405, 405, 405)),
    ("loans:record-use", {"pk": FILE}, "get", (302, 405, 405, 405)),
    ("loans:record-use", {"pk": FILE}, "post", (302, 422, 422, 404)),
    ("loans:report-use", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("loans:report-use", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("loans:close-reading", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("loans:close-reading", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("files:list", {}, "get", (302, 200, 200, 200)),
    ("files:list", {}, "post", (302, 405, 405, 405)),
    ("files:open", {}, "get", (302, 200, 200, 200)),
    ("files:open", {}, "post", (302, 422, 422, 422)),
    ("files:file", {"pk": FILE}, "get", (302, 200, 200, 404)),
    ("files:file", {"pk": FILE}, "post", (302, 405, 405, 405)),
    ("files:edit", {"pk": FILE}, "get", (302, 200, 200, 404)),
    ("files:edit", {"pk": FILE}, "post", (302, 302, 302, 404)),
    ("files:reach", {"pk": FILE}, "get", (302, 405, 405, 405)),
    ("files:reach", {"pk": FILE}, "post", (302, 422, 422, 404)),
    ("files:answer", {"pk": FILE}, "get", (302, 405, 405, 405)),
    ("files:answer", {"pk": FILE}, "post", (302, 302, 302, 404)),
    ("files:electronic", {"pk": FILE}, "get", (302, 405, 405, 405)),
    ("files:electronic", {"pk": FILE}, "post", (302, 403, 302, 404)),
    ("files:shelve", {"pk": FILE}, "get", (302, 405, 405, 405)),
    ("files:shelve", {"pk": FILE}, "post", (302, 422, 422, 404)),
    ("files:act-on-file", {"pk": FILE, "what": "close"}, "get", (302, 200, 200, 404)),
    ("files:act-on-file", {"pk": FILE, "what": "close"}, "post", (302, 422, 422, 404)),
    ("files:act-on-record", {"pk": RECORD, "what": "withdraw"}, "get", (302, 200, 200, 404)),
    ("files:act-on-record", {"pk": RECORD, "what": "withdraw"}, "post", (302, 422, 422, 404)),
    ("files:new-customer", {}, "get", (302, 200, 200, 200)),
    ("files:new-customer", {}, "post", (302, 422, 422, 422)),
    ("files:customer", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("files:customer", {"pk": NOTHING}, "post", (302, 405, 405, 405)),
    ("files:act-on-customer", {"pk": NOTHING, "what": "consent"}, "get", (302, 404, 404, 404)),
    ("files:act-on-customer", {"pk": NOTHING, "what": "consent"}, "post", (302, 404, 404, 404)),
    ("files:receive", {"pk": FILE}, "get", (302, 200, 200, 404)),
    ("files:receive", {"pk": FILE}, "post", (302, 422, 422, 404)),
    ("files:add-scan", {"pk": RECORD}, "get", (302, 405, 405, 405)),
    ("files:add-scan", {"pk": RECORD}, "post", (302, 422, 422, 404)),
    ("files:scan", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("files:scan", {"pk": NOTHING}, "post", (302, 405, 405, 405)),
    ("files:reveal", {"pk": VALUE}, "get", (302, 200, 200, 404)),
    ("files:reveal", {"pk": VALUE}, "post", (302, 200, 200, 404)),
    ("files:search", {}, "get", (302, 302, 302, 302)),
    ("files:search", {}, "post", (302, 302, 302, 302)),
    ("files:reception", {}, "get", (302, 200, 200, 200)),
    ("files:reception", {}, "post", (302, 200, 200, 200)),
    ("files:job", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("files:job", {"pk": NOTHING}, "post", (302, 405, 405, 405)),
    ("files:job-reach", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("files:job-reach", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("files:places", {}, "get", (302, 200, 200, 200)),
    ("files:places", {}, "post", (302, 422, 422, 422)),
    ("files:place", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("files:place", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("files:edit-place", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("files:edit-place", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("files:place-labels", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("files:place-labels", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("files:file-labels", {"pk": FILE}, "get", (302, 200, 200, 404)),
    ("files:file-labels", {"pk": FILE}, "post", (302, 403, 302, 404)),
    ("files:desk", {}, "get", (302, 200, 200, 200)),
    ("files:desk", {}, "post", (302, 422, 422, 422)),
    ("files:label", {"code": "KD-V-1-00000"}, "get", (302, 404, 404, 404)),
    ("files:label", {"code": "KD-V-1-00000"}, "post", (302, 404, 404, 404)),
    ("files:imports", {}, "get", (302, 200, 200, 200)),
    ("files:imports", {}, "post", (302, 422, 422, 422)),
    ("files:import", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("files:import", {"pk": NOTHING}, "post", (302, 405, 405, 405)),
    ("files:import-map", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("files:import-map", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("files:import-start", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("files:import-start", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("files:import-failed", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("files:import-failed", {"pk": NOTHING}, "post", (302, 405, 405, 405)),
    ("files:import-template", {"kind": "thing"}, "get", (302, 200, 200, 200)),
    ("files:import-template", {"kind": "thing"}, "post", (302, 405, 405, 405)),
    ("office:desk", {}, "get", (302, 200, 200, 200)),
    ("office:desk", {}, "post", (302, 405, 405, 405)),
    ("office:approval", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("office:approval", {"pk": NOTHING}, "post", (302, 405, 405, 405)),
    ("office:oral", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("office:oral", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("office:duties", {}, "get", (302, 200, 200, 200)),
    ("office:duties", {}, "post", (302, 405, 405, 405)),
    ("office:duty", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("office:duty", {"pk": NOTHING}, "post", (302, 405, 405, 405)),
    ("office:answers", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("office:answers", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("office:change-duty", {"pk": NOTHING, "how": "extend"}, "get", (302, 405, 405, 405)),
    ("office:change-duty", {"pk": NOTHING, "how": "extend"}, "post", (302, 404, 404, 404)),
    ("office:policies", {}, "get", (302, 200, 200, 200)),
    ("office:policies", {}, "post", (302, 405, 405, 405)),
    ("office:clause", {"ref": "90:1"}, "get", (302, 200, 200, 200)),
    ("office:clause", {"ref": "90:1"}, "post", (302, 405, 405, 405)),
    ("office:policy", {"number": "90"}, "get", (302, 200, 200, 200)),
    ("office:policy", {"number": "90"}, "post", (302, 405, 405, 405)),
    ("office:adopt", {}, "get", (302, 200, 200, 200)),
    ("office:adopt", {}, "post", (302, 422, 422, 422)),
    ("office:draft", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("office:draft", {"pk": NOTHING}, "post", (302, 405, 405, 405)),
    ("office:draft-act", {"pk": NOTHING, "what": "adopt"}, "get", (302, 405, 405, 405)),
    ("office:draft-act", {"pk": NOTHING, "what": "adopt"}, "post", (302, 404, 404, 404)),
    ("office:wording", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("office:wording", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("office:interpret", {"ref": "07:7.4.1a"}, "get", (302, 405, 405, 405)),
    ("office:interpret", {"ref": "99:1"}, "post", (302, 404, 404, 404)),
    ("office:draft-cases", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("office:draft-cases", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("office:new-clause", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("office:new-clause", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("office:draft-clause", {"pk": NOTHING, "ref": "1"}, "get", (302, 404, 404, 404)),
    ("office:draft-clause", {"pk": NOTHING, "ref": "1"}, "post", (302, 404, 404, 404)),
    ("office:remove-clause", {"pk": NOTHING, "ref": "1"}, "get", (302, 405, 405, 405)),
    ("office:remove-clause", {"pk": NOTHING, "ref": "1"}, "post", (302, 404, 404, 404)),
    ("office:declared", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("office:declared", {"pk": NOTHING}, "post", (302, 405, 405, 405)),
    ("office:new-thing", {"pk": NOTHING, "address": "posts"}, "get", (302, 404, 404, 404)),
    ("office:new-thing", {"pk": NOTHING, "address": "posts"}, "post", (302, 404, 404, 404)),
    ("office:thing", {"pk": NOTHING, "address": "posts/x"}, "get", (302, 404, 404, 404)),
    ("office:thing", {"pk": NOTHING, "address": "posts/x"}, "post", (302, 404, 404, 404)),
    ("office:remove-thing", {"pk": NOTHING, "address": "posts/x"}, "get", (302, 405, 405, 405)),
    ("office:remove-thing", {"pk": NOTHING, "address": "posts/x"}, "post", (302, 404, 404, 404)),
    ("office:amend", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("office:amend", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("office:edition", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("office:edition", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("office:confirm", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("office:confirm", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("office:breaches", {}, "get", (302, 200, 200, 200)),
    ("office:breaches", {}, "post", (302, 405, 405, 405)),
    ("office:unnamed", {}, "get", (302, 200, 200, 200)),
    ("office:unnamed", {}, "post", (302, 405, 405, 405)),
    ("office:breach", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("office:breach", {"pk": NOTHING}, "post", (302, 405, 405, 405)),
    ("office:hear", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("office:hear", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("office:decide", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("office:decide", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("office:quash", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("office:quash", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("office:order", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("office:order", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("office:correct", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("office:correct", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("office:approvals", {}, "get", (302, 200, 200, 200)),
    ("office:approvals", {}, "post", (302, 405, 405, 405)),
    ("office:ask", {}, "get", (302, 200, 200, 200)),
    ("office:ask", {}, "post", (302, 200, 200, 200)),
    ("office:answer", {"pk": NOTHING}, "get", (302, 405, 405, 405)),
    ("office:answer", {"pk": NOTHING}, "post", (302, 404, 404, 404)),
    ("insight:figures", {}, "get", (302, 200, 200, 200)),
    ("insight:figures", {}, "post", (302, 405, 405, 405)),
    ("insight:freeze", {}, "get", (302, 405, 405, 405)),
    ("insight:freeze", {}, "post", (302, 403, 302, 403)),
    ("insight:rows", {}, "get", (302, 404, 404, 404)),
    ("insight:rows", {}, "post", (302, 405, 405, 405)),
    ("office:staff", {}, "get", (302, 200, 200, 200)),
    ("office:staff", {}, "post", (302, 405, 405, 405)),
    ("office:employ", {}, "get", (302, 200, 200, 200)),
    ("office:employ", {}, "post", (302, 422, 422, 422)),
    ("office:person", {"pk": NOTHING}, "get", (302, 404, 404, 404)),
    ("office:person", {"pk": NOTHING}, "post", (302, 405, 405, 405)),
    ("office:person-act", {"pk": NOTHING, "what": "reset"}, "get", (302, 405, 405, 405)),
    ("office:person-act", {"pk": NOTHING, "what": "reset"}, "post", (302, 404, 404, 404)),
    ("office:account", {}, "get", (302, 200, 200, 200)),
    ("office:account", {}, "post", (302, 405, 405, 405)),
    ("office:password", {}, "get", (302, 200, 200, 200)),
    ("office:password", {}, "post", (302, 422, 422, 422)),
    ("office:second-factor", {}, "get", (302, 200, 200, 200)),
    ("office:second-factor", {}, "post", (302, 422, 422, 422)),
    ("office:drop-factor", {}, "get", (302, 405, 405, 405)),
    ("office:drop-factor", {}, "post", (302, 422, 422, 422)),
    ("office:end-session", {}, "get", (302, 405, 405, 405)),
    ("office:end-session", {}, "post", (302, 404, 404, 404)),
    ("office:absence", {}, "get", (302, 405, 405, 405)),
    ("office:absence", {}, "post", (302, 422, 422, 422)),
    ("office:branches", {}, "get", (302, 200, 200, 200)),
    ("office:branches", {}, "post", (302, 422, 422, 422)),
]


def names(patterns=None, space: str = "") -> set[str]:
    """The name of every address."""
    found: set[str] = set()
    for one in (patterns or get_resolver()).url_patterns:
        if hasattr(one, "url_patterns"):
            found |= names(one, f"{one.namespace}:" if one.namespace else space)
        elif one.name:
            found.add(space + one.name)
    return found


@pytest.fixture
def world() -> SimpleNamespace:
    """A branch with one file of Li's."""
    made = make_world()
    made.file = open_file(
        **made.by(made.li), branch=made.branch, kind="thing", values=values(), roles={"seller": made.li}
    ).result
    return made


def placed(arguments: dict[str, str], file: File) -> dict[str, object]:
    """The arguments with the things of this test."""
    things: dict[str, object] = {
        FILE: file.pk,
        VALUE: FieldValue.objects.get(file=file, field="card").pk,
        RECORD: Record.objects.filter(file=file).order_by("pk")[0].pk,
    }
    return {key: things.get(value, value) for key, value in arguments.items()}


def test_every_address_stands_in_the_table():
    assert names() == {row[0] for row in TABLE}


def test_every_address_answers_each_post_as_the_table_says(world):
    wrong = []
    windows = [(who, Client()) for who in (None, world.li, world.wang, world.zhao)]
    for name, arguments, method, expected in TABLE:
        url = reverse(name, kwargs=placed(arguments, world.file))
        found = []
        for who, window in windows:
            if who and SESSION_KEY not in window.session:  # the row before ended it
                window.force_login(who)
            given = {"token": world.token()} if method == "post" else {}
            found.append(getattr(window, method)(url, given).status_code)
        if tuple(found) != expected:
            wrong.append((name, method, tuple(found), expected))
    assert wrong == []


def test_whoever_may_not_find_sees_no_number_in_lists_search_and_figures(client, world):
    client.force_login(world.zhao)
    lists = (
        "files:list", "custody:book", "custody:handovers", "office:desk", "loans:list", "loans:ledger",
        "loans:register", "loans:counter", "files:places", "files:desk", "office:approvals", "office:breaches",
    )  # fmt: skip
    volume = world.file.volumes.get()
    places = [reverse("files:place", args=[one.pk]) for one in Place.objects.all()]
    for url in (*map(reverse, lists), *places):
        assert world.file.number not in client.get(url).content.decode(), url
    for typed in (world.file.number, code_of("volume", volume.pk)):
        for mode in (one.key for one in scanning.modes()):
            answer = client.post(reverse("files:desk"), {"mode": mode, "code": typed}, follow=True).content.decode()
            assert f"/files/{world.file.pk}/" not in answer, (mode, typed)
    found = client.post(reverse("files:search"), {"q": world.file.number}, follow=True).content.decode()
    assert f"/files/{world.file.pk}/" not in found
