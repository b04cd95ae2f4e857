"""The search text begins with the title: lists by title are sorted by it."""

from django.db import migrations

from pti.migrations._search import fill

NAMES = ("title", "number", "short_title", "title_variants", "diagnosis", "objectives", "content", "audience")


def write_again(apps, schema_editor):
    fill(apps.get_model("actions", "Action"), NAMES)


class Migration(migrations.Migration):
    dependencies = [("actions", "0001_squashed_0016_lookups_of_the_pictures")]

    operations = [migrations.RunPython(write_again, migrations.RunPython.noop)]
