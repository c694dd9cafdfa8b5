"""The vocabulary's own words in Chinese and English, from which rules are said in plain words.

An act is its noun and its verb; a word that is not listed is said as its key, with spaces for underscores.
"""

from __future__ import annotations

from collections.abc import Mapping

NOUNS: Mapping[str, str] = {
    "account": "账户", "act": "行为", "actor": "行为人", "analysis": "分析", "appraisal": "鉴定",
    "approval": "审批", "backup": "备份", "branch": "单位", "breach": "违规", "candidate": "候选人",
    "certificate": "权证", "consultation": "查阅", "contact": "联系", "correction": "改正", "credit": "信用",
    "customer": "客户", "data": "数据", "day": "日结", "defect": "缺陷", "destruction": "销毁", "duty": "待办",
    "export": "导出", "file": "档案", "form": "表单", "handover": "移交", "hold": "冻结", "import": "导入",
    "incident": "事故", "inspection": "检查", "job": "业务", "journal": "日志", "letter": "函件",
    "list": "卷内目录", "loan": "借阅", "login": "登录",
    "measure": "指标", "meeting": "会议", "notice": "通知", "paper": "来件",
    "payment": "款项", "permit": "许可证", "person": "人员", "place": "位置", "policy": "制度", "record": "文件",
    "register": "登记簿", "report": "报告", "request": "请求", "reward": "奖励", "sanction": "处理",
    "scan": "扫描件", "setting": "设置", "tenancy": "租住", "ticket": "工单", "training": "培训",
    "transfer": "转移", "unit": "单元", "use": "利用", "volume": "案卷",
}  # fmt: skip

VERBS: Mapping[str, str] = {
    "declare": "保密声明", "arrange": "整理", "file": "归入", "visit": "上门",
    "accept": "认可", "add": "添加",
    "adopt": "颁布", "allocate": "分配", "answer": "答复", "approve": "批准", "assign": "指派",
    "balance": "盘点", "bind": "装订", "change": "更改", "check": "核对", "classify": "分类", "close": "结束",
    "combine": "兼任",
    "complete": "补齐", "confirm": "确认", "consent": "同意", "copy": "复制", "correct": "更正", "deliver": "送达",
    "deny": "驳回", "disclose": "对外提供", "draft": "起草", "drop": "撤销", "edit": "修改", "employ": "入职",
    "end": "终止", "enroll": "启用", "entrust": "授权代理",
    "execute": "执行", "export": "导出", "extend": "延期", "find": "查找", "freeze": "定格",
    "grant": "准予", "hear": "听取陈述", "hold": "举行", "import": "导入", "impose": "决定", "interpret": "解释",
    "issue": "发出", "keep": "登记", "label": "贴签", "leave": "离职", "lift": "解除", "make": "编制",
    "mend": "整改", "merge": "合并", "move": "移动", "number": "编号", "object": "拒绝", "offer": "提出",
    "open": "建立", "order": "责令", "pass_on": "转借", "place": "设置", "plan": "计划", "print": "打印",
    "propose": "提议", "quash": "撤销", "raise": "登记", "reach": "进展登记", "read": "阅览", "recall": "催还",
    "receipt": "回执", "receive": "接收", "record": "登记", "register": "登记", "release": "放行", "remind": "催办",
    "rename": "更名", "renew": "续期", "reset": "重置",
    "report": "报告", "request": "申请", "resolve": "解决", "return": "归还",
    "reveal": "显示", "revoke": "撤回", "seal": "封存", "send": "发送", "send_back": "退回",
    "set": "设定", "shelve": "上架",
    "sign": "签字", "start": "开始", "store": "入库", "submit": "提交", "supplement": "补记", "supply": "补交",
    "test": "测试", "use": "使用", "verify": "核实", "waive": "免除", "withdraw": "抽出", "write": "编写",
    "code": "编码",
}  # fmt: skip

