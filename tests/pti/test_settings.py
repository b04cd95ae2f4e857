"""The settings as they are read from the environment; and the demonstration's fences."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from pti.loopback import DemoOnLoopbackMiddleware, is_loopback

ROOT = Path(settings.BASE_DIR)
KEY = "une-cle-assez-longue-pour-la-production-0123456789-abcdefghijklmnop"


def read_settings(expression, **environment):
    """`expression` evaluated on the real settings, read anew in this environment and no other; or their refusal."""
    with pytest.MonkeyPatch.context() as patched:
        for name in set(os.environ) - {"PATH", "HOME", "LANG"}:
            patched.delenv(name)
        for name, value in ({"ENV_FILE": os.devnull, "SECRET_KEY": KEY, "DEMO": "off"} | environment).items():
            patched.setenv(name, value)
        try:
            read = runpy.run_path(str(ROOT / "pti" / "settings.py"))
        except ImproperlyConfigured as refusal:
            return str(refusal)
    return str(eval(expression, {"settings": SimpleNamespace(**read)}))


def test_every_variable_is_explained():
    read = "".join((ROOT / name).read_text() for name in ("pti/settings.py", "pti/gunicorn.py"))
    variables = set(re.findall(r"(?:env(?:\.\w+)?\(|environ\.get\()\s*\"([A-Z_]+)\"", read))
    explained = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert variables == explained


def server_refusal(tmp_path, written, **environment):
    """What the server's own settings refuse, with this .env and in this environment."""
    (tmp_path / ".env").write_text(written)
    environment = {"ENV_FILE": str(tmp_path / ".env"), **environment}
    return subprocess.run(
        [sys.executable, "-m", "pti.gunicorn"], cwd=ROOT, env=environment, capture_output=True, text=True
    ).stderr


def test_the_server_reads_the_same_env(tmp_path):
    assert "Le port « huit »" in server_refusal(tmp_path, "PORT=huit\n")


def test_the_environment_wins_over_the_env_of_the_server(tmp_path):
    assert "Le port « neuf »" in server_refusal(tmp_path, "PORT=huit\n", PORT="neuf")


def test_an_empty_setting_of_the_server_is_not_written(tmp_path):
    assert server_refusal(tmp_path, "BIND=192.0.2.1\nPORT=\nWORKERS=\nTHREADS=\n") == (
        "L’adresse « 192.0.2.1 » n’existe pas sur cette machine : vérifiez BIND.\n"
    )


def test_secret_key_is_demanded():
    assert "SECRET_KEY manque" in read_settings("1", SECRET_KEY="")


def test_production_is_closed_by_default():
    names = ["DEBUG", "DEMO", "STAFF_SECOND_FACTOR", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"]
    told = read_settings(f"[getattr(settings, name) for name in {names}]")
    assert told == "[False, False, True, True, True, True]"


@pytest.mark.parametrize(("written", "demanded"), [("", True), ("oui", True), ("on", True), ("off", False), ("Off", False)])
def test_https_is_demanded_unless_it_is_off(written, demanded):
    assert read_settings("settings.SECURE_SSL_REDIRECT", HTTPS=written) == str(demanded)


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.10", "::", "pti.departement.fr"])
def test_demonstration_is_refused_on_another_address(address):
    assert "ne se sert que sur 127.0.0.1" in read_settings("settings.DEMO", DEMO="on", BIND=address)


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1"])
def test_demonstration_is_served_on_this_machine(address):
    assert read_settings("settings.DEMO", DEMO="on", BIND=address) == "True"


def test_demonstration_is_refused_on_postgresql():
    assert "que sur la base embarquée" in read_settings("settings.DEMO", DEMO="on", DATABASE_URL="postgres://a@127.0.0.1/a")


def middleware_answer(settings, rf, **meta):
    settings.DEMO = True
    return DemoOnLoopbackMiddleware(lambda request: "answered")(rf.get("/", **meta))


def test_demonstration_answers_to_this_machine(settings, rf):
    assert middleware_answer(settings, rf, REMOTE_ADDR="127.0.0.1") == "answered"


@pytest.mark.parametrize(
    "meta",
    [
        {"REMOTE_ADDR": "192.168.1.10"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.168.1.10"},
    ],
)
def test_demonstration_refuses_whoever_comes_from_elsewhere(settings, rf, meta):
    assert middleware_answer(settings, rf, **meta).status_code == 403


def test_without_demonstration_the_fence_is_away(settings):
    settings.DEMO = False
    with pytest.raises(MiddlewareNotUsed):
        DemoOnLoopbackMiddleware(lambda request: "answered")


@pytest.mark.parametrize(("host", "expected"), [("127.0.0.2", True), ("[::1]", True), ("0.0.0.0", False), ("", False)])
def test_is_loopback(host, expected):
    assert is_loopback(host) == expected


def test_rate_limits_are_shared_by_workers():
    assert settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"


def test_uploaded_files_have_no_url():
    assert settings.STORAGES["default"]["OPTIONS"]["base_url"] is None


def test_sqlite_writes_at_once_and_reads_meanwhile(tmp_path):
    code = (
        "from django.db import connection, transaction\n"
        "cursor = connection.cursor()\n"
        "print(cursor.execute('PRAGMA journal_mode').fetchone()[0], cursor.execute('PRAGMA foreign_keys').fetchone()[0])\n"
        "print(connection.transaction_mode)\n"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "pti.settings", "DATABASE_URL": f"sqlite:///{tmp_path}/base.sqlite3"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["wal", "1", "IMMEDIATE"]


def test_a_base_started_again_is_tried_before_it_serves():
    expression = "settings.DATABASES['default']['CONN_HEALTH_CHECKS']"
    assert read_settings(expression, DATABASE_URL="postgres://a@127.0.0.1/a") == "True"


def test_the_base_of_the_tests_is_the_one_asked_for():
    asked = os.environ.get("DATABASE_URL") or "sqlite:"
    assert asked.startswith("sqlite" if connection.vendor == "sqlite" else "postgres")


def test_a_base_that_does_not_answer_is_told_in_a_sentence(monkeypatch):
    def refuse():
        raise OperationalError("connection refused")

    with monkeypatch.context() as patched:  # the end of the test needs the base
        patched.setattr(connection, "ensure_connection", refuse)
        with pytest.raises(CommandError, match=r"La base ne répond pas : vérifiez DATABASE_URL\."):
            call_command("prepare")
