"""One name a person, as its owner writes it, in the place of two."""

from django.db import migrations
from django.db.models import F, Value
from django.db.models.functions import Concat, Left, Trim


def join(apps, schema_editor):
    people = apps.get_model("incidents", "User").objects.filter(name="")
    people.update(name=Trim(Concat(F("first_name"), Value(" "), F("last_name"))))


def part(apps, schema_editor):
    apps.get_model("incidents", "User").objects.update(first_name=Left("name", 150))


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0011_watches'),
    ]

    operations = [migrations.RunPython(join, part)]
