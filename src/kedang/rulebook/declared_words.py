"""What a pack declares before its clauses, in plain words: the sorts of things, their keys and their choices."""

from __future__ import annotations

from collections.abc import Mapping

Pair = tuple[str, str]

SORT_WORDS: Mapping[str, Pair] = {
    "posts": ("岗位", "Post"),
    "units": ("部门", "Department"),
    "files": ("档案种类", "Kind of file"),
    "fields": ("栏目", "Field"),
    "roles": ("档案上的角色", "Role on the file"),
    "milestones": ("节点", "Milestone"),
    "parts": ("档案的部分", "Part of the file"),
    "jobs": ("业务", "Job"),
    "kinds": ("业务种类", "Kind of job"),
    "records": ("资料种类", "Kind of record"),
    "checklists": ("资料清单", "Checklist"),
    "lines": ("清单项目", "Line of the checklist"),
    "registers": ("登记簿", "Register"),
    "defects": ("资料缺陷", "Defect of a paper"),
    "incidents": ("事故", "Incident"),
    "rounds": ("检查", "Round"),
    "segments": ("客户类别", "Group of customers"),
    "words": ("用词", "Word of the trade"),
    "defaults": ("留给单位设定的值", "Value left to the organization"),
}

SORT_HINTS: Mapping[str, Pair] = {
    "posts": ("谁来做事；条款按岗位规定谁可以、谁应办。", "Who acts: clauses permit and oblige posts."),
    "units": ("岗位所属的部门及其负责岗位。", "To which posts belong, and which post leads each."),
    "files": ("一份档案关于什么，有哪些栏目、角色、节点。", "What a file is about, with fields, roles, milestones."),
    "records": ("档案里放什么资料、表单。", "The papers and forms that lie in files."),
    "checklists": ("哪些资料到齐才算齐全。", "Which papers make a file complete."),
    "registers": ("按制度要设的登记簿。", "The books that the policy keeps."),
    "defects": ("资料可能有的毛病，处罚条款可以引用。", "What may be wrong with a paper; sanctions name it."),
    "incidents": ("可能出的事，处罚条款可以引用。", "What may go wrong; sanctions name it."),
    "rounds": ("定期去看什么；检查项目归在其下。", "What is looked at regularly; inspections belong to it."),
    "segments": ("客户分哪几类。", "The classes of customers."),
    "words": ("本行业把“客户”“档案”等叫什么。", "What the trade calls a customer, a file and so on."),
    "defaults": ("制度没有写死、由单位在范围内自定的值。", "What an organization may choose within bounds."),
}

DECLARED_KEYS: Mapping[str, Pair] = {
    "key": ("代号", "Key"),
    "zh": ("中文名称", "Name in Chinese"),
    "en": ("英文名称", "Name in English"),
    "head": ("负责岗位", "Led by the post"),
    "unit": ("所属部门", "Department"),
    "reports_to": ("直属上级", "Reports to"),
    "is": ("通用岗位权限", "Rights of the common posts"),
    "post": ("由哪个岗位担任", "Held by the post"),
    "one_per": ("一份档案对应一个", "One file for each"),
    "one_until": ("到哪个节点为止", "Until this milestone"),
    "date": ("日期的代号", "Key of its date"),
    "fields.type": ("填什么", "Type"),
    "records.type": ("类型", "Type"),
    "made_by": ("由哪一步生成", "Made by the act"),
    "grade": ("保密等级", "Grade"),
    "find": ("怎样查找", "How it is found"),
    "strength": ("是否必填", "How strongly it is asked"),
    "lines.strength": ("是否必备", "How strongly it is asked"),
    "choices": ("选项", "Choices"),
    "part": ("属于档案的哪一部分", "Part of the file"),
    "checklists.file": ("用于哪种档案", "For the kind of file"),
    "job": ("用于哪种业务", "For the job"),
    "kind": ("用于哪种业务种类", "For the kind of job"),
    "any_of": ("有其中一种资料即可", "One of these records suffices"),
    "form": ("原件还是复印件", "Original or copy"),
    "sides": ("面数", "Sides"),
    "signed_by": ("由谁签字", "Signed by"),
    "inspection": ("检查类资料", "A paper of an inspection"),
    "when": ("何时需要", "When it is asked"),
    "default": ("出处说明", "Where it comes from"),
    "value": ("制度取值", "The policy's own value"),
    "may_be": ("可选范围", "What it may be"),
}

