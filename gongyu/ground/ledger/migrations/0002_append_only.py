from django.db import migrations

from gongyu.ground.seal.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [append_only("ledger_fact", unique=(("supersedes_id",),), number=2)]
