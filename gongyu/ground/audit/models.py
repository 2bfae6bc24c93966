"""The audit: one append-only table of who did or read what, when, and why; another for the sealed."""

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


class ProtectedEntry(models.Model):
    """One deed or reading of something sealed. It stands in a table of its own, so that the numbers,
    counts and seals of the ordinary audit are the same with it and without it. It names a case
    token and a place, never a child; who acted is encrypted."""

    SEAL_NUMBER = 3  # as in the migration that makes the table append-only

    seq = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    verb = models.CharField(max_length=40)  # such as report.record, report.read
    token = models.CharField(max_length=32)
    place_id = models.BigIntegerField(null=True)
    actor = models.TextField()  # hexadecimal; opened by protected.py alone
    detail = models.JSONField(default=dict)  # codes and counts only

    class Meta:
        verbose_name = "封存的审计记录"
        indexes = [models.Index(fields=["token"], name="audit_protected_token")]
