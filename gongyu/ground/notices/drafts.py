"""Templates: what is said often, in words that a child could read aloud to a grandmother."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .reading import Ease, ease


@dataclass(frozen=True, slots=True)
class Draft:
    """A beginning that its writer completes: what stands in 【】 is filled in by hand."""

    code: str
    kind: str
    title: str
    words: str
    choices: tuple[str, ...] = ()

    @property
    def ease(self) -> Ease:
        return ease(str(self.words))


DRAFTS: dict[str, Draft] = {
    draft.code: draft
    for draft in (
        Draft("holiday", "to_know", _("放假安排"),
              _("【几月几日】到【几月几日】放假。【几月几日】照常上课。放假在家，请看好孩子，不玩水，不玩火。")),
        Draft("early", "to_know", _("放学时间变动"),
              _("【几月几日】下午【几点】放学，比平时早。来不及接的，孩子可以在教室等到【几点】。")),
        Draft("weather", "safety", _("天气变化，注意安全"),
              _("今天有大雨。上学路上慢一点，不走河边，不走陡坡。雨太大可以晚到，不算迟到。")),
        Draft("stop", "safety", _("今天停课"),
              _("今天停课，孩子不用来学校。已经到校的，老师会看着，请来接。有难处，打学校电话。")),
        Draft("trip", "to_answer", _("外出活动，请您拿主意"),
              _("【几月几日】带孩子去【哪里】，【几点】回。不收钱。孩子去不去，请您选一个。不去的，在校有老师带。"),
              (_("去"), _("不去"))),
        Draft("health", "to_know", _("学校里有同学感冒"),
              _("最近感冒的孩子多。孩子发烧，请在家休息，给老师说一声就行，不用医院证明。")),
        Draft("meeting", "to_answer", _("想请您来学校聊聊"),
              _("【几月几日几点】开家长会。来不了没关系，可以打电话，也可以另外约。"),
              (_("能来"), _("来不了，请给我打电话"))),
    )
}  # fmt: skip
