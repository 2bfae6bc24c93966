"""What the notices keep: what the demo's channel would have sent."""

from __future__ import annotations

from django.db import models

from gongyu.ground.secrets.fields import SecretField


class ShownMessage(models.Model):
    """What the channel of the demo city would have sent."""

    path = models.CharField(max_length=8)
    key = models.CharField(max_length=64)
    address = SecretField()
    address_digest = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=10)
    subject = SecretField(blank=True, default="")
    words = SecretField()
    link = SecretField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "演示中不真正发出的消息"
        constraints = [
            models.UniqueConstraint(fields=["path", "key"], name="notices_shown_once"),
        ]
