"""Seals: what an append-only table held up to a number, so that a later change shows."""

from django.db import models


class Seal(models.Model):
    """Rows first_seq–last_seq of one table, bound into the head before it (see formats.py)."""

    table_name = models.CharField(max_length=40)
    number = models.PositiveIntegerField()  # 1, 2, 3 … within the table
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    row_count = models.BigIntegerField()
    columns = models.TextField()  # what was sealed, such as "kind:text on_date:date"
    root = models.CharField(max_length=64)
    previous_head = models.CharField(max_length=64)
    head = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    sealed_at = models.CharField(max_length=32)  # text, as it is part of what is signed

    class Meta:
        verbose_name = "封存"
        constraints = [
            models.UniqueConstraint(name="seal_once", fields=["table_name", "number"]),
            models.CheckConstraint(
                name="seal_covers_rows", condition=models.Q(last_seq__gte=models.F("first_seq"))
            ),
        ]


class Block(models.Model):
    """At most 256 rows of a seal with a short print of each, by which a changed row is named."""

    seal = models.ForeignKey(Seal, models.PROTECT, related_name="blocks")
    number = models.PositiveIntegerField()  # 0, 1, 2 … within the seal
    runs = models.TextField()  # the seqs, such as "1-200 202-257"
    prints = models.BinaryField()  # 16 bytes a row, in the order of the seqs

    class Meta:
        verbose_name = "封存分块"
        constraints = [models.UniqueConstraint(name="seal_block_once", fields=["seal", "number"])]
