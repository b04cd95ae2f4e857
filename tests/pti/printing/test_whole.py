"""Nothing that a text says is left unprinted; the dump asks a fixed number of questions."""

import re
from functools import cache

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from pti import parts
from pti.fields import DateTextField, RichTextField, readable
from pti.models import Pact
from pti.printing import document_of, pdf_of, to_pdf
from pti.printing.nodes import text_of_nodes
from pti.printing.typst import drawable
from pti.search import normalise
from pti.versions import text_of
from tests.factories.actions import ActionFactory
from tests.factories.whole import whole_pact
from tests.pdf import words_of
from tests.real import REAL, real_pact

# Names that a text carries for others to point to, and what is told by a place or a word of its own.
TOLD_OTHERWISE = {"level_words", "number", "raw_amount"}


@cache
def letters(text):
    """Letters and digits alone: line breaks, hyphens and spaces of the layout do not count."""
    return re.sub(r"[\W_]+", "", normalise(drawable(str(text))))


def said(data):
    """(model, field, text) of every free text of the CONTRACT parts."""
    found = {model.__name__: model for part in parts.registered() for model in part.models}
    for groups in data["parts"].values():
        for name, rows in groups.items():
            for column in found[name]._meta.fields:
                free = isinstance(column, models.CharField | models.TextField) and not column.choices
                if not free or isinstance(column, DateTextField) or column.name in TOLD_OTHERWISE:
                    continue
                for row in rows:
                    if row.get(column.name):
                        text = row[column.name]
                        yield name, column.name, readable(text) if isinstance(column, RichTextField) else text


def missing_words(data, printed):
    return {
        (name, column, word)
        for name, column, text in said(data)
        for word in re.split(r"\s+", text)
        if letters(word) and letters(word) not in printed
    }


@pytest.mark.parametrize("name", REAL)
def test_every_text_of_a_real_pact_is_in_its_document(name):
    data = text_of(real_pact(name))
    document = document_of(data)
    printed = letters(text_of_nodes(document.body) + document.title + document.subtitle)
    lost = {(model, column, text[:80]) for model, column, text in said(data) if not found_in(text, printed)}
    assert lost == set()
    assert missing_words(data, letters(words_of(to_pdf(document)))) == set()


def found_in(text, printed):
    """The whole text, or each of its lines when a layout parts them."""
    return all(letters(line) in printed for line in re.split(r"[\n\t]+", text))


def test_every_text_of_a_pact_with_every_model_is_in_its_document(db):
    data = text_of(whole_pact())
    assert missing_words(data, letters(words_of(pdf_of(data)))) == set()


def questions(pact):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        text_of(Pact.objects.get(pk=pact.pk))
    return len(asked)


def test_dump_asks_the_same_number_of_questions_whatever_the_rows(db):
    pact = whole_pact()
    before = questions(pact)
    ActionFactory.create_batch(3, pact=pact, axis=pact.axes.first())
    assert questions(pact) == before
