from django.db import migrations

from gongyu.ground.seal.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("seal", "0001_initial")]

    operations = [append_only("seal_seal", key="id"), append_only("seal_block", key="id")]
