"""From a figure of a picture to the list of the fiches that it counts."""

from django.http import QueryDict
from django.utils.http import urlencode


def narrowed(url, carried, **more):
    """The list `url` with the filters in force (`carried`) and `more`.

    Empty when one of `more` is in force already with another value: a filter holds one value, the list would show other rows
    than the figure counts.
    """
    known = QueryDict(carried.removeprefix("?"))
    new = {name: str(value) for name, value in more.items() if known.get(name) != str(value)}
    if any(name in known for name in new):
        return ""
    return "?".join(filter(None, (url, "&".join(filter(None, (known.urlencode(), urlencode(new)))))))
