"""Members of staff whose family name has a reading of its own are found by it."""

from django.db import migrations

from gongyu.ground.staff.naming import initials


def read_anew(apps, _schema) -> None:
    Staff = apps.get_model("staff", "Staff")
    changed = []
    for pk, name, before in Staff.objects.values_list("pk", "name", "initials").iterator(2000):
        if (now := initials(name)) != before:
            changed.append(Staff(pk=pk, initials=now))
    Staff.objects.bulk_update(changed, ["initials"], batch_size=400)


class Migration(migrations.Migration):
    dependencies = [("staff", "0004_complaint_handler")]

    operations = [migrations.RunPython(read_anew, migrations.RunPython.noop)]
