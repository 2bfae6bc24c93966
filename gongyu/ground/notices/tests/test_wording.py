"""What no notice says, and how hard its words are to read."""

import re

import pytest

from gongyu.ground.notices.drafts import DRAFTS
from gongyu.ground.notices.reading import ease, is_common, seconds_to_read
from gongyu.ground.notices.wording import advice, faults

pytestmark = pytest.mark.without_database


@pytest.mark.parametrize(
    "words",
    [
        "还没交的同学：三个人，请尽快。",
        "【几月几日】放假。",
        "未完成名单如下。",
        "请每天打卡，截图发群里。",
        "请家长接龙回复。",
        "必须下载某某应用并注册。",
        "全班前十名表扬，倒数三名谈话。",
        "请到https://item.jd.com/1.html下单。",
        "扫码支付班费。",
        "留守儿童请到办公室领书包。",
        "家长张三13900001111的妈妈请回电",
    ],
)
def test_what_shames_counts_sells_or_labels_is_found_with_how_to_mend_it(words):
    found = faults("通知", words)
    assert found and found[0].found in words and len(found[0].message) > 8


@pytest.mark.parametrize(
    "words",
    [
        "周五下午三点放学。来不及接的，孩子可以在教室等到五点。",
        "请您选一个时间，来不了没关系。",
        "学校电话63830000，有事请打。",
        "第一节课照常上。前面路口在修路，请慢行。",
    ],
)
def test_everyday_words_pass(words):
    assert faults("通知", words) == []


def test_one_name_may_be_a_word_by_chance_two_are_a_list():
    names = ["高兴", "李小明", "王小红"]
    assert faults("通知", "老师很高兴。", names) == []
    assert faults("通知", "李小明和王小红来拿书。", names)


def test_short_everyday_sentences_read_younger_than_an_office_writes():
    plain = ease("明天放假。孩子不用来学校。在家不玩水。")
    office = ease(
        "为进一步贯彻落实关于切实加强暑期未成年人防溺水安全教育管理工作的相关要求请各位监护人履行监护职责"
    )
    assert plain.age <= 8 < office.age
    assert plain.is_plain and not office.is_plain
    assert ease("").age == 6
    assert is_common("学") and not is_common("龘") and not is_common("a")
    assert ease("龘字难认。").rare == ("龘",)
    assert len(advice("龘" + "长" * 50)) == 2


def test_every_template_is_plain_and_says_nothing_forbidden():
    for draft in DRAFTS.values():
        assert draft.ease.is_plain, f"{draft.code} reads as {draft.ease.age}"
        # Only its blanks stand in the way, until somebody fills them in.
        filled = re.sub("【[^】]*】", "五号", str(draft.words))
        assert faults(str(draft.title), filled) == []


def test_reading_takes_as_long_as_a_slow_reader_needs():
    assert seconds_to_read("", "字" * 250, asks=False) == 15 + 60
    assert seconds_to_read("", "字" * 250, asks=True) == 15 + 60 + 30
