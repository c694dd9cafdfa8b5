"""What the loader says, in Chinese.

Each pattern is the loader's English sentence with `*` for what varies; `{1}`, `{2}` … stand for these in the Chinese. A
test compares the list with the sentences of the loader, so that none stays English.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SAID = """
a rule is one body, like '- duty: {…}' or '- show' | 一条规则只有一种类型
'*' is not a rule body; * | “{1}”不是规则类型；{2}
'from' is a list of steps, each a list of people, like [[general-manager]] | 审批至少要有一步，每步至少一人
a consent has no '*': * | 审批没有“{1}”一项
a duty says its time by exactly one of * | 期限只填一项：工作日、日历日、小时、分钟、最晚或时间段
'in' is a window of two dates, like [06-01, 06-30] | 时间段要填起止两天，如06-01和06-30
'series' maps a number to days, like {1: 3, 2: 30}; '*' is no number | 逐次期限要填次序和天数；“{1}”不是数字
a duty opens by exactly one of after, every, when_true | “在什么之后、每隔、一旦满足”只填一项
a duty is discharged by exactly one of done_by, reach | 完成的行为与节点只填一项
a sanction is exactly one of * | 处罚只填一种：罚款、罚款幅度、扣绩效幅度或其他措施
a range needs both its ends, …_from and …_to | 幅度要填起点和终点
'for' is one of {late: clause}, {defect: kind}, {incident: kind} | 请选择对什么处罚：逾期、资料缺陷或事故
'*' is not a breach; write late, defect or incident | “{1}”不是违规；应为逾期、资料缺陷或事故
aggravate counts in exactly one of 'in: calendar-month' and 'within_days' | 计数范围与天数只填一项
choose does exactly one of * | 选定、只留下、排序、分给、自定只填一项
settle gives exactly one thing its value, like {loan.period_days: 7} | 请填写规定什么、取什么值
inspect needs its 'line' in both languages: {zh: …, en: …} | 检查项目要用中文和英文写
a case file is a list of cases, each with a name | 用例文件是一份用例清单，每个用例有名称
write a list here, one line for each thing that happens | 这里要写成清单，每件事一行
* needs one of the keys * | {1}须有其中一项：{2}
'*' does not stand under 'people'; * | “{1}”不在用例的人员之中；请先写明其岗位
'*' is not an event; * | “{1}”不是已知的事项；{2}
'*' is not an act; * | “{1}”不是已知的行为；{2}
'*' needs a map that says which breach, like * | “{1}”须写明是哪项违规
'decides' needs * | 处理决定须写明是否处罚
'*' is not a fact; * | “{1}”不是已知的事实；{2}
no clause '*' stands in this pack; * (of the common rules: '*') | 本制度没有第{1}条；{2}；通用规则的写作“{3}”
no clause '*' stands in this pack; * | 本制度没有第{1}条；{2}
'*' belongs into the map of '*' * | “{1}”应写在“{2}”之下
'*' belongs into the map of '*' | “{1}”应写在“{2}”之下
'*' belongs into the map of 'breach', like * | “{1}”应写在违规之下
'*' is not a day; write 2026-03-02 | “{1}”不是日期；写作2026-03-02
'*' is not an hour of the day; write * | “{1}”不是钟点；写作at: "09:30"
'*' is a number, not '*'; its unit stands in its name | “{1}”是数字，不是“{2}”
no post '*' is declared in this pack; * | 本制度没有岗位“{1}”；{2}
no unit '*' is declared in this pack; * | 本制度没有部门“{1}”；{2}
no * '*' is declared in this pack; * | 本制度没有“{2}”；{3}
'*' is a list and has no bound '*'; write * | “{1}”是清单，不能比较大小；请用“至少几位不同的人”或“没有内容”
'*' is * and has no bound '*'; write * | “{1}”不能比较大小；请用“为”或“不是”
'*' is yes or no, not * | “{1}”只能是“是”或“否”，不能是“{2}”
'*' is not a milestone; * | “{1}”不是节点；{2}
'*' is not a date; * | “{1}”不是日期；{2}
'*' carries no id of a '*', so nothing keeps this duty; it carries: * | “{1}”不带“{2}”的编号，待办无从办结；可用：{3}
the default '*' must be a whole number to give a time or a bound | 设定项“{1}”须是整数，才能用作期限或界限
'*' is counted in *; name a default whose key ends so, not '*' | “{1}”以{2}计；设定项的名称须以此结尾，不能用“{3}”
'by: period-end' needs the period of 'every' | “期末前”需要先填“每隔”
'*' is declared nowhere in this pack; write * | 本制度没有“{1}”这项资料、栏目或登记簿
'*' is nobody this pack knows; * | 本制度不认识“{1}”这个人或岗位；{2}
what comes round is about one of *; about '*' this duty would never open | 定期的待办只能针对{1}；针对“{2}”的不会出现
'*' is no day of the year; write month and day, like 06-30 | “{1}”不是月-日；写作06-30
'*' is no last day; * (or one of: *, 06-30, a date) | “{1}”不能作最晚的日子；{2}；可用：{3}、月-日、日期
the default '*' must be a period: * | 设定项“{1}”须是周期
clause '*' opens no duty, so nobody can be late under it | 第{1}条没有规定应办的期限，谈不上逾期
"*" is no numbering pattern; write it like * | “{1}”不是编号规则；写作“{year}-{seq:4}”
'*' is nothing that is given a value; * (or write *) | “{1}”不是可以规定取值的事项；{2}或列入defaults
'*' is a post, and '*' compares people; * | “{1}”是岗位，这里比较的是人
a condition is a flat map of facts, like {file.kind: contract} | 条件是“事实、比较、值”
'empty' is yes or no | “没有内容”只能填“是”或“否”
a list of values holds single values only | 多个值之间用顿号隔开
'*' needs a whole number; the unit stands in the name of the fact | 这里须填整数；单位已写在事实名称里
'*' is not a bound; * | “{1}”不是比较方式；{2}
'lines' is a list of checklist lines | 清单要有项目
the checklist line '*' stands twice | 清单项目“{1}”重复
language * is newer than this program reads; write language: 1 | 制度格式版本{1}比本程序新；请写language: 1
'clauses' is a list: '- id: "1.1"' and so on | 制度至少要有一条
write the clause id in quotes: * | 条款编号须加引号
'rules' is a list of at least one rule; a principle has '- show' | 每条至少一条规则；原则或定义选“只展示”
the clause '*' stands twice (first in line *) | 第{1}条已经存在，条款编号不能重复
'*' is not a clause id; write the policy's own number, like "7.4.1a" | “{1}”不是条款编号；写制度自己的编号，如7.4.1a
the file has * bytes; at most * are read | 文件有{1}字节，最多读取{2}字节
more than * values; split the pack | 内容超过{1}项；请拆分
an anchor &*; anchors are not read, write the value out | 不能使用锚点&{1}；请写出内容
a tag *; tags are not read, remove it | 不能使用标签{1}；请删去
the day * lies outside the years * to * | 日期{1}不在{2}年至{3}年之间
this case lasts * days; at most * | 该用例历时{1}天，最多{2}天
the cases up to here last * days; at most * in all | 到此为止各用例共历时{1}天，合计最多{2}天
no calendar '*' is known; write one of: * | 没有日历“{1}”；可用：{2}
'*' is not a time zone; write one like Asia/Shanghai | “{1}”不是时区；写如Asia/Shanghai
a clause id of * characters is too long; write the policy's own number | 条款编号有{1}个字符，过长；写制度自己的编号
'*' has * characters; at most * | “{1}”有{2}个字符，最多{3}个
the default '*' lies outside its own 'may_be'; write the lower bound first | “{1}”的默认值不在may_be范围内；下限在前
a text of * characters; at most * | 文字有{1}字，最多{2}字
the file is empty; a pack begins with 'pack: its-name' | 文件是空的
this is not YAML: a colon stands where none may; * | 不是YAML：此处不能有冒号；含冒号的文字请加引号，或与上下各行对齐
this is not YAML: a brace or bracket does not close; * | 不是YAML：括号没有合上；含冒号的文字请加引号，或补上逗号、括号
this is not YAML: *; check indentation, quotes and brackets | 不是YAML：{1}；请检查缩进、引号和括号
the file is not UTF-8; save it as UTF-8 | 文件不是UTF-8编码；请另存为UTF-8
an invisible or direction-changing character *; remove it | 含有不可见或改变书写方向的字符{1}；请删去
a second document begins here; one pack is one document, remove '---' | 一份制度只能有一个文档；请删去“---”
an alias **; aliases are not read, write the value out | 不能使用别名；请写出内容
nested deeper than * levels; no pack needs that | 嵌套超过{1}层
a key must be a plain word, not a list or a map | 键必须是单个词
the key '*' stands twice (first in line *); keep one | “{1}”写了两遍（先见第{2}行）；请留一处
* must be a map of keys, not * | {1}的写法不对：应为“名称: 内容”各占一行
* lacks '*' | {1}缺少“{2}”
'*' must be a single value, not * | “{1}”只能填一个值
'*: *' must be a whole number; its unit stands in the key | “{2}”须是整数；单位已写在名称里
'*: *' must be at most * | 至多为{3}，不能是{2}
'*: *' must be at least * | 至少为{3}，不能是{2}
'*' must be an amount in yuan like 50 or 49.50, without unit or comma | 金额以元计，写作50或49.50，不带单位和逗号
'*' must be a map of names, not * | “{1}”的写法不对
'*' is not an id: lower-case letters, digits, hyphens | “{1}”须用小写字母、数字和连字符
'*' is not a value of '*'; * | “{1}”不是“{2}”的取值；{3}
* has no key '*'; * | {1}没有“{2}”这一项；{3}
"""
_HINTS = """
did you mean '*'? | 是不是“{1}”？
write one of: * | 可用：{1}
see the README of policies for the words | 请从列表中选择
the pack | 制度文件
the case file | 用例文件
a clause | 条款
clause * | 第{1}条
a case | 用例
a step | 审批的一步
a checklist line | 清单的一行
default '*' | 设定项“{1}”
units '*' | 部门“{1}”
posts '*' | 岗位“{1}”
files '*' | 档案种类“{1}”
roles '*' | 角色“{1}”
milestones '*' | 节点“{1}”
jobs '*' | 业务“{1}”
parts '*' | 部分“{1}”
fields '*' | 栏目“{1}”
choices '*' | 选项“{1}”
records '*' | 资料“{1}”
checklists '*' | 清单“{1}”
registers '*' | 登记簿“{1}”
defects '*' | 缺陷“{1}”
incidents '*' | 事故“{1}”
rounds '*' | 检查“{1}”
segments '*' | 分组“{1}”
"""


def patterns(table: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The lines of a table: what an English sentence looks like, and the Chinese one."""
    found = []
    for line in table.strip().splitlines():
        english, _bar, chinese = line.partition(" | ")
        found.append((re.compile(re.escape(english).replace(r"\*", "(.+?)") + r"\Z", re.DOTALL), chinese))
    return tuple(found)


SAID, HINTS = patterns(_SAID), patterns(_HINTS)


def known(message: str) -> bool:
    """Whether a sentence of the loader has a Chinese one."""
    return any(pattern.match(message) for pattern, _chinese in SAID)


@lru_cache(maxsize=512)
def in_chinese(message: str) -> str:
    """A sentence of the loader in Chinese; one that nobody has written stays as it is."""
    for pattern, chinese in SAID:
        found = pattern.match(message)
        if found:
            parts = [_hint(part or "") for part in found.groups()]
            for number, part in enumerate(parts, 1):
                chinese = chinese.replace(f"{{{number}}}", part)
            return chinese.rstrip("；")
    return message


def _hint(part: str) -> str:
    for pattern, chinese in HINTS:
        found = pattern.match(part)
        if found:
            return chinese.replace("{1}", found[1] if found.groups() else "")
    return part
