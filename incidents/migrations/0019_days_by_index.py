from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0018_of_an_owner")]

    operations = [
        migrations.RemoveConstraint(model_name="daycount", name="day_counted_once"),
        migrations.AddConstraint(
            model_name="daycount",
            constraint=models.UniqueConstraint(
                fields=["scope", "day", "lane", "severity"],
                include=["count", "reached"],
                name="day_counted_once",
            ),
        ),
    ]
