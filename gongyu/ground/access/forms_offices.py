"""What is typed when the district or the city appoints."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .forms_posts import Somebody, day_field
from .rules_offices import Office


class Appoint(Somebody):
    """Who holds the office, from which day; acting from a day until a day."""

    # A village's children's director is no teacher.
    who = gettext_lazy("新人员")
    acting = forms.BooleanField(label=gettext_lazy("代理或主持工作"), required=False)
    from_on = day_field(gettext_lazy("任职开始日期"))
    until_on = day_field(
        gettext_lazy("代理结束日期（可不填）"),
        gettext_lazy("自这一天起不再代理；正式任职不填。"),
        required=False,
    )
    basis = forms.CharField(
        label=gettext_lazy("任职文号或依据（可不填）"), max_length=120, required=False
    )

    def __init__(self, *args, office: Office, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = _(
            "从别处调来的，填写姓名和已登记的手机号，系统会认出同一个人。"
        )
        if office.is_single:
            self.fields["acting"].help_text = _("勾选后现任%(role)s的任职不变。") % {
                "role": office.role.label
            }

    def clean(self) -> dict:
        data = super().clean()
        if data.get("until_on") and not data.get("acting"):
            self.add_error(
                "until_on", _("正式任职不填结束日期；如属代理，请勾选“代理或主持工作”。")
            )
        return data


class OfficeFilter(forms.Form):
    """Which places are listed."""

    q = forms.CharField(label=gettext_lazy("单位"), required=False, max_length=40)
    vacant = forms.BooleanField(label=gettext_lazy("只看空缺的"), required=False)

    def __init__(self, *args, office: Office, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not office.is_single:
            del self.fields["vacant"]
