"""What an appointment would do, before it is done; what the action would refuse is refused here."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.words import day_words
from gongyu.ground.places.models import Place, Placement
from gongyu.ground.staff import rules as staff_rules
from gongyu.ground.staff.models import Post, Staff
from gongyu.ground.staff.queries import posts_beside

from .confirming import Change, Line
from .forms_offices import Appoint
from .queries_offices import KeptPlace, regular_posts_from
from .rules_offices import check_can_succeed
from .rules_posts import check_not_for_oneself


def appointing(kept: KeptPlace, form: Appoint, *, by: Actor) -> Change:
    """Somebody begins, or acts for a while."""
    office, place, data = kept.office, kept.place, form.cleaned_data
    staff_id = form.holder.staff_id
    check_not_for_oneself(by, staff_id)
    follows = office.is_single and not data["acting"]
    ending = regular_posts_from(office, place.pk, data["from_on"]) if follows else []
    for post in ending:
        check_can_succeed(post, staff_id, data["from_on"])
    gone = {post.pk for post in ending}
    beside = [post for post in posts_beside(place.pk) if post.pk not in gone]
    staff_rules.check_can_open(_new(kept, form), beside, _parent_kind(place, form))
    told = {"role": office.role.label}
    notes = [_("新任%(role)s查阅信息，还须在“查阅授权”中授权。") % told]
    if ending:
        notes.append(_("自这一天起，原%(role)s不再凭这一岗位查看信息。") % told)
    acting = data["acting"]
    return Change(
        title=(_("登记代理%(role)s") if acting else _("登记%(role)s任职")) % told,
        about=place.name,
        day=data["from_on"],
        lines=(
            Line(
                (_("代理%(role)s") if acting else "%(role)s") % told,
                "、".join(post.staff.name for post in ending),
                _shown(form),
            ),
        ),
        notes=tuple(notes),
    )


def _new(kept: KeptPlace, form: Appoint) -> Post:
    data, holder = form.cleaned_data, form.holder
    return Post(
        staff=Staff.objects.filter(pk=holder.staff_id).first() or Staff(name=holder.name),
        place=kept.place,
        role=kept.office.role,
        from_on=data["from_on"],
        until_on=data["until_on"],
        acting=data["acting"],
    )


def _parent_kind(place: Place, form: Appoint) -> str | None:
    if place.kind != Place.Kind.DEPARTMENT:
        return None
    stays = Placement.objects.on(form.cleaned_data["from_on"]).filter(place=place)
    return stays.values_list("parent__kind", flat=True).first()


def _shown(form: Appoint) -> str:
    data = form.cleaned_data
    if not (data["acting"] and data["until_on"]):
        return form.shown_name
    told = {"name": form.shown_name, "day": day_words(data["until_on"])}
    return _("%(name)s代理，至%(day)s（不含）") % told
