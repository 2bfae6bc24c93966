"""Who may send, see and hand over notices, and in which state each step may be taken."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gongyu.ground.access.permissions import (
    BURDEN_READ,
    NOTICE_CAMPAIGN,
    NOTICE_HAND,
    NOTICE_SEND,
    holds,
    may,
    places_with,
)
from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place

from .models import Delivery, Notice
from .parameters import REMIND_AFTER
from .shapes import NewNotice
from .states import CLOSED, DELIVERY, NOTICE, leads_to

MOST_CHOICES, LONGEST_CHOICE = 4, 12
LONGEST_WORDS = 500
# What a guardian says where the law asks for consent; a third answer would be neither.
CONSENT_CHOICES = ("同意", "不同意")
FARTHEST = timedelta(days=366)
STALE = timedelta(days=30)
MOST_ATTACHMENTS = 3


class NoticeFault(ValueError):
    """What cannot be done and how to mend it; `field` names the form's field (empty: all of it)."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


# Who


def may_see_at_all(actor: Actor | None) -> bool:
    return holds(actor, NOTICE_SEND) or holds(actor, NOTICE_CAMPAIGN)


def may_send_for(actor: Actor | None, place_id: int, on: date) -> bool:
    """In the name of a class or of a school."""
    return may(actor, NOTICE_SEND, place_id, on)


def may_send_campaigns(actor: Actor | None, place_id: int, on: date) -> bool:
    """To the schools of a district, or of the city."""
    return may(actor, NOTICE_CAMPAIGN, place_id, on)


def notices_visible_to(actor: Actor | None, on: date) -> QuerySet[Notice]:
    """What was sent in the name of the classes and schools that one may send for, and the campaigns
    of the departments below one's own place."""
    if not may_see_at_all(actor):
        return Notice.objects.none()
    own = Q(is_campaign=False, place__in=places_with(actor, NOTICE_SEND, on=on))
    campaigns = Q(is_campaign=True, place__in=places_with(actor, NOTICE_CAMPAIGN, on=on))
    return Notice.objects.filter(own | campaigns)


def may_read_notice(actor: Actor | None, notice: Notice, on: date) -> bool:
    """True exactly for `notices_visible_to`."""
    permission = NOTICE_CAMPAIGN if notice.is_campaign else NOTICE_SEND
    return may(actor, permission, notice.place_id, on)


def may_steer(actor: Actor | None, notice: Notice, on: date) -> bool:
    """Remind, correct, withdraw, and see who is not yet reached: the sender's own place alone. A
    head reads a class teacher's notice with its counts; a department never sees a family."""
    if not may_read_notice(actor, notice, on):
        return False
    return any(post.scope_id == notice.place_id for post in actor.posts)


def slips_visible_to(actor: Actor | None, on: date) -> QuerySet[Delivery]:
    """The slips that one is to hand over: of one's classes, and of the children of one's village."""
    # What was over weeks ago helps nobody any more.
    waiting = Delivery.objects.filter(
        status="to_hand", notice__status__in=["open", "over"], notice__until_on__gt=on - STALE
    )
    if not holds(actor, NOTICE_HAND):
        return waiting.none()
    classes = places_with(actor, NOTICE_HAND, kind=Place.Kind.CLASS, on=on)
    villages = places_with(actor, NOTICE_HAND, kind=Place.Kind.COMMUNITY, on=on)
    living_there = Q(children__child__home__in=villages)
    return waiting.filter(Q(hand_place__in=classes) | living_there).distinct()


def may_hand(actor: Actor | None, delivery: Delivery, on: date) -> bool:
    """True exactly for `slips_visible_to`, of a slip that waits."""
    return slips_visible_to(actor, on).filter(pk=delivery.pk).exists()


def may_read_burden(actor: Actor | None, place_id: int, on: date) -> bool:
    """Officers of their city or district, heads of their school."""
    return may(actor, BURDEN_READ, place_id, on)


# In which state


