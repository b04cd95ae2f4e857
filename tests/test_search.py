"""Each list that searches: no accents, no case, ligatures spelled out, and every word required; lists follow the alphabet."""

import pytest
from django.urls import reverse

from pti.enums import Role
from tests.factories.actions import ActionFactory, IndicatorFactory
from tests.factories.governance import CommitteeFactory, MeetingFactory
from tests.factories.partners import OrganisationFactory, PartnerFactory
from tests.factories.pti import PactFactory, TerritoryFactory, person
from tests.world import log_in

# How a row of each list bears the words that are looked for.
LISTS = {
    "actions:action_list": lambda pact, words: ActionFactory(pact=pact, title=words),
    "actions:indicator_list": lambda pact, words: IndicatorFactory(pact=pact, action__pact=pact, name=words),
    "partners:partner_list": lambda pact, words: PartnerFactory(pact=pact, organisation=OrganisationFactory(name=words)),
    "governance:committee_list": lambda pact, words: CommitteeFactory(pact=pact, name=words),
    "governance:meeting_list": lambda pact, words: MeetingFactory(committee__pact=pact, object=words),
}


@pytest.mark.parametrize("words", ["mobilite", "MOBILITÉ", "œuvre", "Oeuvre", "œuvre mobilite", "MOBILITÉ oeuvre"])
@pytest.mark.parametrize("name", LISTS)
def test_search_folds_and_requires_every_word(client, name, words):
    pact = PactFactory()
    log_in(client, person(Role.READER, pact))
    wanted = LISTS[name](pact, "Mettre en Œuvre la mobilité")
    if " " in words:
        LISTS[name](pact, "Mettre en œuvre le logement")
        LISTS[name](pact, "La mobilité")
    else:
        LISTS[name](pact, "Le logement")
    response = client.get(reverse(name, args=[pact.pk]), {"q": words})
    assert [row.record for row in response.context["table"].rows] == [wanted]


@pytest.mark.parametrize("factory", [OrganisationFactory, TerritoryFactory])
def test_choices_follow_the_alphabet_whatever_the_accents_and_the_case(factory):
    names = ["École", "emploi", "État", "Œuvre", "organisme", "Zone"]
    for name in reversed(names):
        factory(name=name)
    found = factory._meta.model.objects.filter(name__in=names)
    assert [one.name for one in found] == names


def title_of(record):
    return getattr(record, "shown_name", None) or record.title


@pytest.mark.parametrize(
    ("name", "made", "by"),
    [
        ("actions:action_list", lambda pact, words: ActionFactory(pact=pact, title=words), "title"),
        ("partners:partner_list", lambda pact, words: PartnerFactory(pact=pact, name_in_text=words), "shown_name"),
    ],
)
def test_lists_follow_the_alphabet_too(client, name, made, by):
    pact = PactFactory()
    log_in(client, person(Role.READER, pact))
    names = ["Élaborer", "emploi", "Évaluer", "Pôle emploi", "Préfecture"]
    for words in reversed(names):
        made(pact, words)
    for sort, wanted in ((by, names), (f"-{by}", names[::-1])):
        table = client.get(reverse(name, args=[pact.pk]), {"sort": sort}).context["table"]
        assert [title_of(row.record) for row in table.rows] == wanted
