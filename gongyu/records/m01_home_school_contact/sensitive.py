"""Words that a note about a visit hardly ever needs; meeting one gives a gentle hint, never a no."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# Least curiosity: what these words speak of is not the school's business at a visit.
WORDS = (
    (_("收入和家境"), "收入、工资、低保、贫困、贫穷、欠债、负债、欠款、房贷、存款、家境、破产"),
    (_("信仰"), "信教、信佛、基督、天主教、伊斯兰、宗教、教徒、做礼拜、法事"),
    (
        _("病情"),
        "患病、癌症、抑郁、精神病、精神分裂、自闭、多动症、艾滋、乙肝、癫痫、服药、住院、确诊",
    ),
    (_("婚姻和案件"), "离婚、出轨、外遇、坐牢、服刑、吸毒、判刑、犯罪、赌博"),
    (_("证件和账号"), "身份证号、银行卡、密码"),
)
# A suspicion of harm must not wait in a note: it is reported at once (未成年人保护法 art. 11).
HARM = "家暴、殴打、打骂、毒打、伤痕、淤青、虐待、猥亵、性侵、自杀、自残、遗弃、失踪"


def found_in(*texts: str) -> list[tuple[str, list[str]]]:
    """[(what it is about, the words found)], in the order of the table."""
    hits = [(str(about), _met(words, texts)) for about, words in WORDS]
    return [(about, met) for about, met in hits if met]


def speaks_of_harm(*texts: str) -> bool:
    """Does somebody write of harm done to a child?"""
    return bool(_met(HARM, texts))


def _met(words: str, texts: tuple[str, ...]) -> list[str]:
    whole = "\n".join(texts)
    return [word for word in words.split("、") if word in whole]
