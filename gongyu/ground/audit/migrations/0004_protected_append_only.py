from django.db import migrations

from gongyu.ground.seal.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_protected")]

    operations = [append_only("audit_protectedentry", number=3)]
