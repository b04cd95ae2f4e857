"""Addresses of the governance floor."""

from django.urls import path, register_converter

from governance.forms import PART_FORMS
from governance.views import agenda, blocking, committees, decisions, lists, meetings, story
from governance.views.timeline import timeline

app_name = "governance"


class WordConverter:
    """One of a few words."""

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class PartConverter(WordConverter):
    """The parts of a committee that have their own form."""

    regex = "|".join(PART_FORMS)


class WayConverter(WordConverter):
    """The two ways in which an agenda item moves."""

    regex = "monter|descendre"


register_converter(PartConverter, "committee_part")
register_converter(WayConverter, "agenda_way")

MEETING = "seances/<int:meeting_pk>/"
COMMITTEE = "instances/<int:committee_pk>/<committee_part:part>/"

urlpatterns = [
    path("fiches/frise/", timeline, name="timeline"),
    path("instances/", lists.CommitteeList.as_view(), name="committee_list"),
    path("instances/nouvelle/", committees.CommitteeCreate.as_view(), name="committee_create"),
    path("instances/<int:pk>/", committees.CommitteeDetail.as_view(), name="committee_detail"),
    path("instances/<int:pk>/modifier/", committees.CommitteeEdit.as_view(), name="committee_edit"),
    path("instances/<int:pk>/supprimer/", committees.committee_delete, name="committee_delete"),
    path(COMMITTEE + "ajouter/", committees.edit_part, name="committee_part_create"),
    path(COMMITTEE + "<int:pk>/modifier/", committees.edit_part, name="committee_part_edit"),
    path(COMMITTEE + "<int:pk>/retirer/", committees.delete_part, name="committee_part_delete"),
    path("seances/", lists.MeetingList.as_view(), name="meeting_list"),
    path("seances/presences/", lists.AttendanceList.as_view(), name="attendance_list"),
    path("seances/nouvelle/", meetings.MeetingCreate.as_view(), name="meeting_create"),
    path("seances/<int:pk>/", meetings.MeetingDetail.as_view(), name="meeting_detail"),
    path("seances/<int:pk>/modifier/", meetings.MeetingEdit.as_view(), name="meeting_edit"),
    path("seances/<int:pk>/presences/", meetings.attendance, name="attendance"),
    path("seances/<int:pk>/presences/membres/", meetings.invite_members, name="invite_members"),
    path("seances/<int:pk>/repondre/", meetings.answer, name="meeting_answer"),
    path("seances/<int:pk>/compte-rendu/", meetings.MinutesEdit.as_view(), name="minutes_edit"),
    path("seances/<int:pk>/compte-rendu/envoyer/", meetings.send_minutes, name="minutes_send"),
    path("seances/<int:pk>/clore/", meetings.close_meeting, name="meeting_close"),
    path("seances/<int:pk>/rouvrir/", meetings.reopen_meeting, name="meeting_reopen"),
    path(MEETING + "documents/ajouter/", meetings.document_add, name="document_add"),
    path("seances/documents/<int:pk>/retirer/", meetings.document_delete, name="document_delete"),
    path(MEETING + "points/ajouter/", agenda.edit_item, name="item_create"),
    path(MEETING + "points/proposes/", agenda.add_proposal, name="item_proposed"),
    path(MEETING + "points/<int:pk>/", agenda.edit_item, name="item_edit"),
    path(MEETING + "points/<int:pk>/retirer/", agenda.delete_item, name="item_delete"),
    path(MEETING + "points/<int:pk>/reporter/", agenda.move_item, name="item_move"),
    path(MEETING + "points/<int:pk>/<agenda_way:way>/", agenda.shift_item, name="item_shift"),
    path(MEETING + "decisions/ajouter/", decisions.edit_decision, name="decision_create"),
    path(MEETING + "decisions/<int:pk>/", decisions.edit_decision, name="decision_edit"),
    path("decisions/<int:pk>/suivi/", decisions.follow_decision, name="decision_follow"),
    path("saisines/point/<int:update_pk>/", blocking.create_referral, name="referral_create"),
    path("saisines/<int:pk>/reponse/", blocking.answer_referral, name="referral_answer"),
    path("fiches/<int:pk>/histoire/", story.action_story, name="action_story"),
    path("blocages/", blocking.BlockingList.as_view(), name="blocking_list"),
    path("alertes/ordre-du-jour/", blocking.agenda_from_list, name="agenda_from_list"),
    path("decisions/", lists.DecisionList.as_view(), name="decision_list"),
    path("saisines/", lists.ReferralList.as_view(), name="referral_list"),
]
