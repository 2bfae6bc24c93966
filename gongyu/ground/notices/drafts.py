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
    def is_guidance(self) -> bool:
        """Is it one of what measure 7 wants families to be guided in?"""
        return self.code.startswith("guide_")

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
        # What measure 7 wants families to be guided in: plain words to know, never to report on.
        # Sending them is counted for the plan; what a family does with them is nobody's question.
        Draft("guide_patriotism", "to_know", _("看看身边的家乡"),
              _("放假带孩子看看身边的纪念馆、科技馆，多数不要钱。回来让孩子讲给家里人听。去不了也没关系。")),
        Draft("guide_study", "to_know", _("每天的功课"),
              _("给孩子一个安静的角落和固定的时间。做完看一眼就好，不用替他改。不会的，让他问老师。")),
        Draft("guide_hobbies", "to_know", _("看书和兴趣"),
              _("睡前一起看会儿书，谁念都行。学校可以借书。唱歌、画画、下棋，孩子喜欢就好。")),
        Draft("guide_chores", "to_know", _("一起做家务"),
              _("扫地、洗菜、洗自己的袜子，请孩子一起做。做不好不要紧，说声谢谢就好。")),
        Draft("guide_practice", "to_know", _("到外面走走"),
              _("赶场、逛公园、看大人做工，都是学习。走远路，先说好去哪里、几点回。")),
        Draft("guide_health", "to_know", _("吃好、睡好、动一动"),
              _("每天睡够，多到外面玩，对眼睛好。孩子难过的时候，先听他说。两个星期还不好，打12355。")),
    )
}  # fmt: skip
