"""Says in headers what an answer took: queries, and processor time of Python and of its PostgreSQL process."""

import time
from pathlib import Path

from django.db import connection

QUERIES, PROCESSOR = "X-Queries", "X-Processor"


def base_time():
    """Seconds of processor that the PostgreSQL process of this connection has used; 0 where the system does not say."""
    if connection.connection is None or connection.connection.closed:
        return 0.0
    told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(told.read_text().split()[0]) / 1e9 if told.exists() else 0.0


class CountQueries:
    """Outermost middleware: session, user and accesses are counted too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        counted = []

        def count(execute, sql, params, many, context):
            counted.append(sql)
            return execute(sql, params, many, context)

        begun = time.thread_time(), base_time()
        with connection.execute_wrapper(count):
            response = self.get_response(request)
        took = time.thread_time() - begun[0] + base_time() - begun[1]
        response[QUERIES] = str(len(counted))
        response[PROCESSOR] = f"{took:.6f}"
        return response
