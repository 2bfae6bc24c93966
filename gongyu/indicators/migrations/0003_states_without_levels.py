"""States are stored without the places above them and without what their file's name says: those of
before are made anew from the ledger by the next refresh."""

from django.db import migrations


def forget_figures(apps, schema_editor):
    apps.get_model("indicators", "Refresh").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("indicators", "0002_figures_anew")]
    operations = [migrations.RunPython(forget_figures, migrations.RunPython.noop)]
