"""Children and carers whose family name has a reading of its own are found by it."""

from django.db import migrations

from gongyu.ground.staff.naming import initials

# Millions of children are read; what changes is written as it is found.
BATCH = 2000


def read_anew(apps, _schema) -> None:
    for name in ("Child", "Carer"):
        _read_anew(apps.get_model("people", name))


def _read_anew(table) -> None:
    changed = []
    for pk, name, before in table.objects.values_list("pk", "name", "initials").iterator(BATCH):
        if (now := initials(name)) != before:
            changed.append(table(pk=pk, initials=now))
    for start in range(0, len(changed), BATCH):
        table.objects.bulk_update(changed[start : start + BATCH], ["initials"], batch_size=400)


class Migration(migrations.Migration):
    dependencies = [("people", "0002_rosters")]

    operations = [migrations.RunPython(read_anew, migrations.RunPython.noop)]