TRAITS: Mapping[str, str] = {
    "declared": "已签保密声明", "below_last": "低于上次", "caller": "来电人", "content": "内容", "dated": "有文件日期",
    "expires_days": "距到期天数", "filed": "已归档", "filled": "已填写", "floor": "楼层", "in_use": "使用中",
    "label_agrees": "标签相符", "lost": "遗失", "new_value": "新值", "old_value": "原值", "overlaps": "时间重叠",
    "paid": "已付", "proof": "送达凭证", "records": "已有资料", "refunded": "已退", "replied": "客户已答复",
    "same_floor": "同楼层", "shelved": "已上架", "register.subject": "对应客户", "taken": "号码已占用",
    "waiting_days": "等候天数", "arranged": "已整理", "register.held": "未交回件数",
    "active": "在职", "addressee": "收件人", "age_days": "天数", "aggravated": "已加重", "agrees": "相符",
    "amount_cny": "金额(元)", "answered": "已答复", "appraisal": "鉴定结果", "appraised": "已鉴定",
    "appraised_on": "鉴定日期", "approved": "已批准", "approver": "批准人", "area": "区域", "asker": "申请人",
    "author": "编制人", "borrower": "借阅人", "bought": "已购买", "bound": "已装订", "branch": "单位", "by": "方式",
    "capacity": "容量", "cause": "原因", "central": "统一印制", "checked_by": "核对人", "class": "类别",
    "clause": "条款", "clean": "无违规", "cleared": "已交清", "closed_on": "结束日期", "collector": "开拓人",
    "comment": "意见", "commented": "已注明", "complete": "齐全", "confirmed": "已确认", "consent": "已同意",
    "consented_on": "同意日期", "contact_verified": "联系人已核对", "contact_ways": "联系方式数",
    "contacts": "联系人数", "copies": "份数", "corrected": "已改正", "counted": "已清点", "counters": "清点人",
    "customer_agrees": "客户同意", "days_late": "逾期天数", "days_out": "借出天数", "debt_cny": "欠款(元)",
    "decider": "决定人", "decisions": "决议数", "defects": "缺陷数", "deposit": "押金", "destroyed": "已销毁",
    "direct": "直接借出", "due_on": "到期日", "duplicate": "重复", "earlier_open": "此前未决",
    "electronic": "电子版", "ended_on": "终止日期", "executor": "执行人", "file_number": "档案号",
    "findings": "问题数", "form": "形式", "frozen": "已定格", "giver": "移交人", "grade": "等级",
    "heard": "已听取陈述", "held": "已冻结", "held_files": "所管档案数", "held_volumes": "所管案卷数",
    "holder": "保管人", "holds": "冻结数", "id_checked": "证件已核对", "important": "重要", "inspection": "检查类",
    "key": "名称", "kind": "种类", "labeled": "已贴签", "last_in_post": "岗位最后一人", "late": "逾期",
    "limit_cny": "额度(元)", "left_cny": "剩余额度(元)", "line": "项目",
    "listed": "已列清单", "measures": "措施", "method": "方式",
    "milestones": "节点", "minutes": "纪要", "missing": "缺件数", "name": "名称", "name_agrees": "名称相符",
    "name_set": "已命名", "names_me": "指明本人",
    "near": "就近", "new_customer": "新客户", "noted": "已注明", "noticed": "已告知",
    "number": "次数", "number_agrees": "编号相符", "numbered": "已编号", "occupied": "已占用", "on": "日期",
    "on_loan": "借出中", "open": "未结", "open_handovers": "未签收移交数", "open_loans": "未还借阅数",
    "opened_on": "建立日期", "opinions": "意见", "oral": "口头", "origin": "来源", "original_exists": "有原件",
    "overdue_days": "逾期天数", "owner_unit": "主管部门", "pages": "页数", "paper_renamed": "纸质已更名",
    "part": "部分", "passed": "已通过", "past": "历史", "period_days": "期限(天)", "order": "排列顺序",
    "file.number": "编号规则", "gap_days": "间隔天数", "percent": "百分比", "person": "当事人",
    "personal": "含个人信息", "photo": "照片", "pieces": "件数", "place": "位置", "post": "岗位", "posts": "岗位",
    "printed_by": "打印人", "purpose": "用途", "quantity_agrees": "数量相符", "reads_sealed": "可阅封存",
    "reason": "已说明理由", "receipt": "回执", "receiver": "接收人", "rechecked": "已复核", "red_stamp": "红章",
    "reduced": "已减轻", "registered": "已登记", "renewals": "续借次数", "replaces": "取代", "resolved": "已解决",
    "result": "结果", "retention_until": "保管期满日", "returned": "已归还", "reviewer": "审核人",
    "round": "检查类别", "rows": "行数", "same_subject": "同一对象档案数", "scanned_label": "标签已扫",
    "score": "得分", "sealed": "已封存", "secrecy": "密级", "segment": "客户类别", "set": "资料类别",
    "settled": "已结清", "sides": "面数", "sign_offs": "签批", "signed": "签字人", "signers": "签字人",
    "slip": "借阅单", "sorted": "已整理", "sources": "来源", "staff_told": "已告知员工", "started_on": "开始日期",
    "state": "状态", "status": "状态", "successor": "有后继", "tenure_days": "任职天数", "terms_days": "账期天数",
    "tested": "已测试", "told": "已通知", "turnover_cny": "成交额(元)", "type": "类型",
    "unanswered": "未答项数", "unit": "部门", "units": "部门",
    "until": "期限", "used_cny": "已用(元)", "verified": "已核实", "visits": "来访次数", "where": "地点",
    "who": "当事人", "witnesses": "监销人", "workload": "工作量",
    "separate_consent": "已单独同意", "attended": "已参加活动",
    "list_order": "列表排列", "numbered_at": "编号时机", "numbered_as": "编号随同", "number_field": "显示编号的栏目",
    "released_by": "归还节点",
    "list_copies": "清单份数", "list_form": "清单表式", "list_signatures": "清单签字人数", "sorted_by": "排序依据",
    "first_status": "初始状态", "to_follow_days": "补交天数", "record_number": "资料编号规则",
    "leaving": "正在离职", "marked": "带单位标记、姓名和日期", "objected": "已拒绝联系",
    "paper_application": "有纸质申请", "filed_by": "已存档部门", "subject": "事由", "direction": "往来方向",
    "topics": "所谈内容", "unassigned": "未分配件数", "confirmed_by": "已确认部门", "for_duty": "对应待办",
    "unexplained": "未说明缺席人数", "issued": "在已发放的号段内", "untold_customers": "未通知客户数",
    "remind_days": "提前提醒天数",
    "unsigned_lines": "未签清项数", "in_force_on": "施行日期", "matches": "喜好相符", "new": "新人",
    "by_proxy": "代填", "customer_confirmed": "客户已确认", "declared_true": "已声明属实",
    "backdated": "生效日早于颁布日", "checkers": "核对人", "coded": "已编码", "giver_is": "移交人身份",
    "receiver_is": "接收人身份", "shared": "与其他档案同放", "unchecked": "未核对项数",
    "unplaced": "未归类件数", "unsigned": "缺签项数", "vacant_posts": "空缺岗位",
    "counterparty": "往来对方", "format_agrees": "纸张格式相符", "ink": "书写材料", "qualities": "已确认的质量",
    "unverified": "未核实项数", "reaching": "待登记节点", "filling": "填写的部分",
    "rooms": "档案室数", "other_posts": "兼任岗位数", "terms": "任职方式", "group": "类目",
    "subgroup": "子类目", "ends_on": "有效期至", "must_be": "归档要求", "original_place": "原件存放处",
    "clear": "清晰", "described": "有文字说明", "on_paper": "有纸质件", "course": "经过",
    "handling": "处理过程", "transferred": "已移交", "box": "盒号", "locked": "上锁", "same_class": "同类",
    "stamped": "已盖章", "kinds": "种类", "of_copy": "为复制件", "copy": "为复制件", "checked": "已核对",
    "same_code": "同号数", "changed": "经手工修改", "submitter": "资料提供人", "source": "来源",
    "sent_back": "退回待改", "papers": "所存资料",
}  # fmt: skip

