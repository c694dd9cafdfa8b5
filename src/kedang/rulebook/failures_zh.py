"""Why a case fails and what clashes, in Chinese.

As in `faults_zh`, each pattern is the English sentence with `*` for what varies. In the Chinese, `{1}` is the first of
these as it stands and `{1:kind}` what it is called: see `_KINDS`. A test compares the list with the sentences of the
rulebook, so that none stays English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from kedang.rulebook.declared_words import DECLARED_CHOICES
from kedang.rulebook.faults_zh import patterns
from kedang.rulebook.naming import Namer

_SAID = """
*; make them alike or give one a new key in your own edition | {1:seen}；请改成一致，或在自己的版本里给其中一个换代号
the answer is *, not * (*) | 结果是{1:verdict}，不是{2:verdict}（{3:seen}）
something is lacking (*) | 仍有缺少的（{1:seen}）
'*' is not lacking (*) | 并不缺少“{1:fact}”（{2:seen}）
'*' is not asked (*) | 不须{1:who}同意（{2:seen}）
clauses took part: * | 起作用的有：{1:clauses}
clause * took no part; these did: * | 第{1}条没有起作用；起作用的有：{2:clauses}
there is such a *; * | 有这样的{1:what}；{2:seen}
there are * such, not *; * | 这样的有{1}项，不是{2}项；{3:seen}
there is no such *; * | 没有这样的{1:what}；{2:seen}
visible is * for * | 能否看到（{2:right}）：{1:word}
no clause measures '*' | 没有条款统计“{1}”
the figure is * of * | 算出的数是{1}，总数{2}
the figure is * | 算出的数是{1:word}
no such reward for *; these clauses speak of one: * | 没有这样的奖励；说到“{1}”奖励的有：{2:clauses}
'*' needs 'when: {*: …}' | 结果“{1}”须与“when: {2}”同用
'*: *' is not a number | “{2}”不是数字
it says that it proves *, but no rule of that clause took part in the result | 该用例证明不了第{1}条：其规则没起作用
rules on * need facts that nobody said: *; * | {1:act}的规则还要看这些事实，用例没有写明：{2:facts}
the fact '*' is needed and was not given; * | 须写明这项事实：{1:fact}
the fact '*' is needed and was not given | 须写明这项事实：{1:fact}
line *: say 'on' which day it happened | 第{1}行：须写明发生在哪一天
line *: the steps stand in the order of time, * comes before * | 第{1}行：各步按时间先后排列，{2}早于{3}
line *: clause * asks nobody for consent | 第{1}行：第{2}条没有要求任何人同意
line *: no duty of clause * is open on * | 第{1}行：{3}没有第{2}条的未了待办
line *: there is no such breach on * | 第{1}行：{2}没有这样的违规
cannot count * working days back | 不能往前数{1}个工作日
* carries no id of a '*', which * is about | {1:event}没有写明是哪一项“{2}”，而{3:clause}针对它
duty.extended needs a date in duty.due_on, found * | 延期须写明新的期限，所写的是{1}
two values for *, * and * | {1:fact}有两个取值：{2:word}和{3:word}
two consents for *; both are asked | {1:act}须分别征得同意，两处都要征得
two sanctions for * * per * | 对同一{1:what}有两种处理：{2:subject}
two times for one duty | 同一待办有两个期限
chosen are * | 选出的是：{1:word}
* by *: * | {2:who}{1:act}：{3:said}
* is *, not * | {1:fact}为{2:word}，不是{3:word}
"""
_SEEN = """
there is one file '*' per '*' in one policy, per '*' in the other | “{1:name}”按什么建档：一为“{2:per}”，一为“{3:per}”
the next file '*' follows '*' in one policy, '*' in the other | 再建一份“{1:name}”的节点：一为“{2:per}”，一为“{3:per}”
the day of '*' is called '*' in one policy, '*' in the other | 节点“{1:name}”的日期叫法：一为“{2}”，一为“{3}”
the field '*' has type '*' in one policy, '*' in the other | 栏目“{1:name}”的类型：一为“{2:type}”，一为“{3:type}”
the paper '*' has type '*' in one policy, '*' in the other | 资料“{1:name}”的类型：一为“{2:type}”，一为“{3:type}”
the list '*' is for '*' in one policy, for '*' in the other | 清单“{1:name}”用于：一为“{2:jobs}”，一为“{3:jobs}”
the line '*' takes '*' in one policy, '*' in the other | 清单项目“{1}”收的资料，两个制度不同
the line '*' wants '*' in one policy, '*' in the other | 清单项目“{1:name}”要求：一为{2:type}，一为{3:type}
duties are: * | 待办有：{1:seen}
breaches are: * | 违规有：{1:seen}
none of that clause and thing | 没有该条款、该事项的待办
none of that clause: that of * takes its place, * | 没有：{1:clauses}规定同一些人的同一行为，取代了它
none of that clause and thing, though * is given: * | 没有：虽有{1:events}，但条件或针对的事项不符
none yet; it opens after *, and no such event is given for that thing | 尚无；{1:events}之后才有，而用例中没有这件事
none yet; what comes round opens * | 尚无；定期的待办从用例第一天之后的下一期起才有，请先写一行上期最后一天的事
no breach of that kind | 没有该类违规
no clause permits it to this person: where that is meant otherwise, write a 'permit' | 没有条款允许此人，须另加规则
clauses none | 没有条款起作用
clauses * | 条款：{1:clauses}
to ask: * | 须征得{1:people}同意
lacking * under *, found '' | 按{2:clause}缺少“{1:fact}”
lacking * under *, found '*' | 按{2:clause}缺少“{1:fact}”，现为“{3:found}”
* of the post * about *, due *, * | {1:clause}：岗位{2:people}，期限{4}，{5:status}
* of * about *, due *, * | {1:clause}：{2:people}，期限{4}，{5:status}
* by * on * (*): nothing is proposed | {1:subject}：{2:people}，{3}，没有处理建议
* by * on * (*): * if the earlier ones are imposed | {1:subject}：{2:people}，{3}，{5:sums}（以先前各项已处理为准）
* by * on * (*): * | {1:subject}：{2:people}，{3}，{5:sums}
* to * (*), decided by * | {1}至{2}（{3:clauses}），由{4:people}决定
* (*), decided by * | {1}（{2:clauses}），由{3:people}决定
"""
_VERDICTS = {"yes": "允许", "no": "不允许", "ask": "须经同意"}
_WHAT = {"duty": "待办", "sanction": "处理", "late": "逾期", "defect": "资料缺陷", "incident": "事故"}
_RIGHTS = {"find": "查到", "read": "阅读", "reveal": "看明文"}
_STATUSES = {"open": "未了", "late": "已逾期", "kept": "按时完成", "kept_late": "逾期后完成", "dropped": "不再需要"}
_PER = {"customer": "客户", "none": "无"}
_WORDS = {"yes": "是", "no": "否", "none": "无"}

SAID, SEEN = patterns(_SAID), patterns(_SEEN)
_PLACE = re.compile(r"\{(\d)(?::(\w+))?\}")


def known(message: str) -> bool:
    """Whether a sentence has a Chinese one."""
    return any(pattern.match(message) for pattern, _chinese in (*SAID, *SEEN))


def why_in_chinese(message: str, namer: Namer, people: Mapping[str, str] | None = None) -> str:
    """Why a case fails, or what clashes, in Chinese; a sentence that nobody has written stays as it is.

    ``people`` are the names of the case's persons by their keys, where they have others.
    """
    return _Teller(namer, people or {}).said(message)


class _Teller:
    """Says sentences with the names of one pack."""

    def __init__(self, namer: Namer, people: Mapping[str, str]) -> None:
        self.namer = namer
        self.people = people
        self.kinds: Mapping[str, Callable[[str], str]] = {
            "verdict": lambda part: _VERDICTS.get(part, part),
            "what": lambda part: _WHAT.get(part, part),
            "right": lambda part: _RIGHTS.get(part, part),
            "status": lambda part: _STATUSES.get(part, part),
            "word": lambda part: _WORDS.get(part) or namer.value(part),
            "found": lambda part: "、".join(self.kinds["word"](one) for one in part.split(", ")),
            "name": namer.name,
            "per": lambda part: _PER.get(part) or namer.name(part),
            "type": lambda part: DECLARED_CHOICES[part][0] if part in DECLARED_CHOICES else part,
            "jobs": lambda part: "档案本身" if part == "file" else "·".join(namer.name(one) for one in part.split()),
            "act": namer.act,
            "event": namer.event,
            "events": lambda part: namer.any_of(namer.event(one) for one in part.split(" or ")),
            "fact": namer.fact,
            "facts": lambda part: "、".join(namer.fact(one) for one in part.split(", ")),
            "clause": namer.clause,
            "clauses": lambda part: "无" if part == "none" else namer.clauses(part.split(", ")),
            "who": self._who,
            "people": lambda part: "、".join(self._who(one) for one in re.split(", |/", part)),
            "subject": lambda part: namer.clause(part) if ":" in part else namer.name(part),
            "sums": lambda part: "，另".join(self._seen(one) for one in part.split(" besides ")),
            "seen": self._seen,
            "said": self.said,
        }

    def said(self, message: str) -> str:
        """A whole sentence."""
        return self._filled(SAID, message) or message

    def _seen(self, part: str) -> str:
        """What was found: one phrase, or several after each other."""
        alone = part.startswith(("duties are: ", "breaches are: ", "none yet; "))
        return "；".join(self._filled(SEEN, one) or one for one in ([part] if alone else part.split("; ")))

    def _filled(self, table: tuple[tuple[re.Pattern[str], str], ...], message: str) -> str | None:
        for pattern, chinese in table:
            found = pattern.match(message)
            if found is not None:
                return _PLACE.sub(partial(self._placed, found), chinese)
        return None

    def _placed(self, found: re.Match[str], place: re.Match[str]) -> str:
        part, kind = found[int(place[1])] or "", place[2]
        return self.kinds[kind](part) if kind else part

    def _who(self, who: str) -> str:
        return self.people.get(who) or (self.namer.selector(who) or who)
