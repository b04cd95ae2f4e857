"""People who write at the same instant, each on a connection of their own: nothing is lost, nothing is written twice.

A deed is held where it hurts: between what it checked and what it writes (`held_before`). The others run meanwhile. Each
either waits for the first, or passes before it; what is asserted holds both ways, on both databases.
"""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.db.models.signals import pre_save
from django.test import Client
from django.urls import reverse

from actions.models import Action
from actions.services import post_update
from partners.models import Signature
from pti.contract import FROZEN_MESSAGE
from pti.dates import today
from pti.enums import PactState
from pti.models import Pact, Version
from pti.services import change_state
from pti.versions import text_of
from tests.factories.partners import PDF
from tests.filling import read_form
from tests.world import log_in

pytestmark = pytest.mark.django_db(transaction=True)

# A statement that has not come back after so many seconds waits for another connection.
STUCK = 0.15
# A held deed leaves the others to pass until each is over or stuck, and no longer than this: a commit may wait as well.
ENOUGH = 5


@contextmanager
def on_file(path):
    """SQLite keeps the base of the tests in memory, where two connections cannot write: this test has its own, on disk."""
    settings, memory, name = connection.settings_dict, connection.connection, connection.settings_dict["NAME"]
    connection.ensure_connection()
    memory = connection.connection
    settings["NAME"], connection.connection = str(path), None
    try:
        connection.ensure_connection()
        memory.backup(connection.connection)
        yield
    finally:
        connection.connection.close()
        settings["NAME"], connection.connection = name, memory


@pytest.fixture
def parallel(transactional_db, tmp_path):
    """A base where several connections write."""
    if connection.vendor == "sqlite":
        with on_file(tmp_path / "base.sqlite3"):
            yield
    else:
        yield


@pytest.fixture
def world(parallel, world_rows):
    world = world_rows.replay()
    world.old_versions = set(Version.objects.values_list("pk", flat=True))
    return world


class Deed:
    """One of several that run at once: whether it is over, and since when the base has not answered it."""

    def __init__(self, do):
        self.do, self.over, self.asked_at, self.thread = do, False, None, None

    def run(self, start):
        self.thread = threading.current_thread()
        try:
            start.wait()
            with connection.execute_wrapper(self.ask):
                return self.do()
        except ValidationError as refusal:
            return refusal
        finally:
            self.over = True
            connections.close_all()

    def ask(self, execute, *said):
        self.asked_at = time.monotonic()
        try:
            return execute(*said)
        finally:
            self.asked_at = None

    def has_run(self):
        """True once it is over, or waits for another."""
        asked_at = self.asked_at
        return self.over or (asked_at is not None and time.monotonic() - asked_at > STUCK)


running = []


def at_once(*deeds):
    """What each deed gives, or its refusal; they begin together."""
    start = threading.Barrier(len(deeds))
    running[:] = [Deed(do) for do in deeds]
    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(lambda deed: deed.run(start), running))


def let_the_others_pass():
    others = [deed for deed in running if deed.thread is not threading.current_thread()]
    limit = time.monotonic() + ENOUGH
    while not all(deed.has_run() for deed in others) and time.monotonic() < limit:
        time.sleep(0.005)


@contextmanager
def held_before(model):
    """The first save of a `model` is held once checked, until the others are over or wait for it."""
    checked = threading.Event()

    def hold(sender, instance, **kwargs):
        if sender is model and not checked.is_set():
            checked.set()
            let_the_others_pass()

    pre_save.connect(hold)
    try:
        yield checked
    finally:
        pre_save.disconnect(hold)


def desk(user):
    """The browser of a person."""
    return log_in(Client(), user)


def edit_form(client, action):
    """What the edit page of a fiche would send."""
    return read_form(client.get(edit_path(action)).content.decode())


def edit_path(action):
    return reverse("actions:action_edit", args=[action.pact_id, action.pk])


def adopt(world):
    return change_state(pact=world.pact, to=PactState.ADOPTION, by=world.users["animator"], reason="Essai")


def adopted_versions(world):
    return Version.objects.filter(pact=world.pact).exclude(pk__in=world.old_versions)


def check_version_says_what_the_base_says(world):
    version = adopted_versions(world).get()
    assert json.loads(version.content)["parts"] == text_of(Pact.objects.get(pk=world.pact.pk))["parts"]


# The text, and its adoption.


def test_a_fiche_being_saved_when_the_text_is_adopted_is_in_the_version(world):
    officer = desk(world.users["officer"])
    data = edit_form(officer, world.action) | {"title": ["Écrit juste avant"]}

    def adopt_meanwhile():
        checked.wait(10)
        return adopt(world)

    with held_before(Action) as checked:
        answer, _ = at_once(lambda: officer.post(edit_path(world.action), data), adopt_meanwhile)

    assert (answer.status_code, Action.objects.get(pk=world.action.pk).title) == (302, "Écrit juste avant")
    check_version_says_what_the_base_says(world)


