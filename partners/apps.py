"""The « Partenaires » floor."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = "Partenaires"

    def ready(self):
        from partners import consulting, consulting_reminders, facts, parts, sources
        from partners.models import ClosingDocument, PartnerDocument
        from partners.signing import agreement, reminders
        from partners.turns import consultation_turn
        from pti import accounts, files, jobs, mail_choices, turns

        parts.register_all()
        sources.register_all()
        facts.register_all()
        signing = "Ne plus me rappeler une délibération ou une signature attendue"
        mail_choices.register(reminders.KIND, signing, key=reminders.KEY)
        asked = "Ne plus me rappeler un avis attendu sur le texte du pacte"
        mail_choices.register(consulting_reminders.KIND, asked, key=consulting_reminders.KEY)
        files.register("partenaire", PartnerDocument)
        turns.register(consultation_turn)
        accounts.also_forget(consulting.forget)
        files.register("cloture", ClosingDocument)
        jobs.register("relances de signature", reminders.queue_due, in_slot=True)
        jobs.register("relances de concertation", consulting_reminders.queue_due, in_slot=True)
        jobs.register("adresses réseau à effacer", agreement.erase_addresses)
