"""Models of the actions' floor, one file per notion."""

from actions.models.axes import Axis, Theme
from actions.models.batches import Batch, BatchLine
from actions.models.campaigns import AnswerLink, Campaign, CampaignPlan, CampaignRequest
from actions.models.fiches import Action, ActionDocument
from actions.models.fundings import Funding
from actions.models.indicators import Indicator, Measure, Target
from actions.models.leads import Lead
from actions.models.milestones import Milestone
from actions.models.roadmaps import Roadmap
from actions.models.saved_views import SavedView, Subscription
from actions.models.updates import Update
from actions.models.workbooks import Workbook

__all__ = [
    "Action",
    "ActionDocument",
    "AnswerLink",
    "Axis",
    "Batch",
    "BatchLine",
    "Campaign",
    "CampaignPlan",
    "CampaignRequest",
    "Funding",
    "Indicator",
    "Lead",
    "Measure",
    "Milestone",
    "Roadmap",
    "SavedView",
    "Subscription",
    "Target",
    "Theme",
    "Update",
    "Workbook",
]
