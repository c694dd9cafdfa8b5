"""The bodies of rules and their keys in plain words, for whoever writes a policy by forms and not as text.

Each is (Chinese, English).  A key means the same in every body unless it stands here with its body: "duty.by".
"""

from __future__ import annotations

from collections.abc import Mapping

from kedang.rulebook.declared_words import DECLARED_KEYS, SORT_WORDS

Pair = tuple[str, str]

BODY_WORDS: Mapping[str, Pair] = {
    "permit": ("准许：谁可以做", "Permit: who may do it"),
    "forbid": ("禁止：谁不得做", "Forbid: who may not do it"),
    "require": ("前提：满足后才能做", "Require: what must hold first"),
    "consent": ("审批：须经谁同意", "Consent: whose yes it needs"),
    "duty": ("应办：谁在期限内完成什么", "Duty: who does what by when"),
    "sanction": ("处罚建议：逾期、缺陷或事故的后果", "Sanction: what is proposed for a breach"),
    "aggravate": ("加重：多次违规时翻倍", "Aggravate: repeated breaches cost more"),
    "repeat": ("责令改正后仍不改正，重复处罚", "Repeat: again while it is not corrected"),
    "reward": ("奖励建议", "Reward: what is proposed for good work"),
    "choose": ("选人：候选人如何确定", "Choose: how candidates are narrowed"),
    "settle": ("定值：某项规定取什么值", "Settle: a thing is given its value"),
    "classify": ("归类：满足条件者归入某类", "Classify: what belongs to a class"),
    "measure": ("统计指标", "Measure: a figure for each period"),
    "declare": ("资料内容：本条规定了哪些资料、栏目", "Declare: the papers and fields that it asks for"),
    "inspect": ("检查项目：巡查时查看", "Inspect: a line on a round"),
    "show": ("原则或定义：只展示", "Show: a principle or definition"),
}