SELECTOR_WORDS: Mapping[str, tuple[str, str]] = {
    "anyone": ("任何人", "anyone"),
    "approval.asker": ("申请人", "the one who asks"),
    "breach.person": ("当事人", "the person concerned"),
    "customer.representative": ("客户代表", "the customer's representative"),
    "customer.submitter": ("资料提供人", "whoever brought the data"),
    "duty.person": ("责任人", "the one who owes it"),
    "event.actor": ("经办人", "whoever did it"),
    "request.addressee": ("被请求人", "the one who is asked"),
    "file.holder": ("档案保管人", "the holder of the file"),
    "file.subject": ("客户本人", "the customer"),
    "handover.giver": ("移交人", "the one who hands over"),
    "handover.receiver": ("接收人", "the one who receives"),
    "loan.borrower": ("借阅人", "the borrower"),
    "person.self": ("本人", "the person himself"),
    "volume.holder": ("案卷保管人", "the holder of the volume"),
    "clerk": ("经办人", "clerk"),
    "archivist": ("档案管理员", "archivist"),
    "manager": ("部门负责人", "department head"),
    "general-manager": ("总经理", "general manager"),
    "administrator": ("系统管理员", "system administrator"),
    "security-officer": ("安全保密员", "security officer"),
    "auditor": ("安全审计员", "auditor"),
}

