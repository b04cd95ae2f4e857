"""What keeps the house in order: floors, writes that the journal would miss, public URLs, vendored files, top level."""

import ast
import hashlib
import re
import subprocess
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

from pti import parts
from pti.rows import JournalEntry
from tests.access_table import walk_patterns
from tests.world import FLOORS

ROOT = Path(__file__).resolve().parent.parent
TOP_LEVEL = {
    ".ci", ".env.example", ".gitattributes", ".gitignore", "README.md", "actions", "bench", "docs", "evaluation", "governance",
    "manage.py", "partners", "pti", "pyproject.toml", "requirements.in", "requirements.txt", "run", "static", "templates",
    "test", "tests",
}  # fmt: skip
PUBLIC_URLS = {
    # The entrance itself.
    "account_login", "account_request_login_code", "account_confirm_login_code", "account_logout", "account_inactive",
    "admin:login", "mfa_authenticate",
    # Demonstration mode only: 404 otherwise.
    "demo_enter", "demo_mailbox",
    # Footer of every page, look, and the state of the service.
    "accessibility", "legal_notice", "privacy", "brand_css", "brand_logo", "favicon", "health",
    # Whoever holds a document may ask whether it is the signed one.
    "partners:verify",
    # A pact that the animator put on line.
    "partners:public_pact", "partners:public_pact_pdf",
    # Links of mails: the address itself is the key, bound to one person.
    "answers:answer", "answers:answer_deed", "mail_choices",
}  # fmt: skip
# Strings that name an upper application are allowed here: addresses of the navigation, settings.
NAMES_APPS = {"pti/navigation.py", "pti/settings.py", "pti/urls.py"}
# Writes by `update()` or `bulk_update()` that the journal does not miss, with the reason.
ALLOWED_UPDATES = {
    "pti/contract.py": "the guarded update of CONTRACT rows itself",
    "pti/models/pacts.py": "the guarded update of pacts itself",
    "pti/rows.py": "the journal, blanked by forget_person alone",
    "pti/models/outbox.py": "mails that wait and leave: a log of its own",
    "actions/models/campaigns.py": "which fiches were late on the day a collection opened: counted, said by nobody",
    "actions/models/batches.py": "where a batch stands, claimed once; what it writes goes through the services",
    "actions/bulk/deeds.py": "where a batch stands, claimed once; what it writes goes through the services",
    "actions/models/workbooks.py": "a file that is verified, then taken in once",
    "partners/models/agreements.py": "network addresses erased when their time is over; tries of codes",
}
# Models of the five floors that are in no part of a pact.
LEFT_OUT = {
    "pti.Access": "accounts and accesses are not exported",
    "pti.Brand": "look of the département, of no pact",
    "pti.DemoMail": "mail log",
    "pti.MailRefusal": "what a person wants to receive, of no pact",
    "pti.OutgoingMail": "mail log",
    "pti.RefusedAddress": "what mail servers said, of this installation",
    "pti.JournalLine": "the journal",
    "pti.JournalLinks": "the journal",
    "pti.LegalText": "public texts of the site, of no pact",
    "pti.User": "accounts and accesses are not exported",
    "partners.Publication": "an act of this installation: an imported pact is put on line by hand",
    "actions.AnswerLink": "links of mails, of this installation: they live for weeks",
    "actions.Batch": "a gesture of this installation over its own rows; what it changed is in their journal",
    "actions.BatchLine": "a gesture of this installation over its own rows; what it changed is in their journal",
    "actions.SavedView": "filters of a person, of this installation",
    "actions.Subscription": "what a person wants to be told",
    "actions.Workbook": "a file under verification, of one person, emptied once taken in",
    "partners.Membership": "accounts and accesses are not exported",
    "partners.AgreementCode": "one-time codes live for minutes",
}
QUERYING = {
    "filter", "exclude", "get", "Q", "F", "Count", "Sum", "Min", "Max", "Avg", "Prefetch", "prefetch_related", "select_related",
    "order_by", "values", "values_list", "only", "defer", "annotate", "aggregate", "alias", "OuterRef", "get_or_create",
    "update_or_create", "get_object_or_404",
}  # fmt: skip


