"""Uploaded files: recognised by their content, kept under a random name, served by one view to those who may see.

A model of documents extends `Attachment`, gives it what it belongs to and a queryset with `visible_to`, and registers
itself under a French word: `files.register("fiche", ActionDocument)`.
"""

import hashlib
import uuid
import zipfile
from pathlib import PurePath

import filetype
from django import forms
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.signals import post_delete
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from pti.rows import Followed

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
# MIME type: (extension of the name it is served under, word on screen).
ACCEPTED = {
    "application/pdf": (".pdf", "PDF"),
    "image/png": (".png", "PNG"),
    "image/jpeg": (".jpg", "JPEG"),
    DOCX: (".docx", "DOCX"),
    ODT: (".odt", "ODT"),
    XLSX: (".xlsx", "XLSX"),
}
ALIASES = {".jpeg": ".jpg"}
OFFICE_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
HELP_TEXT = "PDF, PNG, JPEG, DOCX, ODT ou XLSX, 20 Mo au plus."
NOT_ACCEPTED = "Ce fichier n’est pas accepté : choisissez un PDF, une image PNG ou JPEG, ou un document DOCX, ODT ou XLSX."

_registry = {}


def register(kind, model):
    """Serve the documents of `model` under /fichiers/<kind>/."""
    _registry[kind] = model


def registered():
    """{kind: model} of everything the view can serve."""
    return dict(_registry)


def kind_of(model):
    """The word under which `model` is registered."""
    return next(kind for kind, known in _registry.items() if known is model)


def _office_type(file):
    """MIME type of a DOCX, XLSX or ODT, read in its parts; None for any other archive and for one with macros."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if any(PurePath(name).name.lower() == "vbaproject.bin" for name in names):
                return None
            if "[Content_Types].xml" in names:
                return next((mime for part, mime in OFFICE_PARTS.items() if part in names), None)
            if {"mimetype", "content.xml"} <= names and archive.getinfo("mimetype").file_size == len(ODT):
                return ODT if archive.read("mimetype") == ODT.encode() else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return None
    return None


def content_type(file):
    """MIME type told by the content of `file`, or None when it is not one we accept."""
    file.seek(0)
    head = file.read(8192)
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        mime = _office_type(file)
    else:
        guess = filetype.guess(head)
        mime = guess.mime if guess else None
    file.seek(0)
    return mime if mime in ACCEPTED else None


def check_upload(file):
    """Return the MIME type of `file`, or refuse it (ValidationError) in French."""
    if file.size > settings.MAX_UPLOAD_BYTES:
        limit = settings.MAX_UPLOAD_BYTES // (1024 * 1024)
        raise ValidationError(f"Ce fichier dépasse {limit}\u00a0Mo : réduisez-le ou découpez-le.", code="too_big")
    if file.size == 0:
        raise ValidationError("Ce fichier est vide.", code="empty")
    mime = content_type(file)
    if mime is None:
        raise ValidationError(NOT_ACCEPTED, code="not_accepted")
    return mime


class UploadField(forms.FileField):
    """A file to send: its content is checked with the form, and the error says what to choose."""

    default_error_messages = {
        "required": "Choisissez un fichier.",
        "invalid": "Aucun fichier n’est arrivé : choisissez-le de nouveau.",
        "missing": "Aucun fichier n’est arrivé : choisissez-le de nouveau.",
        "empty": "Ce fichier est vide.",
        "max_length": "Le nom de ce fichier est trop long : raccourcissez-le.",
    }
    widget = forms.FileInput

    def __init__(self, **kwargs):
        kwargs["help_text"] = kwargs.get("help_text") or HELP_TEXT
        kwargs.setdefault("label", "Fichier")
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        return {**super().widget_attrs(widget), "accept": ",".join(extension for extension, _ in ACCEPTED.values())}

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if file and file is not initial:
            check_upload(file)
        return file


class UploadedFileField(models.FileField):
    """The stored file of an attachment; its form field checks the content."""

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": UploadField, **kwargs})


def random_name(instance, filename):
    """Where a file is kept: a name that tells nothing and that nobody guesses."""
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}"


def digest(file):
    """SHA-256 of a file, read by pieces."""
    file.seek(0)
    sha = hashlib.sha256()
    for chunk in file.chunks():
        sha.update(chunk)
    file.seek(0)
    return sha.hexdigest()


class Attachment(Followed):
    """A document attached to something; the subclass says to what, and its queryset who sees it (`visible_to`).

    Name, type, size and SHA-256 are read from the file itself when the row is made; the file never changes after.
    """

    file = UploadedFileField("fichier", upload_to=random_name, max_length=100, help_text=HELP_TEXT)
    name = models.CharField("nom du fichier", max_length=200, editable=False)
    mime = models.CharField("type", max_length=100, editable=False)
    size = models.PositiveIntegerField("taille en octets", editable=False)
    sha256 = models.CharField("empreinte SHA-256", max_length=64, editable=False)
    added_by = models.ForeignKey(
        "pti.User",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="%(app_label)s_%(class)s_added",
        verbose_name="déposé par",
    )
    added_at = models.DateTimeField("déposé le", auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["added_at", "id"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        if self._state.adding and not self.file._committed:
            self.mime = check_upload(self.file)
            self.name = (self.name or PurePath(self.file.name).name)[-200:]
            self.size, self.sha256 = self.file.size, digest(self.file)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("attached_file", args=[kind_of(type(self)), self.uid])

    @property
    def type_word(self):
        """« PDF », « DOCX »…"""
        return ACCEPTED[self.mime][1]

    @property
    def download_name(self):
        """The name given to the browser: its ending always tells the true type."""
        extension = ACCEPTED[self.mime][0]
        ending = PurePath(self.name).suffix.lower()
        return self.name if ALIASES.get(ending, ending) == extension else f"{self.name}{extension}"


def remove_file(sender, instance, **kwargs):
    """The file leaves with its row, be it deleted with the fiche, the meeting or the partner that it is attached to."""
    storage, name = instance.file.storage, instance.file.name
    transaction.on_commit(lambda: storage.delete(name))


def connect():
    """Called once, when the applications are ready. What is deleted with something else passes by no `delete()`."""
    for model in apps.get_models():
        if issubclass(model, Attachment):
            post_delete.connect(remove_file, sender=model, dispatch_uid=f"pti-file-{model._meta.label}")


def attached_file(request, kind, uid):
    """Serve one document, as a download, to those who may see what it belongs to."""
    if kind not in _registry:
        raise Http404
    document = get_object_or_404(_registry[kind].objects.visible_to(request.user), uid=uid)
    response = FileResponse(
        document.file.open("rb"), as_attachment=True, filename=document.download_name, content_type=document.mime
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