VALUES: Mapping[str, tuple[str, str]] = {
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "unknown": ("未知", "not known"),
    "duties": ("待办", "duties"),
    "handovers": ("移交", "handovers"),
    "records": ("文件", "records"),
    "loans": ("借阅", "loans"),
    "breaches": ("违规", "breaches"),
    "by-line": ("按清单次序", "by line"),
    "newest-first": ("新的在前", "newest first"),
    "by-issue-date": ("按签发日期", "by date of issue"),
    "open": ("公开", "open"),
    "personal": ("个人", "personal"),
    "secret": ("机密", "secret"),
}

# day, week … as in "every …" and "a …"
PERIOD_WORDS: Mapping[str, tuple[str, str]] = {
    "day": ("日", "day"),
    "working-day": ("工作日", "working day"),
    "week": ("周", "week"),
    "month": ("月", "month"),
    "quarter": ("季度", "quarter"),
    "half-year": ("半年", "half-year"),
    "year": ("年", "year"),
    "2-years": ("两年", "two years"),
}

POINT_WORDS: Mapping[str, tuple[str, str]] = {
    "end-of-day": ("当日结束前", "by the end of the day"),
    "end-of-week": ("本周结束前", "by the end of the week"),
    "month-end": ("月底前", "by the end of the month"),
    "quarter-end": ("季末前", "by the end of the quarter"),
    "half-year-end": ("半年末前", "by the end of the half-year"),
    "year-end": ("年底前", "by the end of the year"),
    "period-end": ("期末前", "by its end"),
}

UNTIL_WORDS: Mapping[str, tuple[str, str]] = {
    "end-of-day": ("当日有效", "it ends with the day"),
    "end-of-month": ("当月有效", "it ends with the month"),
    "revoked": ("撤回前有效", "it lasts until revoked"),
}

CLOCK_WORDS: Mapping[str, tuple[str, str]] = {
    "day.began": ("每日开始", "a day begins"),
    "duty.opened": ("待办产生", "a duty opens"),
    "duty.lapsed": ("待办逾期", "a duty lapses"),
    "breach.proposed": ("提出处理建议", "a breach is proposed"),
}

BOUND_WORDS: Mapping[str, tuple[str, str]] = {
    "at_least": ("{fact}不少于{values}", "{fact} is at least {values}"),
    "at_most": ("{fact}不超过{values}", "{fact} is at most {values}"),
    "over": ("{fact}超过{values}", "{fact} is over {values}"),
    "under": ("{fact}少于{values}", "{fact} is under {values}"),
    "distinct_at_least": ("{fact}至少{values}位不同的人", "{fact}: at least {values} different ones"),
    "without": ("{fact}中没有{values}", "{fact}: none of them is {values}"),
    "differs_from": ("{fact}不同于{values}", "{fact} differs from {values}"),
    "not_in": ("{fact}不是{values}", "{fact} is not {values}"),
    "contains": ("{fact}包括{values}", "{fact} contains {values}"),
    "in": ("{fact}为{values}", "{fact} is {values}"),
}

CHOICE_WORDS: Mapping[str, tuple[str, str]] = {
    "pick": ("选定{value}", "pick {value}"),
    "keep": ("只留下{value}", "keep only {value}"),
    "order_by": ("按{value}排序", "order by {value}"),
    "share_percent": ("分给其中{value}%", "share {value} %"),
    "free": ("由决定人自定", "whoever decides is free"),
}

MEASURE_WORDS: Mapping[str, tuple[str, str]] = {
    "share_on_time": ("按时率", "the share kept in time"),
    "share_complete": ("齐全率", "the share that is complete"),
    "count": ("数量", "the number"),
    "sum": ("总额", "the sum"),
    "age": ("时长", "the age"),
}
