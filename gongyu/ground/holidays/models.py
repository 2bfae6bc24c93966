"""One row for each day that the law, the city or a school authority takes out of the weekly rule."""

from django.db import models


class SpecialDay(models.Model):
    """A day off, or a weekend day that is worked: in the whole city, or in one district, which may
    keep a day of its own (an autonomous county's anniversary). A day stands here once for each."""

    day = models.DateField("日期")
    # The six digits of the district's code; empty for the whole city. This room lies below places.
    district = models.CharField("区县代码", max_length=6, blank=True, default="")
    is_working = models.BooleanField("上班")
    name = models.CharField("名称", max_length=40)
    source = models.CharField("依据", max_length=120)

    class Meta:
        verbose_name = "节假日"
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["day", "district"], name="holidays_day_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="holidays_day_has_a_name"),
            models.CheckConstraint(
                condition=~models.Q(source=""), name="holidays_day_has_a_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