KEY_WORDS: Mapping[str, Pair] = {
    "act": ("行为", "Act"),
    "who": ("谁", "Who"),
    "except_who": ("除外的人", "Except"),
    "when": ("条件（全部满足时适用）", "Conditions (all must hold)"),
    "that": ("须满足", "What must hold"),
    "only": ("其他人一律不可", "Nobody else may"),
    "lifts": ("是哪些条款的例外", "Exception to clauses"),
    "grade": ("可看到的等级", "Up to the grade"),
    "from": ("经谁同意（依次）", "Of whom, step by step"),
    "lasts_days": ("同意有效天数", "The yes lasts (days)"),
    "until": ("同意有效至", "The yes lasts until"),
    "uses": ("同意可用次数", "The yes serves (times)"),
    "proof": ("凭证", "Proof"),
    "self": ("审批人即申请人时", "When the asker would answer"),
    "after": ("在什么之后", "After"),
    "every": ("每隔", "Every"),
    "when_true": ("一旦满足", "As soon as this holds"),
    "about": ("针对", "About"),
    "done_by": ("以什么为完成", "Done by"),
    "reach": ("以哪个节点为完成", "Done by the milestone"),
    "within_working_days": ("期限：工作日", "Within working days"),
    "within_days": ("期限：日历日", "Within days"),
    "within_months": ("期限：月", "Within months"),
    "within_years": ("期限：年", "Within years"),
    "within_hours": ("期限：小时", "Within hours"),
    "within_minutes": ("期限：分钟", "Within minutes"),
    "by": ("最晚", "At the latest"),
    "in": ("时间段（月-日）", "Window (month-day)"),
    "duty.from": ("自哪一天起算", "Counted from"),
    "series": ("逐次期限", "Time of each in turn"),
    "done_when": ("完成时须满足", "It counts as done when"),
    "drops_on": ("发生什么后不再需要", "Falls away after"),
    "early": ("提前完成", "Done before it begins"),
    "opens": ("完成后接着适用的条款", "Clauses that follow then"),
    "instead_of": ("代替的条款", "Instead of clauses"),
    "duty.besides": ("期限与哪些条款并行", "Its time runs beside that of"),
    "needs": ("需要的内容", "What it needs"),
    "for": ("针对", "For"),
    "sanction.for": ("违规", "Breach"),
    "choose.for": ("行为", "Act"),
    "reward.for": ("事由", "Reason"),
    "per": ("每", "Per"),
    "decided_by": ("由谁决定", "Decided by"),
    "fine_cny": ("罚款（元）", "Fine (yuan)"),
    "fine_cny_from": ("罚款自（元）", "Fine from (yuan)"),
    "fine_cny_to": ("罚款至（元）", "Fine to (yuan)"),
    "pay_share_percent_from": ("扣绩效自（%）", "Share of pay from (%)"),
    "pay_share_percent_to": ("扣绩效至（%）", "Share of pay to (%)"),
    "measure": ("其他措施", "Other measure"),
    "besides": ("与哪些条款并罚", "Besides clauses"),
    "counts": ("计入", "What counts"),
    "aggravate.for": ("只计并加重哪种违规（不填为全部）", "Only these breaches count and cost more (else all)"),
    "aggravate.in": ("计数范围", "Counted within"),
    "aggravate.within_days": ("或最近若干天内", "Or within the last days"),
    "from_nth": ("自第几次起", "From which time on"),
    "multiply": ("乘以", "Times"),
    "repeat.after": ("在什么之后", "After"),
    "every_working_days": ("每隔（工作日）", "Every (working days)"),
    "repeat.until": ("直到", "Until"),
    "amount": ("金额", "Amount"),
    "adds_to_count": ("计入次数", "Adds to the count"),
    "amount_cny": ("金额（元）", "Amount (yuan)"),
    "rank": ("先后次序", "Rank"),
    "pick": ("选定", "Pick"),
    "keep": ("只留下", "Keep only"),
    "order_by": ("按什么排序", "Order by"),
    "share_percent": ("分给其中（%）", "Share (%)"),
    "free": ("由谁自定", "Free choice of"),
    "reason": ("理由", "Reason"),
    "key": ("规定什么", "What is settled"),
    "value": ("取值", "Its value"),
    "field": ("哪一项", "Field"),
    "to": ("归为", "Class"),
    "name": ("指标名称（小写字母、数字、连字符）", "Name (lower-case letters, digits, hyphens)"),
    "of": ("统计什么", "Figure"),
    "measure.by": ("按什么分组", "Grouped by"),
    "over": ("统计对象", "Over"),
    "frozen": ("期末固定", "Frozen at the end"),
    "refs": ("资料、栏目、登记簿等", "Papers, fields, registers"),
    "round": ("检查类别", "Round"),
    "line": ("检查什么", "What is looked at"),
}

GROUP_WORDS: Mapping[str, Pair] = {
    "posts": ("指定岗位", "A named post"),
    "head_of": ("部门负责人", "The head of a department"),
    "superior_of": ("直属上级", "The superior of"),
    "unit": ("部门人员", "Anybody of a department"),
    "roles": ("档案所属人等角色", "Whoever has a role on the file"),
    "people": ("客户本人、当事人等", "The customer and others"),
    "office": ("通用岗位", "Posts of every office"),
    "event": ("所发生的事", "What happened"),
    "clock": ("时间", "The clock"),
    "milestones": ("节点", "Milestones"),
    "others": ("其他", "Others"),
    "late": ("逾期", "Late under a clause"),
    "defect": ("资料缺陷", "Defect of a paper"),
    "incident": ("事故", "Incident"),
    "fields": ("栏目", "Fields"),
    "dates": ("日期", "Dates"),
}

OP_WORDS: Mapping[str, Pair] = {
    "in": ("为", "is"),
    "not_in": ("不是", "is not"),
    "at_least": ("不少于", "is at least"),
    "at_most": ("不超过", "is at most"),
    "over": ("超过", "is over"),
    "under": ("少于", "is under"),
    "contains": ("包括", "contains"),
    "empty": ("没有内容（是或否）", "is empty (yes or no)"),
    "distinct_at_least": ("至少几位不同的人", "different people, at least"),
    "without": ("中没有（另一事实）", "none of them is (another fact)"),
    "differs_from": ("不同于（另一事实）", "differs from (another fact)"),
}

