"""What asks for a guardian's consent is told from what is merely to be made known."""

from django.db import migrations, models


def tell_apart(apps, _schema) -> None:
    # Until now only the words of the basis said which of the two it was.
    rows = apps.get_model("notices", "Notice").objects.filter(basis="law")
    asked = rows.filter(basis_words__contains="同意").values_list("pk", "choices")
    found = [pk for pk, choices in asked if choices == ["同意", "不同意"]]
    for start in range(0, len(found), 500):
        rows.filter(pk__in=found[start : start + 500]).update(basis="consent")


class Migration(migrations.Migration):
    dependencies = [("notices", "0006_handed")]

    operations = [
        migrations.RemoveConstraint(model_name="notice", name="notices_receipt_has_a_basis"),
        migrations.AlterField(
            model_name="notice",
            name="basis",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "不要求回执"),
                    ("law", "法律要求告知"),
                    ("consent", "法律要求监护人同意"),
                    ("danger", "人身安全"),
                ],
                max_length=8,
                verbose_name="要回执的依据",
            ),
        ),
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("basis__in", ["", "danger"]),
                    models.Q(("basis__in", ["law", "consent"]), ("basis_words__gt", "")),
                    _connector="OR",
                ),
                name="notices_receipt_has_a_basis",
            ),
        ),
    ]
