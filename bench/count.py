"""Says in a header how many queries an answer took."""

from django.db import connection

HEADER = "X-Queries"


class CountQueries:
    """Outermost middleware: session, user and accesses are counted too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        counted = []

        def count(execute, sql, params, many, context):
            counted.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            response = self.get_response(request)
        response[HEADER] = str(len(counted))
        return response
