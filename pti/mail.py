"""Mail: one way to write it, in text and HTML; in demonstration mode it stays in the base."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse

from pti.models import Brand, DemoMail
from pti.typography import typeset


def absolute_url(name, *args):
    """Address of a page, for a mail."""
    return site_url(reverse(name, args=args))


def site_url(path):
    """`path` of this site, for a mail."""
    return settings.SITE_URL.rstrip("/") + path


def write(template, **context):
    """(subject, text, HTML) from `<template>_subject.txt`, `_message.txt` and `_message.html`, typeset."""
    context = {"brand": context.get("brand") or Brand.current(), **context}
    subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
    text, html = (render_to_string(f"{template}_message.{kind}", context) for kind in ("txt", "html"))
    return subject, text.strip(), typeset(html).strip()


def send_mail(template, to, **context):
    """Write a mail and send it to one address, at once."""
    subject, text, html = write(template, **context)
    message = EmailMultiAlternatives(subject, text, to=[to])
    message.attach_alternative(html, "text/html")
    message.send()


class TerminalBackend(BaseEmailBackend):
    """Write the text of each message on the terminal of the server: there is no mail server on the machine where one tries."""

    def send_messages(self, email_messages):
        for message in email_messages:
            to = ", ".join(message.recipients())
            print(f"\nCourriel pour {to} : {message.subject}\n\n{message.body}\n", flush=True)
        return len(email_messages)


class DemoMailboxBackend(BaseEmailBackend):
    """Keep each message as a DemoMail row instead of sending it."""

    def send_messages(self, email_messages):
        for message in email_messages:
            html = next((part.content for part in getattr(message, "alternatives", []) if part.mimetype == "text/html"), "")
            DemoMail.objects.create(
                to=", ".join(message.recipients()), subject=message.subject[:300], text=message.body, html=html
            )
        return len(email_messages)
