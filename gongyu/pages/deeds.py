"""The audit's verbs as users read them. An unknown verb is shown as it is, never hidden."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "account.open": _("开通账号"),
    "account.close": _("停用账号"),
    "approval.give": _("授予查阅授权"),
    "approval.renew": _("续期查阅授权"),
    "approval.withdraw": _("撤回查阅授权"),
    "audit.read": _("查看审计记录"),
    "child.add": _("新增学生"),
    "child.change": _("更改学生信息"),
    "child.read": _("查阅学生页"),
    "class.read": _("查阅班级页"),
    "decline.acknowledge": _("确认家长谢绝"),
    "enrolment.open": _("学籍转入"),
    "enrolment.close": _("学籍转出"),
    "export.make": _("导出表格"),
    "figure.read": _("查看数字明细"),
    "follow_up.done": _("办结后续事项"),
    "post.open": _("任职开始"),
    "post.close": _("任职结束"),
    "register.enter": _("登记事项"),
    "register.review": _("复核登记事项"),
    "roster.import": _("导入学生名册"),
    "search.run": _("查找"),
    "session.sign_in": _("登录"),
    "session.sign_out": _("退出登录"),
    "visit.answer": _("回复家访预约"),
    "visit.correct": _("更正家访记录"),
    "visit.propose": _("预约家访"),
    "visit.record": _("记录家访"),
}


def deed_words(verb: str) -> str:
    return str(DEEDS.get(verb, verb))
