from django.db import migrations, models

import actions.tabs


class Migration(migrations.Migration):
    dependencies = [("actions", "0014_mail_choices_move_down")]

    operations = [
        migrations.AddField(
            model_name="savedview",
            name="tab",
            field=models.CharField(choices=actions.tabs.choices, default="liste", max_length=20, verbose_name="onglet"),
        ),
    ]
