"""Codes asked for, printed, handed over and used; "not me"; numbers checked. Each leaves its row."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.notices import actions as notices
from gongyu.ground.people.models import Carer, Child
from gongyu.ground.places.models import Place

from . import codes, queries, rules
from .models import Identity, NumberDoubt, SignInCode
from .rules import CodeRefused

# Whoever asks for a code or types one is nobody yet.
SOMEBODY = Actor(user_id=None, name="未登录的家长")


@transaction.atomic
def ask_for_code(number: str, *, at: datetime, by: Actor = SOMEBODY) -> SignInCode:
    """A code for a number (a digest), whether the roster knows it or not: the same rows, the same
    work. `jobs.send_code` looks for whom it is."""
    code = _new("phone", codes.SENT_DIGITS, at, codes.SENT_LASTS, phone_digest=number)
    record("code.ask", by=by, subject=("code", code.pk))
    return code


@transaction.atomic
def use_sent_code(
    number: str, typed: str, *, at: datetime, on: date, by: Actor = SOMEBODY
) -> list[Carer]:
    """Who comes in with the code sent to a number; nobody where it is wrong, used, too old or lets
    nobody in today. A wrong one counts against every open code of the number; five close them."""
    code = queries.code_sent_to(number, codes.only_digits(typed), at)
    if code is None:
        _count_wrong(number, at)
        record("code.miss", by=by, subject=("code", None))
        return []
    return _used(code, at, on, by=by)


def _count_wrong(number: str, at: datetime) -> None:
    rows = SignInCode.objects.filter(
        way="phone", phone_digest=number, used_at__isnull=True, ended_at__isnull=True
    )
    rows.update(wrong=F("wrong") + 1)
    rows.filter(wrong__gte=codes.MOST_WRONG).update(ended_at=at)


@transaction.atomic
def use_printed_code(typed: str, *, at: datetime, on: date, by: Actor = SOMEBODY) -> list[Carer]:
    """Who comes in with a printed code; nobody where it opens nothing."""
    code = queries.code_printed(codes.only_digits(typed), at)
    if code is None:
        record("code.miss", by=by, subject=("code", None))
        return []
    return _used(code, at, on, by=by)


@transaction.atomic
def use_link(token: str, *, at: datetime, on: date, by: Actor = SOMEBODY) -> list[Carer]:
    """Who comes in with a link; nobody where it opens nothing."""
    code = queries.code_of_link(token, at)
    return _used(code, at, on, by=by) if code is not None else []


def _used(code: SignInCode, at: datetime, on: date, *, by: Actor) -> list[Carer]:
    # Two taps at once: the second finds it used.
    taken = SignInCode.objects.filter(pk=code.pk, used_at__isnull=True).update(used_at=at)
    if not taken:
        return []
    record("code.use", by=by, subject=("code", code.pk), place_id=code.place_id)
    if code.way == SignInCode.Way.PHONE:
        return queries.carers_at(code.phone_digest, on)
    return list(rules.carers_to_let_in(on).filter(pk=code.carer_id))


@transaction.atomic
def note_entered(*, by: Actor) -> None:
    """A carer came in."""
    record("family.sign_in", by=by, subject=("carer", by.carer_id))


@transaction.atomic
def note_left(why: str, *, by: Actor) -> None:
    """A carer went out: by asking for it, or by saying "not me"."""
    record("family.sign_out", by=by, subject=("carer", by.carer_id), detail={"why": why})


@transaction.atomic
def print_codes(
    place: Place, chosen: list[tuple[int, int]], *, on: date, at: datetime, by: Actor
) -> list[SignInCode]:
    """A fresh code for each (child, carer); a former one that is still out is void. Raises
    CodeRefused: nobody chosen, not a child of the place, or a carer who is barred."""
    if not chosen:
        raise CodeRefused(_("请先勾选要打印的照护人。"))
    children = {child.pk: child for child in rules.children_of_place(place, on)}
    if any(child_id not in children for child_id, _carer in chosen):
        raise CodeRefused(_("有孩子今天不在这里了。请刷新名单后重新勾选。"))
    # One slip lets a carer in to all the children: twins need no second one.
    once = {carer_id: child_id for child_id, carer_id in reversed(chosen)}
    return [
        _print(place, children[child_id], carer_id, on=on, at=at, by=by)
        for carer_id, child_id in once.items()
    ]


def _print(
    place: Place, child: Child, carer_id: int, *, on: date, at: datetime, by: Actor
) -> SignInCode:
    rules.check_can_print(carer_id, child, on)
    former = SignInCode.objects.filter(way="print", carer=carer_id, used_at__isnull=True)
    former.filter(ended_at__isnull=True).update(ended_at=at)
    code = _new(
        "print",
        codes.PRINTED_DIGITS,
        at,
        codes.PRINTED_LASTS,
        carer_id=carer_id,
        child=child,
        place=place,
        made_by_id=by.staff_id,
    )
    record(
        "code.print",
        by=by,
        subject=("child", child.pk),
        place_id=place.pk,
        detail={"carer": carer_id, "code": code.pk},
    )
    return code


@transaction.atomic
def note_handed(code: SignInCode, *, at: datetime, by: Actor) -> SignInCode:
    """The slip was given to its carer in person. Raises CodeRefused for one that is void."""
    held = SignInCode.objects.select_for_update().get(pk=code.pk)
    if held.ended_at is not None:
        raise CodeRefused(_("这张登录码已经作废。请重新打印。"))
    if held.handed_at is None:
        held.handed_at, held.handed_by_id = at, by.staff_id
        held.save(update_fields=["handed_at", "handed_by"])
        record("code.hand_over", by=by, subject=("child", held.child_id), place_id=held.place_id)
    return held


@transaction.atomic
def end_code(code: SignInCode, *, at: datetime, by: Actor) -> None:
    """A slip that was lost or spoilt opens nothing more."""
    ended = SignInCode.objects.filter(pk=code.pk, ended_at__isnull=True).update(ended_at=at)
    if ended:
        record("code.end", by=by, subject=("child", code.child_id), place_id=code.place_id)


@transaction.atomic
def forget_codes(at: datetime, *, by: Actor) -> int:
    """Deletes codes that opened nothing for a month; the audit keeps what was done with them. Returns
    how many."""
    count, _rows = SignInCode.objects.filter(expires_at__lt=at - codes.FORGOTTEN_AFTER).delete()
    if count:
        record("code.forget", by=by, subject=("code", None), detail={"codes": count})
    return count


@transaction.atomic
def not_me_by_link(token: str, *, at: datetime, on: date, by: Actor = SOMEBODY) -> bool:
    """Whoever got a link is not who it was for: the number is set aside at once, the slip is void.
    False where the link opens nothing."""
    code = queries.code_of_link(token, at)
    if code is None:
        return False
    SignInCode.objects.filter(pk=code.pk).update(ended_at=at)
    if code.way == SignInCode.Way.PRINT:
        _set_aside(code.carer_id, "", NumberDoubt.Said.SLIP, at, by=by)
        return True
    for carer in queries.carers_at(code.phone_digest, on):
        _set_aside(carer.pk, code.phone_digest, NumberDoubt.Said.AT_THE_NUMBER, at, by=by)
    return True


@transaction.atomic
def not_me(number: str, *, at: datetime, by: Actor) -> None:
    """Somebody who came in says that these are not the own children. `number` is the digest by which
    they came, or empty for a printed code."""
    said = NumberDoubt.Said.SIGNED_IN if number else NumberDoubt.Said.SLIP
    _set_aside(by.carer_id, number, said, at, by=by)


@transaction.atomic
def bind_identity(provider: str, subject: str, number: str, *, at: datetime, by: Actor) -> Identity:
    """The carer who is in comes in by this identity from now on. One identity is one carer's: on a
    phone that changed hands the last one who bound it has it."""
    bound, _is_new = Identity.objects.update_or_create(
        provider=provider,
        subject_digest=codes.digest_of_subject(provider, subject),
        defaults={"carer_id": by.carer_id, "phone_digest": number, "bound_at": at},
    )
    record("identity.bind", by=by, subject=("carer", by.carer_id), detail={"provider": provider})
    return bound


def _set_aside(carer_id: int, number: str, said: str, at: datetime, *, by: Actor) -> None:
    # What whoever had the number bound to it goes with it.
    Identity.objects.filter(carer=carer_id).delete()
    _doubt, is_new = NumberDoubt.objects.get_or_create(
        carer_id=carer_id,
        phone_digest=number,
        settled_at=None,
        defaults={"said": said, "said_at": at},
    )
    if is_new:
        record("number.set_aside", by=by, subject=("carer", carer_id), detail={"said": said})


@transaction.atomic
def settle_number(doubt: NumberDoubt, *, at: datetime, by: Actor) -> None:
    """Somebody at the school checked: the number is right after all, or the slip found its way."""
    held = NumberDoubt.objects.select_for_update().get(pk=doubt.pk)
    if held.settled_at is None:
        held.settled_at, held.settled_by_id = at, by.staff_id
        held.save(update_fields=["settled_at", "settled_by"])
        record("number.keep", by=by, subject=("carer", held.carer_id))


def _new(way: str, digits: int, at: datetime, lasts, phone_digest: str = "", **more) -> SignInCode:
    salt = secrets.token_hex(16)
    return SignInCode.objects.create(
        way=way,
        salt=salt,
        phone_digest=phone_digest,
        code_digest=codes.digest_of_code(codes.code_from(salt, digits), phone_digest),
        token_digest=codes.digest_of_token(codes.token_from(salt)),
        made_at=at,
        expires_at=at + lasts,
        **more,
    )


@transaction.atomic
def ring_first(
    place: Place, carers: Sequence[queries.CarerLine], rings: bool, *, at: datetime, by: Actor
) -> None:
    """Notices try a call first for these carers, or a message again. Whoever chose mail or another
    account is left with that choice. All or nobody; raises CodeRefused with the names."""
    if fixed := [carer.name for carer in carers if not carer.may_ring_first]:
        raise CodeRefused(
            _(
                "这里不能改%(names)s的通知方式：家长自己选了别的方式，没有登记手机，或者没有开通电话。"
                "请去掉勾选再点一次；家长可以在“怎样通知我”里自己改。"
            )
            % {"names": "、".join(fixed)}
        )
    # A carer of two children stands in the list twice.
    for carer_id in dict.fromkeys(carer.carer_id for carer in carers):
        notices.prefer_way(carer_id, "voice" if rings else "sms", at=at, by=by)


@transaction.atomic
def read_codes_page(place: Place, *, on: date, at: datetime, by: Actor) -> queries.CodesPage:
    """The list of a place's carers; no reading without its row."""
    page = queries.codes_page(place, on, at)
    record(
        "code.list",
        by=by,
        subject=("place", place.pk),
        place_id=place.pk,
        detail={"children": len(page.lines)},
    )
    return page
