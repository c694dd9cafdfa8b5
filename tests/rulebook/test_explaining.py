"""Each rule in plain words: all sixteen bodies in both languages, and no word of the vocabulary without its Chinese."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from kedang.rulebook import ACTS, EVENTS, FACTS, explain, load_file, words
from kedang.rulebook.bodies import PERIODS
from kedang.rulebook.checking import CLOCK_EVENTS
from kedang.rulebook.conditions import BOUNDS
from kedang.rulebook.explaining import explain_pack
from kedang.rulebook.pack import BODIES, Text
from kedang.rulebook.unspoken import unspoken
from kedang.rulebook.vocabulary import OFFICE_POSTS, SELECTORS
from tests.rulebook.small import HEAD, load_pack, pack

BOX = Path(__file__).parents[2] / "src/kedang/policies"
HARD = Path(__file__).parents[1] / "policies/hard"
PACKS = [*sorted(BOX.glob("[0-9][0-9]-*[a-z].yaml")), *sorted(HARD.glob("*-hard.yaml"))]
PACKS = [path for path in PACKS if not path.name.endswith(".cases.yaml")]
DUTY = "duty: {after: vehicle.delivered, who: [file.consultant], about: file, done_by: handover.received, %s}"


def said(rule, language):
    made = pack("show", rule)
    return explain(made.clauses["2"].rules[0], made, language)


SENTENCES = [
    (  # all of them are wanted: an "or" would be another rule
        "require: {act: record.add, that: {record.qualities: {contains: [complete, accurate]}, record.state: present}}",
        "任何人进行“文件添加”前须满足：文件的已确认的质量包括完整、准确且文件的状态为已有。",
        "Before anyone may “add record”: the record's qualities include complete and accurate and the record's state "
        "is present.",
    ),
    (
        "forbid: {act: file.close, when: {file.status: open, file.records: [deed, title]}}",
        "当档案的已有资料中有deed或title且档案的状态为在用时，任何人不得进行“档案结束”。",
        "When the file's records include deed or title and the file's status is open, nobody may “close file”.",
    ),
    (
        "permit: {act: file.read, who: [archivist, clerk], grade: personal, only: 'yes', lifts: ['1', '09:3.2']}",
        "档案管理员或经办人可以进行“档案阅览”，至“个人”级，其他人一律不可；这是第1条、第09:3.2条的例外。",
        "Archivist or clerk may “read file”, up to what is graded personal; nobody else may; "
        "this is an exception to clause 1, clause 09:3.2.",
    ),
    (
        "forbid: {act: file.read, except_who: [director], when: {file.kind: vehicle, file.sealed: 'yes'}}",
        "当档案的种类为车辆档案且档案的已封存为是时，任何人不得进行“档案阅览”（总监除外）。",
        "When the file's kind is 车辆档案 and the file's sealed is yes, nobody may “read file”, except Director.",
    ),
    (
        "forbid: {act: file.read, who: ['superior_of:file.consultant']}",
        "顾问的上级不得进行“档案阅览”。",
        "The superior of Consultant may not “read file”.",
    ),
    (
        "require: {act: loan.issue, that: {loan.purpose: {empty: 'no'}, file.place: {empty: 'yes'}}}",
        "任何人进行“借阅发出”前须满足：没有档案的位置且有借阅的用途。",
        "Before anyone may “issue loan”: the file's place is not given and the loan's purpose is given.",
    ),
    (
        "consent: {act: loan.issue, from: [[director, archivist], {all_of: [director, archivist]}], lasts_days: 3, "
        "until: end-of-day, uses: 2, proof: required, self: superior}",
        "任何人进行“借阅发出”须经总监或档案管理员，再经总监和档案管理员同意；同意3天内有效；当日有效；"
        "可用2次；须附凭证；自己申请的由上级同意。",
        "Anyone may “issue loan” with the consent of Director or Archivist, then of Director and Archivist; "
        "it lasts 3 days; it ends with the day; it serves 2 times; it needs a proof; who would ask "
        "himself asks his superior.",
    ),
    (
        "consent: {act: loan.issue, from: [[file.subject]], lasts_days: 1, uses: 1}",
        "任何人进行“借阅发出”须经客户本人同意；同意1天内有效；可用1次。",
        "Anyone may “issue loan” with the consent of the customer; it lasts 1 day; it serves once.",
    ),
    (
        DUTY % "from: vehicle.delivered_on, within_working_days: 3, early: counts, done_when: {handover.missing: "
        "{at_most: 0}}, drops_on: [file.closed], opens: ['1'], instead_of: ['1'], besides: ['1'], needs: [green-card]",
        "“交车”后，顾问须在3个工作日内完成“移交签字”（自“交车”日期起算），且移交的缺件数不超过0；提前完成也算；需要green-card；"
        "“档案结束”后不再需要；随后按第1条办理；代替第1条；与第1条的期限并行。",
        "After “交车”, Consultant owes “handover received” within 3 working days (counted from the day of “交车”); it "
        "counts when the handover's missing is at most 0; done before counts too; it needs green-card; it falls away "
        "after “file closed”; then clause 1 follows; this goes before clause 1; its time runs beside that "
        "of clause 1.",
    ),
    (
        DUTY % "within_days: 1",
        "“交车”后，顾问须在1日内完成“移交签字”。",
        "After “交车”, Consultant owes “handover received” within 1 day.",
    ),
    (
        DUTY % "within_years: 5",
        "“交车”后，顾问须在5年内完成“移交签字”。",
        "After “交车”, Consultant owes “handover received” within 5 years.",
    ),
    (
        DUTY % "within_months: 1",
        "“交车”后，顾问须在1个月内完成“移交签字”。",
        "After “交车”, Consultant owes “handover received” within 1 month.",
    ),
    (
        DUTY % "within_minutes: 30",
        "“交车”后，顾问须在30分钟内完成“移交签字”。",
        "After “交车”, Consultant owes “handover received” within 30 minutes.",
    ),
    (
        DUTY % "within_hours: 1",
        "“交车”后，顾问须在1小时内完成“移交签字”。",
        "After “交车”, Consultant owes “handover received” within 1 hour.",
    ),
    (
        DUTY % "series: {1: 3, 2: 30}",
        "“交车”后，顾问须按次数（第1次3日、第2次30日）完成“移交签字”。",
        "After “交车”, Consultant owes “handover received” (no. 1 within 3 days, no. 2 within 30 days).",
    ),
    (
        DUTY % "by: month-end",
        "“交车”后，顾问须在月底前完成“移交签字”。",
        "After “交车”, Consultant owes “handover received” by the end of the month.",
    ),
    (
        DUTY % "by: last-working-day-of-quarter",
        "“交车”后，顾问须在当季最后一个工作日前完成“移交签字”。",
        "After “交车”, Consultant owes “handover received” by the last working day of the quarter.",
    ),
    (
        DUTY % "by: 12-31",
        "“交车”后，顾问须在12-31前完成“移交签字”。",
        "After “交车”, Consultant owes “handover received” by 12-31.",
    ),
    (
        DUTY % "by: loan.until",
        "“交车”后，顾问须在借阅的期限前完成“移交签字”。",
        "After “交车”, Consultant owes “handover received” by the loan's until.",
    ),
    (
        "duty: {every: half-year, who: [anyone], about: file, reach: vehicle.delivered, in: [06-01, 06-30]}",
        "每半年，任何人须在06-01至06-30之间完成“交车”。",
        "Every half-year, anyone owes “交车” between 06-01 and 06-30.",
    ),
    (
        "duty: {when_true: {field.vin: x}, who: [archivist], about: file, done_by: day.began, by: end-of-day}",
        "一旦车架号为x，档案管理员须在当日结束前完成每日开始。",
        "As soon as 车架号 is x, Archivist owes a day begins by the end of the day.",
    ),
    (
        "sanction: {for: {defect: unsigned}, who: [consultant], fine_cny: 1234.5, per: item, decided_by: [director], "
        "instead_of: ['1'], besides: ['09:1']}",
        "顾问发生“未签名”的，按每项建议罚款¥1,234.50，由总监决定；代替第1条；可与第09:1条并处。",
        "To Consultant for “unsigned”, a fine of ¥1,234.50 for each item is proposed; Director decides; instead of "
        "clause 1; besides clause 09:1.",
    ),
    (
        "sanction: {for: {incident: lost}, fine_cny_from: 50, fine_cny_to: 500, per: month, decided_by: [director]}",
        "发生“遗失”的，按每月建议罚款¥50.00至¥500.00，由总监决定。",
        "For “lost”, a fine of ¥50.00 to ¥500.00 for each month is proposed; Director decides.",
    ),
    (
        "sanction: {for: {incident: lost}, pay_share_percent_from: 10, pay_share_percent_to: 30, per: file, "
        "decided_by: [director]}",
        "发生“遗失”的，按每档案建议扣当月绩效工资10%至30%，由总监决定。",
        "For “lost”, 10 to 30 % of the month's performance pay for each file is proposed; Director decides.",
    ),
    (
        "sanction: {for: {incident: lost}, measure: warning, per: vin, decided_by: [director]}",
        "发生“遗失”的，按每车架号建议“warning”，由总监决定。",
        "For “lost”, “warning” for each 车架号 is proposed; Director decides.",
    ),
    (
        "aggravate: {who: [consultant], counts: imposed, in: calendar-month, from_nth: 2, multiply: 2}",
        "顾问同一个月内第2次起（只计已决定的），按2倍处理。",
        "From breach no. 2 of one month on (those imposed count), Consultant is proposed 2 times the sum.",
    ),
    (
        "aggravate: {for: {incident: lost}, who: [consultant], counts: imposed, in: calendar-month, from_nth: 2, "
        "multiply: 2}",
        "顾问同一个月内第2次起（只计已决定的），按2倍处理；只计、只加重发生“遗失”的。",
        "From breach no. 2 of one month on (those imposed count), Consultant is proposed 2 times the sum; "
        "only breaches for “lost” count and cost more.",
    ),
    (
        "aggravate: {who: [consultant], counts: proposed, within_days: 90, from_nth: 3, multiply: 2}",
        "顾问90天内第3次起（只计已建议的），按2倍处理。",
        "From breach no. 3 within 90 days on (those proposed count), Consultant is proposed 2 times the sum.",
    ),
    (
        "repeat: {after: correction.ordered, every_working_days: 1, until: breach.corrected, amount: same, "
        "adds_to_count: 'yes'}",
        "“改正责令”后，每满1个工作日未见“违规更正”，按原额再处理一次，计入次数。",
        "After “correction ordered”, the same sum is proposed again for every working day without “breach corrected”, "
        "and it counts as a further one.",
    ),
    (
        "repeat: {after: correction.ordered, every_working_days: 2, until: no.such, amount: same}",
        "“改正责令”后，每满2个工作日未见no.such，按原额再处理一次。",
        "After “correction ordered”, the same sum is proposed again for every 2 working days without no.such.",
    ),
    (
        "reward: {for: a-year, decided_by: [director], who: [archivist], amount_cny: 200}",
        "因“a-year”对档案管理员建议奖励¥200.00，由总监决定。",
        "For “a-year” to Archivist a reward is proposed of ¥200.00; Director decides.",
    ),
    (
        "reward: {for: a-year, decided_by: [director], measure: praise}",
        "因“a-year”建议奖励“praise”，由总监决定。",
        "For “a-year” a reward is proposed: “praise”; Director decides.",
    ),
    (
        "choose: {for: customer.allocate, rank: 2, order_by: candidate.workload, reason: required}",
        "“客户分配”第2顺位：按候选人的工作量排序，须说明理由。",
        "To “allocate customer”, in rank 2: order by the candidate's workload; a reason is needed.",
    ),
    (
        "choose: {for: customer.allocate, rank: 3, share_percent: 20}",
        "“客户分配”第3顺位：分给其中20%。",
        "To “allocate customer”, in rank 3: share 20 %.",
    ),
    (
        "settle: {file.number: '{year}-{seq:4}'}",
        "档案的编号规则定为“{year}-{seq:4}”。",
        "The file's number is “{year}-{seq:4}”.",
    ),
    ("settle: {vehicle.order: x}", "车辆档案的排列顺序定为“x”。", "The 车辆档案's order is “x”."),
    (
        "classify: {field: customer.segment, to: buyer, when: {customer.visits: {over: 1}}}",
        "当客户的来访次数超过1时，客户的客户类别定为“buyer”。",
        "When the customer's visits is over 1, the customer's segment is “buyer”.",
    ),
    (
        "measure: {name: on-time, of: share_on_time, by: unit, every: month, over: duties, frozen: 'yes'}",
        "每月按部门统计“待办”的按时率，统计后不再更改。",
        "Every month, by department: the share kept in time of “duties”; once made it stays.",
    ),
    (
        "measure: {name: n, of: count, by: post, every: year}",
        "每年按岗位统计数量。",
        "Every year, by post: the number.",
    ),
    (
        "declare: [file.vehicle.field.vin, post.archivist]",
        "由系统设立：车架号、档案管理员。",
        "The program provides: 车架号, Archivist.",
    ),
    (
        "inspect: {round: room, line: {zh: 柜是否上锁？, en: 'Locked?'}}",
        "在“检查”中检查：柜是否上锁？",
        "Looked at on “Round”: Locked?",
    ),
    ("show", "原则或定义，仅供阅读。", "A principle or definition, to be read."),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "zh", "en"), SENTENCES)
def test_a_rule_is_said_in_both_languages(rule, zh, en):
    assert said(rule, "zh-hans") == zh
    assert said(rule, "en") == en


def test_units_and_their_heads_are_named():
    head = HEAD.replace("posts:\n", "units: {care: {zh: 关爱部, en: Care}}\nposts:\n")
    rule = "permit: {act: file.read, who: ['unit:care', 'head_of:care', event.actor]}"
    made = load_pack(head + f'  - id: "1"\n    zh: 条款\n    en: A clause\n    rules:\n      - {rule}\n', "small.yaml")
    (one,) = made.rules()
    assert explain(one, made, "zh") == "关爱部人员或关爱部负责人或经办人可以进行“档案阅览”。"
    assert explain(one, made, "en") == "Somebody of Care or the head of Care or whoever did it may “read file”."


def test_people_that_differ_are_said_by_the_facts_that_name_them():
    rule = "require: {act: sanction.impose, that: {sanction.decider: {differs_from: [sanction.person]}}}"
    assert said(rule, "zh") == "任何人进行“处理决定”前须满足：处理的决定人不同于处理的当事人。"
    rule = "require: {act: handover.sign, that: {handover.giver: {differs_from: [handover.receiver]}}}"
    assert (
        said(rule, "en")
        == "Before anyone may “sign handover”: the one who hands over differs from the one who receives."
    )


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.name)
def test_every_rule_of_every_pack_is_said_without_a_bare_key(path):
    made = load_file(path)
    whole = explain_pack(made, "zh")
    for rule in made.rules():
        assert explain(rule, made, "zh") == whole[rule.clause][rule.index]
        zh, en = explain(rule, made, "zh"), explain(rule, made, "en")
        assert zh[-1] in "。？" and en[-1] in ".?" and not re.search(r"[a-z]+\.[a-z_]+", zh.replace("“", " ")), zh


def test_every_noun_verb_fact_and_selector_of_the_vocabulary_has_its_word():
    assert {name.partition(".")[0] for name in (*ACTS, *FACTS)} - set(words.NOUNS) == set()
    assert {name.partition(".")[2] for name in ACTS} - set(words.VERBS) == set()
    assert {name.partition(".")[2] for name in FACTS} - set(words.TRAITS) == set()
    assert (SELECTORS | OFFICE_POSTS) - set(words.SELECTOR_WORDS) == set()
    assert set(PERIODS) - set(words.PERIOD_WORDS) == set()
    assert {*BOUNDS, "in"} - {*words.BOUND_WORDS, "empty"} == set()
    assert CLOCK_EVENTS - {*words.CLOCK_WORDS, *EVENTS} == set()


def test_every_body_is_said():
    assert {rule.partition(":")[0] for rule, _, _ in SENTENCES} == set(BODIES)


def test_days_that_the_organization_sets_are_said_as_such():
    head = HEAD.replace("clauses:", "defaults: {check.days: {value: 3, may_be: [1, 30]}}\nclauses:")
    rule = DUTY % "within_days: check.days"
    made = load_pack(f'{head}  - {{id: "1", zh: 甲, en: a, rules: [{{{rule}}}]}}\n', "small.yaml")
    assert "within 3 days (the organization may set it)" in explain(made.clauses["1"].rules[0], made, "en")
    head = head.replace("check.days: {value: 3, may_be: [1, 30]}", "tidy.every: {value: month, may_be: [week, month]}")
    rule = "duty: {every: tidy.every, who: [archivist], about: file, done_by: file.bound, by: period-end}"
    tidy = load_pack(f'{head}  - {{id: "1", zh: 甲, en: a, rules: [{{{rule}}}]}}\n', "small.yaml")
    assert "every month (the organization may set it), " in explain(tidy.clauses["1"].rules[0], tidy, "en").lower()
    assert "在3日内（可由单位设定）" in explain(made.clauses["1"].rules[0], made, "zh")


def test_how_long_a_yes_lasts_and_a_bound_are_said_as_left_to_the_organization():
    head = HEAD.replace("clauses:", "defaults: {reply.days: {value: 1, may_be: [1, 30]}}\nclauses:")
    yes = "consent: {act: loan.issue, from: [[director]], lasts_days: reply.days}"
    bound = "forbid: {act: loan.issue, when: {loan.days_out: {over: reply.days}}}"
    made = load_pack(f'{head}  - {{id: "1", zh: 甲, en: a, rules: [{{{yes}}}, {{{bound}}}]}}\n', "small.yaml")
    first, second = made.clauses["1"].rules
    assert "; it lasts 1 day (the organization may set it)" in explain(first, made, "en")
    assert "；同意1天内有效（可由单位设定）" in explain(first, made, "zh")
    assert "1 (the organization may set it)" in explain(second, made, "en")
    assert "1（可由单位设定）" in explain(second, made, "zh")


def test_a_measure_is_said_in_the_packs_own_word():
    head = HEAD.replace("\nposts:", "\nwords: {reprimand: {zh: 书面警告, en: a written warning}}\nposts:", 1)
    rule = "{sanction: {for: {incident: lost}, measure: reprimand, per: file, decided_by: [director]}}"
    made = load_pack(f'{head}  - id: "9"\n    zh: 丢失\n    en: Lost\n    rules: [{rule}]\n', "small.yaml")
    found = made.clauses["9"].rules[0]
    assert "书面警告" in explain(found, made, "zh-hans") and "a written warning" in explain(found, made, "en")


def test_what_a_fine_is_for_is_said_in_the_packs_own_word_in_both_languages():
    head = HEAD.replace("\nposts:", "\nwords: {file: {zh: 车主袋, en: owner's bag}}\nposts:", 1)
    rule = "{sanction: {for: {incident: lost}, fine_cny: 20, per: file, decided_by: [director]}}"
    made = load_pack(f'{head}  - id: "9"\n    zh: 丢失\n    en: Lost\n    rules: [{rule}]\n', "small.yaml")
    found = made.clauses["9"].rules[0]
    assert "按每车主袋建议罚款" in explain(found, made, "zh-hans")
    assert "for each owner's bag" in explain(found, made, "en")


def test_a_value_that_nobody_gave_a_word_is_found_with_its_clauses():
    rule = "require: {act: ticket.open, when: {ticket.kind: [repair, complaint]}, that: {ticket.caller: {empty: 'no'}}}"
    made = pack("show", rule, "classify: {field: ticket.mood, to: angry}")
    assert unspoken(made) == {"complaint": ["2"], "repair": ["2"], "angry": ["3"], "mood": ["3"]}
    words = {one: Text("词", "word") for one in ("complaint", "repair", "angry", "mood")}
    assert unspoken(replace(made, words={**made.words, **words})) == {}


SHIPPED = [path for path in PACKS if path.parent == BOX]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_a_reader_of_a_shipped_pack_sees_no_key_in_a_sentence(path):
    assert unspoken(load_file(path)) == {}
