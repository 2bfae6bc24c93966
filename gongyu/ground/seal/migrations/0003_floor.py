from django.db import migrations

from gongyu.ground.seal.triggers import floor_without_text


class Migration(migrations.Migration):
    dependencies = [("seal", "0002_append_only")]

    operations = [migrations.RunPython(floor_without_text, migrations.RunPython.noop)]
