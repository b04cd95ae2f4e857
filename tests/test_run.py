"""./run reads .env as the application does: its text alone, with a Python and a server that only say how they were called."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

PYTHON = """#!/bin/sh
case "$*" in
    *token_urlsafe*) echo a-drawn-key ;;
    *base_state*) echo autre ;;
esac
"""
SERVER = """#!/bin/sh
echo "served: BIND=$BIND PORT=$PORT HTTPS=$HTTPS SITE_URL=$SITE_URL EMAIL_URL=$EMAIL_URL"
"""


@pytest.fixture
def run(tmp_path):
    """`run(".env", PORT="8001")` starts ./run beside this .env and in this environment; gives what the server was told."""
    shutil.copy(Path(settings.BASE_DIR) / "run", tmp_path)
    binaries = tmp_path / ".venv" / "bin"
    binaries.mkdir(parents=True)
    for name, text in (("python", PYTHON), ("gunicorn", SERVER)):
        (binaries / name).write_text(text)
        (binaries / name).chmod(0o700)
    (tmp_path / "requirements.txt").write_text("")
    wanted = subprocess.run(["sha256sum", "requirements.txt"], cwd=tmp_path, capture_output=True, check=True).stdout
    (tmp_path / ".venv" / "installed").write_bytes(wanted)

    def start(written, **environment):
        if written is not None:
            (tmp_path / ".env").write_text(written)
        environment = {"PATH": os.environ["PATH"], "EMAIL_URL": "smtp://localhost"} | environment
        done = subprocess.run(["./run"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        start.said = done.stdout
        served = next(line for line in done.stdout.splitlines() if line.startswith("served: "))
        return dict(word.split("=", 1) for word in served.split()[1:])

    start.env = tmp_path / ".env"
    return start


def test_run_draws_a_key_once_and_keeps_it_for_itself(run):
    run(None)
    run(None)

    assert run.env.read_text() == "SECRET_KEY=a-drawn-key\n"
    assert stat.S_IMODE(run.env.stat().st_mode) == 0o600


def test_run_writes_the_key_on_a_line_of_its_own(run):
    run("SITE_URL=http://localhost:8000")

    assert run.env.read_text() == "SITE_URL=http://localhost:8000\nSECRET_KEY=a-drawn-key\n"


def test_run_fills_in_the_key_that_a_copy_of_the_example_leaves_empty(run):
    run("# Secret key\nSECRET_KEY=\nDATABASE_URL=\n")

    assert run.env.read_text() == "# Secret key\nDATABASE_URL=\nSECRET_KEY=a-drawn-key\n"


def test_run_keeps_a_written_key(run):
    run("SECRET_KEY=mine\n")

    assert run.env.read_text() == "SECRET_KEY=mine\n"


@pytest.mark.parametrize("written", ["BIND=0.0.0.0\nPORT=8123\n", "BIND='0.0.0.0'\nPORT=\"8123\"\n"])
def test_run_serves_the_address_written_in_env_with_https(run, written):
    assert run(written) == {
        "BIND": "0.0.0.0", "PORT": "8123", "HTTPS": "", "SITE_URL": "http://0.0.0.0:8123", "EMAIL_URL": "smtp://localhost",
    }  # fmt: skip


def test_run_lets_the_environment_win(run):
    served = run("BIND=0.0.0.0\nPORT=8123\n", BIND="127.0.0.1", PORT="8001")

    assert (served["BIND"], served["PORT"], served["HTTPS"]) == ("127.0.0.1", "8001", "off")


def test_run_takes_an_empty_setting_for_one_that_is_not_written(run):
    served = run("BIND=\nPORT=\nHTTPS=\nSITE_URL=\n")

    assert (served["BIND"], served["PORT"], served["HTTPS"]) == ("127.0.0.1", "8000", "off")
    assert served["SITE_URL"] == "http://127.0.0.1:8000"


def test_run_leaves_what_env_says_to_the_application(run):
    served = run("HTTPS=on\nSITE_URL=https://pti.departement.fr\n")

    assert (served["HTTPS"], served["SITE_URL"]) == ("", "")


def test_run_says_who_is_answered_on_another_address(run):
    run("BIND=0.0.0.0\n")
    assert "ALLOWED_HOSTS" in run.said

    run("BIND=0.0.0.0\nALLOWED_HOSTS=pti.departement.fr\n")
    assert "ALLOWED_HOSTS" not in run.said

    run("BIND=127.0.0.1\n")
    assert "ALLOWED_HOSTS" not in run.said
