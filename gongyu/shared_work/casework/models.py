"""The sealed report and its steps. What it says, whom it is about and who reported are encrypted.

Retention: nothing here is deleted by a timer. A report is kept under legal hold until the rules of
the civil affairs and procuratorate side, which measure 9 brings, say what becomes of it.
"""

from django.db import models
from django.db.models import Q

from gongyu.ground.places.models import Place
from gongyu.ground.secrets.fields import SecretField

from .states import REPORT


class Report(models.Model):
    """That a suspicion of harm was reported. No column in clear says which child: a foreign key
    would betray it to whoever reads the database, and to whoever tries to delete the child."""

    token = models.CharField(max_length=32, unique=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, default="recorded")
    # Where the suspicion is about the school's own people, its liaison does not see it either.
    for_liaison = models.BooleanField("联络员可看", default=True)
    content = SecretField()  # shapes.Told as JSON
    reporter = SecretField()  # {"staff": …, "name": …}
    # The same form sent twice is one report; a keyed digest says nothing of who sent it.
    sent_digest = models.CharField(max_length=64, unique=True)
    receipt_salt = models.CharField(max_length=32)
    receipt_digest = models.CharField(max_length=64, unique=True)
    recorded_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "封存的报告"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=list(REPORT)), name="casework_report_status_known"
            )
        ]
        indexes = [models.Index(fields=["place", "status"], name="casework_report_place")]

    @property
    def label(self) -> str:
        return REPORT[self.status]["label"]


class Step(models.Model):
    """What came of a report: a receiver's answer, a number, how it ended."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=8)  # answer, close
    words = SecretField()
    by = SecretField()  # {"staff": …, "name": …}
    taken_at = models.DateTimeField()

    class Meta:
        verbose_name = "报告的后续"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["answer", "close"]), name="casework_step_kind_known"
            )
        ]
