"""Names from a seed: common surnames with generated given names; nobody real is meant."""

from __future__ import annotations

import random

SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏"
    "魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵"
    "万钱严覃武戴莫孔向汤冉牟简敖蒲游"
)
GIVEN = {
    "M": "浩宇子轩俊杰明睿博文天佑嘉豪志远一诺泽辰承泽景行修远家乐思源鹏程昊然立诚云帆书墨奕辰柏川",
    "F": "雨欣诗涵梓萱思琪佳怡语嫣若溪静雅晨曦可馨心怡婉清月华芷若雪晴依诺沐瑶知夏念慈楚云书瑶锦溪",
}


class Names:
    """Draws names; the same seed gives the same names in the same order."""

    def __init__(self, draw: random.Random):
        self._draw = draw

    def surname(self) -> str:
        return self._draw.choice(SURNAMES)

    def given(self, sex: str) -> str:
        pool = GIVEN[sex]
        count = 2 if self._draw.random() < 0.82 else 1
        return "".join(self._draw.choice(pool) for _ in range(count))

    def person(self, sex: str, surname: str | None = None) -> str:
        return (surname or self.surname()) + self.given(sex)


def id_number(count: int, born: str, sex: str) -> str:
    """A number whose checksum holds (GB 11643), the `count`-th made; its area codes, 5099xx, were
    never given out, so that it can be nobody's."""
    order = count // 100 % 500 * 2 + (1 if sex == "M" else 0)
    body = f"5099{count % 100:02d}{born}{order:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]
