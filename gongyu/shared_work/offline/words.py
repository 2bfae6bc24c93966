"""What the scripts of the shell say, for translation; `{…}` is filled in by the browser."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """{name: words}. Longer texts stand in the templates of the shell."""
    return {
        "left": _("口令不对。还可以试 {n} 次；再错会删除本机的离线内容。"),
        "wiped": _("口令输错 5 次，本机的离线内容已经全部删除。"),
        "unequal": _("两次输入的口令不一样。"),
        "weak": _("口令至少 6 位，不能全是同一个字符，也不能是顺序的数字。"),
        "waiting": _("{n} 条没有送出，最早的一条到 {day} 为止，过期自动删除。"),
        "nothing": _("没有待送的记录。"),
        "until": _("请在 {day} 前联网送出，过期自动删除。"),
        "roster": _("学生名单 {day} 到期，联网后自动更新。"),
        "roster_over": _("学生名单已满 72 小时，按规定删除了。联网后打开本页，会重新取一次。"),
        "expired": _("有 {n} 条超过 72 小时没能送出，已按规定删除。"),
        "online": _("有网络。"),
        "offline": _("现在没有网络。写好的先存在本机，有网络时送出。"),
        "sending": _("正在送出……"),
        "signed_out": _("有网络，但登录已过期。请先登录，再回到本页送出。"),
        "other": _("现在登录的不是开启离线使用的老师。请那位老师登录后再送出。"),
        "all_sent": _("都送到了，本机的副本已删除。"),
        "ended": _("您的任职或查阅授权已结束，学生名单已从本机删除。"),
        "closed": _("这台设备的离线使用已被停用，本机的离线内容已经全部删除。"),
        "kept": _("已存在本机。{until}"),
        "failed": _("没有存上：手机可能没有空间了。请不要关闭本页，先腾出一点空间再存。"),
        "server": _("服务器暂时没有回应，稍后会再送。"),
        "state_draft": _("没写完，还不会送出。"),
        "state_waiting": _("等网络。"),
        "state_refused": _("有地方要改：请点“打开修改”，改好再存。"),
        "pick_one": _("请至少选一项。"),
        "future": _("日期不能晚于今天。"),
        "needs_day": _("请选择日期。"),
        "needs_moment": _("请填写时间。"),
        "future_moment": _("时间不能晚于现在。"),
        "too_old": _("超过 {n} 小时的，请联网后再记。"),
        "sure": _("不是这样的，再点一次“存好”就会存下。存下的是普通记录，不是报告。"),
        "somebody": _("（名单已删除）"),
        "to_see": _("还没去的 {n}"),
        "the_rest": _("其他 {n}"),
        "half_written": _("没写完的自动存着，到 {day}。"),
        "no_crypto": _("这个浏览器太旧，不能安全地保存离线内容。联网时一切照常使用。"),
        "sign_out": _("本机还有 {n} 条没有送出，退出登录会删除它们。确定退出吗？"),
    }