def tracked(*patterns):
    """Files that git keeps."""
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).exists()]


@cache
def sources(floor):
    """[(path, tree)] of each Python file of a floor, migrations apart."""
    paths = [path for path in sorted((ROOT / floor).rglob("*.py")) if "migrations" not in path.parts]
    return [(path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())) for path in paths]


@cache
def nodes_of(tree):
    """{kind: nodes} of a tree, walked once for all that is asked of it."""
    found = {}
    for node in ast.walk(tree):
        found.setdefault(type(node), []).append(node)
    return found


def nodes(tree, *kinds):
    return [node for kind in kinds for node in nodes_of(tree).get(kind, ())]


def above(floor):
    return FLOORS[FLOORS.index(floor) + 1 :]


def imported(tree):
    for node in nodes(tree, ast.Import):
        yield from ((alias.name, node.lineno) for alias in node.names)
    for node in nodes(tree, ast.ImportFrom):
        if not node.level:
            yield node.module, node.lineno


def strings(tree):
    for node in nodes(tree, ast.Constant):
        if isinstance(node.value, str):
            yield node.value, node.lineno


def imports_from_above(floor, tree):
    return [f"{line}: import {name}" for name, line in imported(tree) if name.split(".")[0] in above(floor)]


def names_from_above(floor, tree):
    """« app.Model », « app:url » in strings, and an upper application asked of the registry."""
    if not above(floor):
        return []
    names = re.compile(rf"({'|'.join(above(floor))})[.:]\w+$")
    asked = [
        (node.args[0].value, node.lineno)
        for node in nodes(tree, ast.Call)
        if isinstance(node.func, ast.Attribute) and node.func.attr in {"get_model", "get_app_config"}
        if node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value in above(floor)
    ]
    named = [(text, line) for text, line in strings(tree) if names.match(text)]
    return [f"{line}: « {text} »" for text, line in named + asked]


def reverse_names(floor):
    """Names by which a model of an upper floor would be reached from `floor`, if they are nobody else's name."""
    upper, own = set(), set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields(include_hidden=False):
            home = field.related_model._meta.app_label if field.auto_created and field.is_relation else model._meta.app_label
            names = {field.name, field.get_accessor_name()} if field.auto_created and field.is_relation else {field.name}
            (upper if home in above(floor) and model._meta.app_label not in above(floor) else own).update(names)
    return upper - own


