"""The pages that are measured, by URL name, and what is asked of each."""

from dataclasses import dataclass

PACT, ACTION, PARTNER, VERSION, AMENDMENT = "pact", "action", "partner", "version", "amendment"
DRAFT = "amendment as a pact"


@dataclass(frozen=True)
class Page:
    """`ratio`: times the empty page; `queries`: at most; `args`: what the address names after the pact."""

    label: str
    name: str
    kind: str = "other"
    args: tuple = (PACT,)
    query: str = ""

    @property
    def is_list(self):
        return self.kind == "list"

    @property
    def ratio(self):
        return {"list": 8, "dashboard": 7, "fiche": 9, "view": 12}.get(self.kind)

    @property
    def queries(self):
        return {"list": 16, "dashboard": 25, "fiche": 25}.get(self.kind)


PAGES = (
    Page("dashboard", "evaluation:dashboard", "dashboard"),
    Page("fiches-actions", "actions:action_list", "list"),
    Page("board", "actions:action_board", "view"),
    Page("saved views", "actions:saved_view_list"),
    Page("bulk edit", "actions:batch_add"),
    Page("fiche-action", "actions:action_detail", "fiche", (PACT, ACTION)),
    Page("story of a fiche", "governance:action_story", args=(PACT, ACTION)),
    Page("alerts", "actions:alerts"),
    Page("agenda of a list", "governance:agenda_from_list", query="?alerte=soutien"),
    Page("blocking points", "governance:blocking_list", "list"),
    Page("pact on a past day", "evaluation:past_day", args=(PACT, "day")),
    Page("my actions", "actions:my_actions"),
    Page("partners", "partners:partner_list", "list"),
    Page("committees", "governance:committee_list", "list"),
    Page("meetings", "governance:meeting_list", "list"),
    Page("decisions", "governance:decision_list", "list"),
    Page("indicators", "actions:indicator_list", "list"),
    Page("fundings", "actions:funding_list", "list"),
    Page("fundings, totals", "actions:funding_totals", "list"),
    Page("fundings, grid", "actions:funding_grid"),
    Page("subsidies", "actions:subsidy_list", "list"),
    Page("roadmaps", "actions:roadmap_list", "list"),
    Page("roadmap", "actions:roadmap_detail", args=(PACT, 2026)),
    Page("context figures", "figure_list", "list"),
    Page("journal", "journal", "list"),
    Page("pact document", "pact_detail"),
    Page("version", "version_detail", args=(PACT, VERSION)),
    Page("comparison", "version_compare", query="?avant=1&apres=2"),
    Page("consultations", "partners:consultation_list", "list"),
    Page("consultation", "partners:consultation_detail", args=(PACT, "consultation")),
    Page("proposals", "partners:proposal_list"),
    Page("signatures", "partners:signature_board"),
    Page("signing file", "partners:signing_file", args=(PACT, PARTNER)),
    Page("recording a signature", "partners:signature_add", args=(PACT, "awaited")),
    Page("closing", "partners:signature_close"),
    Page("reminders", "partners:reminder_list"),
    Page("deliberations", "partners:deliberation_list"),
    Page("amendments", "amendment_list"),
    Page("amendment", "amendment_detail", args=(PACT, AMENDMENT)),
    Page("amendment, points", "amendment_points", args=(PACT, AMENDMENT)),
    Page("publication", "partners:publication_edit"),
    Page("public page", "partners:public_pact", args=("publication",)),
    Page("workbook, sending", "actions:workbook_import", args=(DRAFT,)),
    Page("workbook, checking", "actions:workbook_check", args=(DRAFT, "workbook")),
    Page("evaluation", "evaluation:home"),
)
EMPTY = Page("empty page", "bench_empty")
STOCK = Page("stock admin", "stock:actions_action_changelist", args=())
