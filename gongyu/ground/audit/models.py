"""The audit: one append-only table of who did or read what, when, and why."""

from django.db import models


class Entry(models.Model):
    """One deed or one reading. Ids are plain numbers: an audit row outlives what it speaks of."""

    SEAL_NUMBER = 1  # as in the migration that makes the table append-only

    seq = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    staff_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=60)
    verb = models.CharField(max_length=40)  # such as child.read, visit.record, roster.import
    subject_type = models.CharField(max_length=20)
    subject_id = models.BigIntegerField(null=True)
    place_id = models.BigIntegerField(null=True)
    why = models.CharField(max_length=200, blank=True, default="")
    detail = models.JSONField(default=dict)  # codes, counts and ids only; never a child's data

    class Meta:
        verbose_name = "审计记录"
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="audit_entry_subject"),
            models.Index(fields=["user_id", "at"], name="audit_entry_user"),
        ]