def check_notice(new: NewNotice, on: date) -> None:
    """What can be said of a notice by itself. Raises NoticeFault."""
    if new.kind not in Notice.Kind.values:
        raise NoticeFault(_("请选择是哪一类通知。"), "kind")
    if not new.title.strip():
        raise NoticeFault(_("请写标题，让人一眼看懂是什么事。"), "title")
    if len(new.words) > LONGEST_WORDS:
        raise NoticeFault(
            _("正文最多%(most)d个字，现在有%(count)d个；说一件事就好。")
            % {"most": LONGEST_WORDS, "count": len(new.words)},
            "words",
        )
    if not new.class_ids and not new.child_ids:
        raise NoticeFault(_("请选择和哪些班级或孩子有关。"), "audience")
    if new.until_on <= on:
        raise NoticeFault(_("有效期要在今天或以后。"), "until_on")
    if new.until_on > on + FARTHEST:
        raise NoticeFault(_("有效期离今天太远，请核对年份。"), "until_on")
    _check_basis(new)
    _check_choices(new)
    if len(new.attachments) > MOST_ATTACHMENTS:
        raise NoticeFault(_("附件最多%(most)d个。") % {"most": MOST_ATTACHMENTS}, "attachments")
    if new.is_campaign and not new.white_list.strip():
        raise NoticeFault(
            _("部门向学校推送的事项要有“社会事务进校园”白名单编号；没有编号的不能发。"),
            "white_list",
        )


def _check_basis(new: NewNotice) -> None:
    if new.basis not in Notice.Basis.values:
        raise NoticeFault(_("请选择要不要回执。"), "basis")
    if new.kind == Notice.Kind.TO_KNOW and new.basis:
        raise NoticeFault(_("知道就好的通知不要求回执。"), "basis")
    if (new.kind == Notice.Kind.SAFETY) != (new.basis == Notice.Basis.DANGER):
        raise NoticeFault(_("安全类通知按人身安全要求回执，别的通知不能用这个理由。"), "basis")
    named = new.basis in (Notice.Basis.LAW, Notice.Basis.CONSENT)
    if named and not new.basis_words.strip():
        raise NoticeFault(_("要求回执，请写明依据哪一条。"), "basis_words")


def _check_choices(new: NewNotice) -> None:
    choices = [choice.strip() for choice in new.choices]
    if new.kind == Notice.Kind.TO_KNOW and choices:
        raise NoticeFault(_("知道就好的通知不用回答。"), "choices")
    if len(choices) > MOST_CHOICES or any(not 0 < len(one) <= LONGEST_CHOICE for one in choices):
        raise NoticeFault(
            _("最多%(most)d个答案，每个不超过%(long)d个字。")
            % {"most": MOST_CHOICES, "long": LONGEST_CHOICE},
            "choices",
        )
    if new.asks_guardians and tuple(choices) != CONSENT_CHOICES:
        raise NoticeFault(
            _("要监护人同意的，答案只能是“同意、不同意”。请把答案这一栏清空。"), "choices"
        )
    if len(set(choices)) < len(choices):
        raise NoticeFault(_("有两个一样的答案。"), "choices")


def check_step(notice: Notice, step: str) -> None:
    """Raises NoticeFault where the table has no such step from here."""
    if leads_to(NOTICE, notice.status, step) is None:
        raise NoticeFault(_("这条通知%(state)s，不能这样做。") % {"state": notice.label})


def check_can_answer(delivery: Delivery, choice: int, on: date) -> None:
    notice = delivery.notice
    if delivery.status in CLOSED or notice.status in {"withdrawn", "corrected"}:
        raise NoticeFault(_("这条通知已经撤回或更正，不用回了。"))
    if not notice.asks:
        raise NoticeFault(_("这条通知知道就好，不用回。"))
    if notice.until_on <= on:
        raise NoticeFault(_("这条通知已经过期。有事请直接找老师。"))
    if not 0 <= choice < max(len(notice.choices), 1):
        raise NoticeFault(_("请选择一个答案。"), "choice")


def check_may_consent(delivery: Delivery, is_guardian: bool) -> None:
    """Where the law asks for a guardian's consent, nobody else's word counts."""
    if delivery.notice.asks_guardians and not is_guardian:
        raise NoticeFault(_("这件事依法要监护人同意，请孩子的父母或其他监护人来答。"))


def check_can_remind(notice: Notice, moment: datetime) -> None:
    if notice.status != "open" or not notice.asks:
        raise NoticeFault(_("这条通知不用提醒：它没有要家里回答。"))
    if notice.reminded_at is not None and moment < notice.reminded_at + REMIND_AFTER:
        raise NoticeFault(_("一天之内已经提醒过一次。请明天再看，或者当面、打电话说。"))


def check_can_hand(delivery: Delivery) -> None:
    if leads_to(DELIVERY, delivery.status, "hand over") is None:
        raise NoticeFault(_("这张纸条不用再送：%(state)s。") % {"state": delivery.label})
