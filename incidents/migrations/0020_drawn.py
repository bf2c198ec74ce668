"""Pictures and months beside the figures, and indexes for the widest outages and for those of an organisation."""

from typing import Any

from django.db import migrations, models


def count_again(apps: Any, schema_editor: Any) -> None:
    """A worker counts at its next tick where nothing says that it has."""
    apps.get_model("incidents", "Counting").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("incidents", "0019_days_by_index")]

    operations = [
        migrations.AddField(
            model_name="figures",
            name="months",
            field=models.JSONField(default=list, help_text="[year-month, lane, count], by when they began"),
        ),
        migrations.AddField(model_name="figures", name="pictures", field=models.JSONField(default=dict)),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                models.OrderBy(
                    models.Func(
                        models.F("hit"), function="cardinality", output_field=models.IntegerField()
                    ),
                    descending=True,
                ),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("hit", []), _negated=True),
                name="incident_widest",
            ),
        ),
        migrations.RunPython(count_again, migrations.RunPython.noop),
    ]
