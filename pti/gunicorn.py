"""Settings of the production server: `gunicorn --config python:pti.gunicorn pti.wsgi`.

Run as a script, it says in one sentence why the address cannot be served, and exits with 1.
"""

import os
import socket
import sys
from pathlib import Path

import environ

# The application reads the same .env, but only once the server has started.
environ.Env.read_env(os.environ.get("ENV_FILE", str(Path(__file__).resolve().parent.parent / ".env")))

host = os.environ.get("BIND") or "127.0.0.1"
port = os.environ.get("PORT") or "8000"
name = f"[{host}]" if ":" in host else host

bind = f"{name}:{port}"
worker_class = "gthread"
workers = int(os.environ.get("WORKERS") or 2)
threads = int(os.environ.get("THREADS") or 4)
timeout = 60
loglevel = "warning"
# gunicorn 27 would make a folder in the home directory, which may be read-only.
control_socket_disable = True


def when_ready(server):
    """Say that the application answers, and where."""
    print(f"L’application répond à l’adresse http://{name}:{port}/ (Ctrl+C pour l’arrêter)", flush=True)


def refusal():
    """Why this address cannot be served, in one sentence; empty when it can."""
    if not (port.isdecimal() and 0 < int(port) < 65536):
        return f"Le port « {port} » n’est pas un nombre entre 1 et 65535."
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except PermissionError:
            return f"Le port {port} est réservé au système. Tapez par exemple : PORT=8000 ./run"
        except socket.gaierror:
            return f"L’adresse « {host} » n’existe pas sur cette machine : vérifiez BIND."
        except OSError as error:
            if error.errno == 98:
                return f"Le port {port} est déjà pris. Tapez par exemple : PORT={int(port) % 65535 + 1} ./run"
            return f"L’adresse « {host} » n’existe pas sur cette machine : vérifiez BIND."
    return ""


if __name__ == "__main__":
    sys.exit(refusal() or 0)