def test_a_fiche_sent_while_the_text_is_being_adopted_is_refused(world):
    officer = desk(world.users["officer"])
    data = edit_form(officer, world.action) | {"title": ["Écrit juste après"]}

    def send_meanwhile():
        written.wait(10)
        return officer.post(edit_path(world.action), data)

    with held_before(Version) as written:
        _, answer = at_once(lambda: adopt(world), send_meanwhile)

    assert answer.status_code in (200, 403)
    assert FROZEN_MESSAGE[:30] in answer.content.decode()
    assert "Écrit juste après" in answer.content.decode()  # what was typed is not lost
    assert Action.objects.get(pk=world.action.pk).title == world.action.title
    check_version_says_what_the_base_says(world)


WRITES = {
    "delete": lambda world: world.measure.indicator.delete() and None,
    "delete of rows": lambda world: world.pact.sections.all().delete() and None,
    "update of rows": lambda world: world.pact.sections.update(title="Autrement") and None,
    "link": lambda world: world.action.territories.add(world.department),
    "new row": lambda world: world.pact.sections.create(title="Nouvelle", order=9),
    "frame": lambda world: rename(Pact.objects.get(pk=world.pact.pk)),
}


def rename(pact):
    pact.title = "Autrement"
    pact.save()


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_no_write_enters_the_text_while_it_is_being_adopted(world, write):
    """Whatever the way in: the write waits for the adoption, and is then refused."""

    def write_meanwhile():
        frozen.wait(10)
        return write(world)

    with held_before(Version) as frozen:
        _, refusal = at_once(lambda: adopt(world), write_meanwhile)

    check_version_says_what_the_base_says(world)
    assert isinstance(refusal, ValidationError)


def test_a_text_is_adopted_once(world):
    given = at_once(*[lambda: adopt(world)] * 3)

    refusals = [one.messages[0] for one in given if isinstance(one, ValidationError)]
    assert refusals == ["Un pacte « adoption » ne peut pas passer à « adoption »."] * 2
    assert adopted_versions(world).count() == 1


# Signatures.


def test_a_signature_recorded_twice_at_once_is_recorded_once(world):
    Pact.objects.filter(pk=world.pact.pk).update(state=PactState.SIGNATURE)
    Signature.objects.filter(pk=world.signature.pk).delete()
    address = reverse("partners:signature_add", args=[world.pact.pk, world.partner_row.pk])
    said = {"version": world.version.pk, "signatory": "A. Exemple", "capacity": "Directrice", "method": "scan"}
    said["signed_on"] = f"{today():%d/%m/%Y}"
    desks = [desk(world.users["officer"]), desk(world.users["animator"])]

    def sign(client):
        return client.post(address, said | {"file": SimpleUploadedFile("page.pdf", PDF)})

    with held_before(Signature):
        answers = at_once(*[lambda client=client: sign(client) for client in desks])

    assert sorted(answer.status_code for answer in answers) == [200, 302]
    told = next(answer for answer in answers if answer.status_code == 200).content.decode()
    assert "vient d’être enregistrée" in told or "a déjà signé cette version" in told
    assert Signature.objects.filter(partner=world.partner_row).count() == 1


# The same fiche.


def test_the_second_of_two_who_save_a_fiche_at_once_sees_both_versions(world):
    desks = {role: desk(world.users[role]) for role in ("officer", "animator")}
    sent = {role: edit_form(client, world.action) | {"title": [f"Titre de {role}"]} for role, client in desks.items()}

    with held_before(Action):
        answers = at_once(*[lambda role=role: desks[role].post(edit_path(world.action), sent[role]) for role in desks])

    by_role = dict(zip(desks, answers, strict=True))
    first, second = sorted(by_role, key=lambda role: by_role[role].status_code, reverse=True)
    assert (by_role[first].status_code, by_role[second].status_code) == (302, 200)
    assert Action.objects.get(pk=world.action.pk).title == f"Titre de {first}"
    page = by_role[second].content.decode()
    assert "Deux versions à départager" in page
    assert f"Titre de {first}" in page
    assert f"Titre de {second}" in page


def test_two_updates_at_once_are_both_kept(world):
    """One says the confidence, the other a milestone done and the state: the fiche ends with all of it."""
    deeds = [{"confidence": "support"}, {"status": "ongoing"}]
    people = [world.users["officer"], world.users["animator"]]
    before = world.action.updates.count()

    def post(by, said):
        return post_update(action=Action.objects.get(pk=world.action.pk), by=by, **said)

    with held_before(Action):
        at_once(*[lambda by=by, said=said: post(by, said) for by, said in zip(people, deeds, strict=True)])

    action = Action.objects.get(pk=world.action.pk)
    assert action.updates.count() == before + 2
    assert (action.confidence, action.status) == ("support", "ongoing")
