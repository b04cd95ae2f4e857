"""The lines that the journal already has enter its index; here, because the top floor knows every table of past rows."""

from itertools import groupby

from django.db import migrations


def past_models(apps):
    """(kind, historical model) of everything the journal follows."""
    for model in apps.get_models():
        if model.__name__.startswith("Historical"):
            yield f"{model._meta.app_label}.{model._meta.model_name.removeprefix('historical')}", model


def index(apps, schema_editor):
    line = apps.get_model("pti", "JournalLine")
    for kind, model in past_models(apps):
        states = model.objects.order_by("id", "history_id").values_list(
            "id", "history_id", "history_date", "history_user_id", "journal_pact_id"
        )
        rows = []
        for _, own in groupby(states.iterator(), key=lambda state: state[0]):
            before = None
            for _, number, at, user, pact in own:
                rows.append(line(kind=kind, line=number, before=before, at=at, user_id=user, pact_id=pact))
                before = number
        line.objects.bulk_create(rows, batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [
        ("pti", "0005_journal_index"),
        ("partners", "0002_signing_file"),
        ("actions", "0003_workbooks"),
        ("governance", "0002_revisions"),
        ("evaluation", "0002_revisions"),
    ]

    operations = [migrations.RunPython(index, migrations.RunPython.noop, elidable=True)]
