"""What each person no longer wants to receive moves to the ground floor, where every floor may ask: one row a kind of mail."""

from django.db import migrations

# « Ne plus me relancer » was said of every reminder: it holds for those that could not be refused yet.
KINDS = {
    "no_requests": ["campaign_opening"],
    "no_reminders": ["campaign_reminder", "signature_reminder", "consultation_reminder", "indicators_of_axes"],
    "no_answers": ["blocking_answer"],
    "no_news_of_views": ["saved_views"],
}


def move_down(apps, schema_editor):
    refusal = apps.get_model("pti", "MailRefusal")
    rows = [
        refusal(email=choice.email.lower(), kind=kind)
        for choice in apps.get_model("actions", "MailChoice").objects.all()
        for name, kinds in KINDS.items()
        if getattr(choice, name)
        for kind in kinds
    ]
    refusal.objects.bulk_create(rows, ignore_conflicts=True)


def move_up(apps, schema_editor):
    choices = apps.get_model("actions", "MailChoice").objects
    names = {kind: name for name, kinds in KINDS.items() for kind in kinds[:1]}
    for row in apps.get_model("pti", "MailRefusal").objects.filter(kind__in=names):
        choices.update_or_create(email=row.email, defaults={names[row.kind]: True})


class Migration(migrations.Migration):

    dependencies = [
        ("pti", "0011_mail_refusals"),
        ("actions", "0013_funders_asked"),
    ]

    operations = [
        migrations.RunPython(move_down, move_up),
        migrations.DeleteModel(name="MailChoice"),
    ]
