from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0017_reaching")]

    operations = [
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["provider", "-started_at", "-id"], name="incident_of_provider"),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                fields=["organisation", "-started_at", "-id"], name="incident_of_organisation"
            ),
        ),
    ]
