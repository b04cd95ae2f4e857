"""Search on a normalised column: no accents, no case, every word required, same result on both databases."""

import unicodedata

from django.db import models

LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "’": "'"})


class Uncombined(dict):
    """What `str.translate` asks of each character, learnt as they come: marks that combine with a letter go."""

    def __missing__(self, code):
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


UNCOMBINED = Uncombined()


def normalise(text):
    """Lower-case `text`, without accents, ligatures spelled out, white space folded."""
    plain = unicodedata.normalize("NFKD", (text or "").translate(LIGATURES)).translate(UNCOMBINED)
    return " ".join(plain.casefold().split())


def words(text):
    return normalise(text).split()


def searched(row, names):
    """The search text of a row: what its columns `names` say."""
    return normalise(" ".join(str(getattr(row, name) or "") for name in names))


class SearchMixin(models.Model):
    """A row found by words; `search_fields` names the columns that make its search text."""

    search_fields: tuple = ()

    search = models.TextField(editable=False, blank=True, default="")

    class Meta:
        abstract = True

    def compute(self):
        super().compute()
        self.search = searched(self, self.search_fields)

    def save(self, *args, **kwargs):
        update_fields = kwargs.get("update_fields")
        if update_fields is not None and set(update_fields) & set(self.search_fields):
            kwargs["update_fields"] = {*update_fields, "search"}
        super().save(*args, **kwargs)
