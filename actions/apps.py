"""The « Fiches-actions » floor."""

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "actions"
    verbose_name = "Fiches-actions"

    def ready(self):
        from actions import facts, parts, sources, tabs, watching
        from actions.bulk import deeds as bulk
        from actions.campaigns import deeds, joining, mails, preparing, values
        from actions.models import Action, ActionDocument, Axis, Funding, Indicator, Lead, Measure, Milestone, Target
        from actions.sheets import taking
        from actions.turns import campaign_turn
        from partners.signals import commitment_told
        from pti import accounts, files, jobs, journal, mail_choices, outbox, turns

        parts.register_all()
        sources.register_all()
        facts.register_all()
        tabs.register_all()
        files.register("fiche", ActionDocument)
        journal.allow_restore(Action, Axis, Funding, Indicator, Lead, Measure, Milestone, Target)
        jobs.register("classeurs de fiches", taking.take_waiting, at_once=True)
        jobs.register("modifications en lot", bulk.run_waiting, at_once=True)
        jobs.register("ouvertures de collecte", deeds.open_due, in_slot=True)
        jobs.register("relances de collecte", mails.queue_due, in_slot=True)
        jobs.register("vues suivies", watching.queue_in_slot, in_slot=True)
        turns.register(campaign_turn)
        commitment_told.connect(deeds.hear_commitment)
        mail_choices.register(preparing.OPENING, "Ne plus m’écrire à l’ouverture d’une collecte", key=mails.KEY)
        mail_choices.register(preparing.REMINDER, "Ne plus me relancer pendant une collecte", key=mails.KEY)
        mail_choices.register(values.KIND, "Ne plus me demander les valeurs des indicateurs d’un axe", key=values.KEY)
        mail_choices.register(watching.KIND, "Ne plus m’écrire sur les vues que je suis", key=watching.KEY)
        outbox.dress(mails.KEY, mails.dress)
        outbox.join(joining.JOINED, joining.joined)
        outbox.dress(watching.KEY, watching.dress)
        accounts.also_forget(mails.forget)
        accounts.also_forget(watching.forget)
