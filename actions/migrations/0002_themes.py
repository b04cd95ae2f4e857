"""Every base begins with the themes of the guide."""

from django.db import migrations

from actions.migrations._themes import add, remove


class Migration(migrations.Migration):
    dependencies = [("actions", "0001_initial")]

    operations = [migrations.RunPython(add, remove, elidable=True)]
