"""The ledger: one append-only table of facts, the only thing that indicators read."""

from django.db import models


class Fact(models.Model):
    """What happened, to whom, where, when. Never changed and never deleted: a correction appends a
    fact that supersedes. `until_date` is the first day on which the fact no longer holds."""

    SEAL_NUMBER = 2  # as in the migration that makes the table append-only

    seq = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=12)  # child, place, staff, case
    subject_id = models.BigIntegerField()
    place_id = models.BigIntegerField(null=True)
    on_date = models.DateField()
    until_date = models.DateField(null=True)
    actor_id = models.BigIntegerField(null=True)  # the member of staff who did it
    actor_post_id = models.BigIntegerField(null=True)
    status = models.CharField(max_length=24, blank=True, default="")
    detail = models.CharField(max_length=40, blank=True, default="")
    quantity = models.IntegerField(default=1)
    attrs = models.JSONField(default=dict)
    source_model = models.CharField(max_length=40)
    source_id = models.BigIntegerField()
    supersedes_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = "事实"
        constraints = [
            # Few facts supersede, so the index holds only those.
            models.UniqueConstraint(
                name="ledger_fact_superseded_once",
                fields=["supersedes_id"],
                condition=models.Q(supersedes_id__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "kind"], name="ledger_fact_subject"),
            models.Index(fields=["place_id", "kind"], name="ledger_fact_place"),
            models.Index(fields=["source_model", "source_id"], name="ledger_fact_source"),
        ]
