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


class Change(models.Model):
    """What was changed in the table, when and by whom: a clock that it moved can say so. A side
    without a name is a day that the table did not hold."""

    day = models.DateField("日期")
    district = models.CharField("区县代码", max_length=6, blank=True, default="")
    was_working = models.BooleanField(null=True)
    was_name = models.CharField(max_length=40, blank=True)
    was_source = models.CharField(max_length=120, blank=True)
    is_working = models.BooleanField(null=True)
    name = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=120, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=60)

    class Meta:
        verbose_name = "节假日的变更"
        ordering = ["changed_at", "pk"]
        indexes = [models.Index(fields=["changed_at"], name="holidays_change_at")]
