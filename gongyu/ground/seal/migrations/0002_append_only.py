from django.db import migrations

from gongyu.ground.seal.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("seal", "0001_initial")]

    operations = [
        append_only("seal_seal", key="id", unique=(("table_name", "number"),)),
        append_only("seal_block", key="id", unique=(("seal_id", "number"),)),
    ]
