import django.db.models.deletion
from django.db import migrations, models

DISPUTED = models.Func(
    models.F("shown"),
    models.Value(
        '$.values[*] ? (@.field == "started_at" || @.field == "ended_at" || @.field == "duration"'
        ' || @.field == "cause" || @.field == "severity" || @.field == "impact").publishers_against[0]'
    ),
    function="jsonb_path_exists",
    output_field=models.BooleanField(),
)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0007_postmortems")]

    operations = [
        # Nothing has ever written a row of it: the names now hang on the reports that use them.
        migrations.DeleteModel(name="UnknownName"),
        migrations.CreateModel(
            name="UnknownName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("provider", "provider"),
                            ("region", "region"),
                            ("service", "service"),
                            ("organisation", "organisation"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "slug",
                    models.CharField(
                        help_text="of a provider's code with its owner: aws:newservice", max_length=220
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unknown_names",
                        to="incidents.report",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "slug"], name="incidents_u_kind_475cd0_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "kind", "slug"), name="unknown_name_once_a_report"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="report",
            name="is_due",
            field=models.BooleanField(
                default=False,
                help_text="a person's word changes how it is read: it waits to be drawn again",
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(condition=models.Q(("is_due", True)), fields=["id"], name="report_due"),
        ),
        migrations.RemoveConstraint(model_name="turn", name="turn_once_a_person"),
        migrations.AddField(
            model_name="turn", name="kind", field=models.CharField(default="pair", max_length=10)
        ),
        migrations.AlterField(
            model_name="turn", name="b", field=models.CharField(blank=True, max_length=600)
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.UniqueConstraint(
                fields=("kind", "a", "b", "person"), name="turn_once_a_person"
            ),
        ),
        migrations.AlterField(
            model_name="verdict",
            name="kind",
            field=models.CharField(
                choices=[
                    ("same", "Same"),
                    ("not-same", "not the same"),
                    ("hit", "Hit"),
                    ("value", "Value"),
                    ("account", "Account"),
                    ("fact", "Fact"),
                    ("owner", "Owner"),
                    ("relevance", "Relevance"),
                    ("name", "Name"),
                    ("collision", "Collision"),
                    ("source", "Source"),
                    ("correction", "Correction"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="verdict",
            name="subject",
            field=models.CharField(
                blank=True,
                help_text="whom a fact is about, organisation:x; empty: the incident",
                max_length=140,
            ),
        ),
        migrations.AddIndex(
            model_name="verdict", index=models.Index(fields=["b"], name="incidents_v_b_053205_idx")
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["account", "fact", "owner", "relevance"]), _negated=True),
                    models.Q(("a__gt", ""), ("b__gt", "")),
                    _connector="OR",
                ),
                name="verdict_on_a_reading_names_account_and_report",
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(condition=models.Q(DISPUTED), fields=["id"], name="incident_disputed"),
        ),
        migrations.AddIndex(
            model_name="impact",
            index=models.Index(
                condition=models.Q(("status", "candidate")), fields=["id"], name="impact_candidate"
            ),
        ),
    ]
