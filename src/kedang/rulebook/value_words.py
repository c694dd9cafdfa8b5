"""The words for values whose meaning hangs on their fact: `open` of a file is not `open` of a field.

A policy's own values get their words from the policy (`words`); `unspoken` finds those that have none.
"""

from __future__ import annotations

from collections.abc import Mapping

Pair = tuple[str, str]

VALUES_OF: Mapping[str, Mapping[str, Pair]] = {
    "breach.kind": {
        "late": ("逾期", "lateness"), "defect": ("资料缺陷", "a defect"), "incident": ("事故", "an incident"),
    },
    "duty.status": {
        "open": ("待办", "open"), "late": ("逾期未办", "late"), "kept": ("按时完成", "kept"),
        "kept_late": ("逾期完成", "kept late"), "dropped": ("已撤销", "dropped"),
    },
    "file.status": {"open": ("在用", "open"), "closed": ("已结束", "closed")},
    "file.electronic": {"none": ("无", "none"), "done": ("已建", "done")},
    "record.state": {
        "missing": ("缺", "missing"), "present": ("已有", "present"), "to_follow": ("待补", "to follow"),
        "not_applicable": ("不涉及", "not applicable"), "defective": ("有缺陷", "defective"),
        "withdrawn": ("已取走", "withdrawn"),
    },
    "record.handover": {
        "none": ("未移交", "not handed over"), "offered": ("待接收", "waiting for its receiver"),
        "signed-for": ("已签收", "signed for"), "lent": ("签收后借出", "signed for and lent"),
        "supplement": ("补交清单", "a supplement"),
    },
    "record.type": {
        "document": ("文件", "a document"), "identity": ("身份证件", "an identity paper"), "form": ("表单", "a form"),
        "photo": ("照片", "a photo"), "audio": ("录音", "a sound recording"), "video": ("录像", "a video"),
        "object": ("实物", "an object"), "electronic": ("电子文件", "an electronic document"),
    },
    "record.form": {
        "original": ("原件", "original"), "copy": ("复制件", "copy"), "unspecified": ("未注明", "unspecified"),
    },
    "record.grade": {"open": ("公开", "open"), "personal": ("个人", "personal"), "secret": ("机密", "secret")},
    "request.state": {"open": ("待答复", "open"), "answered": ("已答复", "answered")},
    "volume.status": {"held": ("在手", "in hand"), "shelved": ("在架", "shelved"), "lent": ("借出", "lent")},
    "place.kind": {
        "storeroom": ("库房", "storeroom"), "rack": ("排架", "rack"), "cabinet": ("柜", "cabinet"),
        "safe": ("保险柜", "safe"),
        "shelf": ("层", "shelf"), "compartment": ("格", "compartment"), "box": ("盒", "box"),
    },
    "loan.status": {
        "requested": ("待批", "requested"), "issued": ("借出", "issued"), "returned": ("已归还", "returned"),
        "closed": ("已结清", "closed"), "withdrawn": ("已撤回", "withdrawn"),
    },
}  # fmt: skip
