"""Which report states that an edge was left: with it the end goes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0014_words_and_insights")]

    operations = [
        migrations.AddField(
            model_name="dependency",
            name="ended_by",
            field=models.CharField(
                blank=True,
                default="",
                help_text="key of the report that states it; empty: the catalogue",
                max_length=500,
            ),
            preserve_default=False,
        )
    ]
