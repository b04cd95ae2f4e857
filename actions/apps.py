"""The « Fiches-actions » floor."""

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "actions"
    verbose_name = "Fiches-actions"

    def ready(self):
        from actions import facts, parts, sources, tabs, watching
        from actions.bulk import deeds as bulk
        from actions.campaigns import deeds, mails, values
        from actions.models import Action, ActionDocument, Axis, Indicator, Milestone
        from actions.sheets import taking
        from actions.turns import campaign_turn
        from partners.signals import commitment_told
        from pti import accounts, files, jobs, journal, outbox, turns

        parts.register_all()
        sources.register_all()
        facts.register_all()
        tabs.register_all()
        files.register("fiche", ActionDocument)
        journal.allow_restore(Action, Axis, Indicator, Milestone)
        jobs.register("classeurs de fiches", taking.take_waiting, at_once=True)
        jobs.register("modifications en lot", bulk.run_waiting, at_once=True)
        jobs.register("ouvertures de collecte", deeds.open_due)
        jobs.register("relances de collecte", mails.queue_in_slot)
        jobs.register("vues suivies", watching.queue_in_slot)
        turns.register(campaign_turn)
        commitment_told.connect(deeds.hear_commitment)
        outbox.dress(mails.KEY, mails.dress)
        outbox.dress(watching.KEY, watching.dress)
        outbox.dress(values.KEY, values.dress)
        accounts.also_forget(mails.forget)
        accounts.also_forget(watching.forget)