def lookups(tree):
    """Words of the lookups that the code writes: keywords and strings given to the query methods, chains of attributes."""
    for node in nodes(tree, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in QUERYING:
            texts = [keyword.arg for keyword in node.keywords if keyword.arg]
            texts += [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            yield from ((word, node.lineno) for text in texts for word in text.lstrip("-").split("__"))
    for node in nodes(tree, ast.Attribute):
        if isinstance(node.value, ast.Attribute):
            yield node.value.attr, node.lineno


def lookups_from_above(names, tree):
    return [f"{line}: lookup « {word} »" for word, line in lookups(tree) if word in names]


@pytest.mark.parametrize("floor", FLOORS)
def test_code_names_no_floor_above(floor):
    names = reverse_names(floor)
    wrong = []
    for path, tree in sources(floor):
        faults = imports_from_above(floor, tree) + lookups_from_above(names, tree)
        faults += [] if path in NAMES_APPS else names_from_above(floor, tree)
        wrong += [f"{path}:{fault}" for fault in faults]
    assert wrong == []


def test_foreign_keys_point_down():
    wrong = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for floor in FLOORS
        for model in apps.get_app_config(floor).get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model
        and field.related_model._meta.app_label in above(floor)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("floor", "code"),
    [
        ("pti", "from actions.models import Action"),
        ("partners", "def late():\n    import governance.models"),
        ("pti", "models.ForeignKey('actions.Action')"),
        ("actions", "apps.get_model('governance', 'Meeting')"),
        ("partners", "reverse('actions:action_list')"),
    ],
)
def test_a_floor_named_from_below_is_seen(floor, code):
    tree = ast.parse(code)
    assert len(imports_from_above(floor, tree) + names_from_above(floor, tree)) == 1


@pytest.mark.parametrize(
    "code",
    [
        "Pact.objects.filter(actions__status=1)",
        "Pact.objects.order_by('-actions__number')",
        "Count('actions')",
        "pact.actions.all()",
    ],
)
def test_a_disguised_lookup_is_seen(code):
    assert len(lookups_from_above({"actions"}, ast.parse(code))) == 1


def test_every_model_is_in_a_part():
    kept = {model._meta.label for part in parts.registered() for model in part.models}
    written = {
        model._meta.label
        for floor in FLOORS
        for model in apps.get_app_config(floor).get_models()
        if not issubclass(model, JournalEntry)
    }
    assert written - kept == set(LEFT_OUT)


def silent_writes(tree):
    """Calls of `update(name=…)` and `bulk_update(…)`: the journal does not see them."""
    for node in nodes(tree, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name == "bulk_update" or (name == "update" and node.keywords):
            yield node.lineno


def test_nothing_is_written_behind_the_journal():
    wrong = [
        f"{path}:{line}"
        for floor in FLOORS
        for path, tree in sources(floor)
        if path not in ALLOWED_UPDATES
        for line in silent_writes(tree)
    ]
    assert wrong == []


@pytest.mark.parametrize("code", ["rows.update(status='done')", "rows.update(**values)", "rows.bulk_update(rows, ['status'])"])
def test_a_write_behind_the_journal_is_seen(code):
    assert list(silent_writes(ast.parse(code))) == [1]


def test_public_urls_are_the_known_ones():
    public = {url.name for url, pattern in walk_patterns() if not getattr(pattern.callback, "login_required", True)}
    assert public == PUBLIC_URLS


def test_top_level_is_the_known_one():
    unknown = {name.split("/")[0] for name in tracked()} - TOP_LEVEL
    assert unknown == set()


@pytest.mark.parametrize("folder", ["static/vendor", "tests/vendor"])
def test_vendored_files_are_those_of_the_manifest(folder):
    lines = (ROOT / folder / "MANIFEST.txt").read_text().splitlines()
    written = {name.strip().removeprefix("./"): sha for sha, name in (line.split(maxsplit=1) for line in lines)}
    found = {
        path.relative_to(ROOT / folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.name != "MANIFEST.txt"
    }
    assert found == written


def test_no_file_names_a_machine_or_a_registry():
    forbidden = re.compile(
        "|".join(["/" + "work/", "/" + "root/", "/" + "opt/", "/" + "home/", "--(extra-)?" + "index-url", "--find" + "-links"])
    )
    wrong = []
    for name in tracked():
        if "vendor/" in name:
            continue
        try:
            text = (ROOT / name).read_text()
        except UnicodeDecodeError:
            continue
        wrong += [f"{name}: {found[0]}" for found in forbidden.finditer(text)]
    assert wrong == []


def test_only_the_services_of_amendments_lift_the_guard_of_the_text():
    users = {
        path
        for floor in FLOORS
        for path, tree in sources(floor)
        for node in nodes(tree, ast.ImportFrom)
        if {"lifting", "_lifted"} & {alias.name for alias in node.names}
    }
    assert {path for path in users if not path.startswith("pti/amending/")} == set()


def test_what_the_benches_import_is_there():
    """No test runs a bench: what one takes from the application is looked for here."""
    scripts = [ROOT / name for name in tracked("bench") if not name.endswith(".md")]
    taken = [
        (path.name, node.module, alias.name)
        for path in scripts
        for node in nodes(ast.parse(path.read_text()), ast.ImportFrom)
        if node.module.partition(".")[0] in {*FLOORS, "tests"}
        for alias in node.names
        if alias.name != "*"
    ]
    assert [one for one in taken if not hasattr(import_module(one[1]), one[2]) and not is_module(*one[1:])] == []
    assert len(taken) > 20


def is_module(package, name):
    try:
        return bool(import_module(f"{package}.{name}"))
    except ModuleNotFoundError:
        return False
