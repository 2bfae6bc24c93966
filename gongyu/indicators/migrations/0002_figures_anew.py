"""Figures made before hid small cells by a rule that an earlier day could undo: they are made anew
from the ledger by the next refresh, and month ends with it."""

from django.db import migrations


def forget_figures(apps, schema_editor):
    apps.get_model("indicators", "Refresh").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial")]
    operations = [migrations.RunPython(forget_figures, migrations.RunPython.noop)]
