"""One row for each day that the law, the city or a school authority takes out of the weekly rule."""

from django.db import models


class SpecialDay(models.Model):
    """A day off, or a weekend day that is worked. A day stands here at most once."""

    day = models.DateField("日期", unique=True)
    is_working = models.BooleanField("上班")
    name = models.CharField("名称", max_length=40)
    source = models.CharField("依据", max_length=120)

    class Meta:
        verbose_name = "节假日"
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="holidays_day_has_a_name"),
            models.CheckConstraint(
                condition=~models.Q(source=""), name="holidays_day_has_a_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