DECLARED_HINTS: Mapping[str, Pair] = {
    "key": (
        "小写字母、数字、连字符，如 front-desk；存盘后不再改，规则和数据都按它找。",
        "Lower-case letters, digits, hyphens, like front-desk. Rules and data go by it; it is not changed later.",
    ),
    "defaults.key": (
        "写作“事项.名称”，如 loan.period_days；以 days 结尾的是天数，以 every 结尾的是周期。",
        "Write thing.name, like loan.period_days; one that ends in days is a number of days, in every a period.",
    ),
    "words.key": ("被称呼的事项，如 customer、file。", "What is called so, like customer or file."),
    "is": (
        "不选则只有条款准许的事可做。",
        "With none, the post may do only what a clause permits.",
    ),
    "find": ("留空即不可查找。", "Left empty: not at all."),
    "strength": ("留空即应有：没有就算不齐。", "Left empty: it counts as missing."),
    "roles.post": ("可选几个；由其中任一岗位的人担任。", "There may be several; one person of any of them."),
    "roles.strength": (
        "可有可无：建档时可空缺，以后再指定。",
        "Optional: it may stay open until somebody is put into it.",
    ),
    "may_be": ("数字填最小和最大两个；其他逐个列出。", "Of a number its two bounds, else each value."),
    "fields.type": ("选“单选”或“多选”时在下面写选项。", "For one or several choices, write them below."),
    "grade": (
        "个人：每次打开都留痕；机密：逐项说明用途才显示。",
        "Personal: each reading is logged. Secret: shown for a purpose.",
    ),
    "made_by": (
        "留空即在资料清单上录入；由系统另行生成的（如借阅单）选那一步。",
        "Left empty: it is entered on a checklist. Choose the act that makes it, as of a loan slip.",
    ),
    "any_of": ("留空表示与代号同名的那种资料。", "Left empty: the record that bears the line's key."),
    "date": (
        "留空则按节点代号取名；期限可自这一天起算。",
        "Left empty: named after the milestone. Times count from it.",
    ),
}

DECLARED_CHOICES: Mapping[str, Pair] = {
    "text": ("短文字", "a short text"),
    "long-text": ("长文字", "a long text"),
    "name": ("姓名或名称", "a name"),
    "phone": ("电话（手机或座机）", "a telephone number"),
    "mobile": ("手机号", "a mobile number"),
    "landline": ("座机号", "a landline number"),
    "email": ("电子邮箱", "an e-mail address"),
    "address": ("地址", "an address"),
    "vin": ("车架号", "a frame number"),
    "plate": ("车牌号", "a number plate"),
    "id-number": ("身份证号", "an identity number"),
    "uscc": ("统一社会信用代码", "a unified social credit code"),
    "identity": ("身份证件", "an identity paper"),
    "date": ("日期", "a date"),
    "lunar-date": ("农历日期", "a lunar date"),
    "number": ("数字", "a number"),
    "money": ("金额", "an amount of money"),
    "yes-no": ("是或否", "yes or no"),
    "choice": ("单选", "one choice"),
    "many": ("多选", "several choices"),
    "photo": ("照片", "a photo"),
    "signature": ("签字", "a signature"),
    "customer": ("客户", "a customer"),
    "document": ("文件", "a document"),
    "certificate": ("证书、证照", "a certificate"),
    "form": ("表单", "a form"),
    "drawing": ("图纸", "a drawing"),
    "audio": ("录音", "a sound recording"),
    "video": ("录像", "a video"),
    "object": ("实物", "an object"),
    "electronic": ("电子文件", "an electronic file"),
    "exact": ("按全文", "by the whole value"),
    "tail-4": ("按后四位", "by its last four"),
    "none": ("不可查找", "not at all"),
    "gate": ("必填：不填不能保存", "nothing is saved without it"),
    "complete": ("应有：没有就算不齐", "it counts as missing"),
    "optional": ("可有可无", "optional"),
    "original": ("原件", "the original"),
    "copy": ("复印件", "a copy"),
    "unspecified": ("都可以", "either"),
    "asked": ("由经办人说明这次是否需要", "whoever is at it says whether it arises"),
    "find.name": ("按姓名", "by name"),
}


def declared_choice(key: str, value: str) -> Pair | None:
    """A choice of a key of a thing, if it has words of its own."""
    return DECLARED_CHOICES.get(f"{key}.{value}") or DECLARED_CHOICES.get(value)


def declared_hint(sort: str, key: str) -> Pair | None:
    """What is said beneath a key of a thing."""
    if sort not in SORT_WORDS:
        return None
    return DECLARED_HINTS.get(f"{sort}.{key}") or DECLARED_HINTS.get(key)