CHOICE_VALUES: Mapping[str, Pair] = {
    "counts": ("算完成", "counts"),
    "required": ("必须", "required"),
    "optional": ("可选", "optional"),
    "superior": ("由其上级同意", "his superior answers"),
    "forbidden": ("不得自批", "he may not answer himself"),
    "imposed": ("已决定的", "those imposed"),
    "proposed": ("已提出的", "those proposed"),
    "calendar-month": ("一个月内", "one month"),
    "same": ("与原来相同", "the same"),
}

# for each of which a sanction is proposed
PER_VALUES: Mapping[str, Pair] = {
    "item": ("项", "item"),
    "piece": ("件", "piece"),
    "file": ("份档案", "file"),
    "job": ("次业务", "job"),
    "loan": ("次借阅", "loan"),
    "incident": ("次事故", "incident"),
    "month": ("月", "month"),
}

# by what a figure can be grouped, and over what it is taken, besides what the policy declares
COLUMN_VALUES: Mapping[str, Pair] = {
    "person": ("人员", "person"),
    "unit": ("部门", "department"),
    "branch": ("下属单位", "branch"),
    "file": ("档案", "file"),
    "customer": ("客户", "customer"),
    "kind": ("种类", "kind"),
    "group": ("类目", "group"),
    "line": ("清单项目", "line"),
    "floor": ("楼层", "floor"),
    "region": ("区域", "region"),
}
TABLE_VALUES: Mapping[str, Pair] = {
    "duties": ("待办", "duties"),
    "handovers": ("移交", "handovers"),
    "records": ("文件", "records"),
    "loans": ("借阅", "loans"),
    "breaches": ("违规", "breaches"),
    "files": ("档案", "files"),
    "payments": ("款项", "payments"),
    "tickets": ("工单", "tickets"),
    "defects": ("缺陷", "defects"),
    "requests": ("请求", "requests"),
    "contacts": ("联系", "contacts"),
    "reads": ("查阅", "readings"),
    "allocations": ("分配", "allocations"),
    "jobs": ("业务", "jobs"),
    "people": ("人员", "people"),
    "customers": ("客户", "customers"),
    "incidents": ("事故", "incidents"),
}

TIME_HINT: Pair = (
    "天数填整数；制度留给单位设定的，填其设定项。月-日写作 06-30。",
    "Days are a whole number, or a setting that the policy leaves open. A day of the year is month-day, as 06-30.",
)
HINTS: Mapping[str, Pair] = {
    "duty.after": ("“在什么之后、每隔、一旦满足”三者只填一项。", "Fill in exactly one of after, every, as soon as."),
    "duty.done_by": ("完成的行为与节点只填一项。", "Fill in exactly one of the two ways of being done."),
    "duty.within_working_days": (
        "期限只填一项：工作日、日历日、小时、分钟、最晚或时间段；另有逐次期限的除外。",
        "Fill in exactly one time: working days, days, hours, minutes, at the latest, or a window, "
        "unless each in turn has its own.",
    ),
    "sanction.fine_cny": (
        "只填一种：罚款、罚款幅度、扣绩效幅度或其他措施。",
        "Fill in exactly one: a fine, its range, a range of pay, or another measure.",
    ),
    "choose.pick": ("选定、只留下、排序、分给、自定只填一项。", "Fill in exactly one way of choosing."),
    "aggravate.in": ("计数范围与天数只填一项。", "Fill in exactly one of the two windows."),
    "consent.from": ("每一步只需其中一人同意；也可要求全体同意。", "Of each step one suffices, or all of them."),
}


def key_words(body: str, key: str) -> Pair:
    """A key of a body or of a thing; raises KeyError for one that nobody has named."""
    if body in SORT_WORDS:
        return DECLARED_KEYS.get(f"{body}.{key}") or DECLARED_KEYS[key]
    return KEY_WORDS.get(f"{body}.{key}") or KEY_WORDS[key]
