"""Fill a form as a person does: read it on its page, change some fields, send it back."""

from html.parser import HTMLParser

from django.forms import BaseForm


class FormReader(HTMLParser):
    """What a browser would send of the forms of a page that post to the page itself."""

    def __init__(self):
        super().__init__()
        self.forms, self._fields, self._select, self._textarea = [], None, None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self._fields = []
            self.forms.append((attrs.get("method", "get").lower(), attrs.get("action") or "", self._fields))
        elif self._fields is None or (not attrs.get("name") and tag != "option"):
            return
        elif tag == "input" and attrs.get("type") not in {"submit", "button", "file"}:
            if attrs.get("type") not in {"checkbox", "radio"} or "checked" in attrs:
                self._fields.append((attrs["name"], attrs.get("value", "on" if "checked" in attrs else "")))
        elif tag == "textarea":
            self._textarea = [attrs["name"], ""]
        elif tag == "select":
            self._select = {"name": attrs["name"], "many": "multiple" in attrs, "options": [], "chosen": []}
        elif tag == "option" and self._select:
            self._select["chosen" if "selected" in attrs else "options"].append(attrs.get("value", ""))

    def handle_data(self, data):
        if self._textarea:
            self._textarea[1] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._fields = None
        elif tag == "select" and self._select:
            # A list that shows one line sends its first one when nothing was chosen.
            first = [] if self._select["many"] else self._select["options"][:1]
            self._fields += [(self._select["name"], value) for value in self._select["chosen"] or first]
            self._select = None
        elif tag == "textarea" and self._textarea:
            self._fields.append((self._textarea[0], self._textarea[1].removeprefix("\n")))
            self._textarea = None


def read_form(html):
    """{field: [values]} of the last posting form of the page (the head has those of the bar)."""
    reader = FormReader()
    reader.feed(html)
    posting = [fields for method, action, fields in reader.forms if method == "post" and len(fields) > 1]
    values = {}
    for name, value in posting[-1] if posting else []:
        values.setdefault(name, []).append(value)
    return values


def fill(client, url, **changes):
    """GET the form of `url`, POST it with `changes`; the form must be taken (a redirect)."""
    page = client.get(url)
    assert page.status_code == 200, (url, page.status_code)
    data = {**read_form(page.content.decode()), **changes}
    response = client.post(url, {name: value for name, value in data.items() if value is not None})
    assert response.status_code == 302, refused(response)
    return response


def refused(response):
    """Errors of the forms of a refused answer, for the message of a failing test."""
    contexts = [{**layer} for stack in (response.context or []) for layer in stack.dicts]
    found = {id(value): value for context in contexts for value in context.values() if isinstance(value, BaseForm)}
    return response.status_code, [dict(form.errors) for form in found.values()]
