"""State of the service, for whoever watches it: `GET /sante/`."""

from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@cache
def missing_migrations():
    """Number of migrations that the base has not had; read once, when the server starts."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def read_migrations_at_start():
    """Called by pti.wsgi. A base that does not answer yet is asked again at the first request."""
    try:
        missing_migrations()
    except DatabaseError:
        return
    finally:
        connection.close()


def base_answers():
    """True when the base answers one query."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except DatabaseError:
        return False


@login_not_required
@never_cache
@require_safe
def health(request):
    """200 when the base answers and has every migration, else 503; nothing else is told."""
    base = base_answers()
    missing = missing_migrations() if base else None
    sound = base and missing == 0
    state = {
        "status": "ok" if sound else "error",
        "database": "ok" if base else "unreachable",
        "migrations": {None: "unknown", 0: "ok"}.get(missing, f"{missing} missing"),
    }
    return JsonResponse(state, status=200 if sound else 503)
