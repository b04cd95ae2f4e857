"""Mail: one way to write it, in text and HTML; in demonstration mode it stays in the base."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse

from pti.models import Brand, DemoMail


def absolute_url(name, *args):
    """Address of a page, for a mail."""
    return settings.SITE_URL.rstrip("/") + reverse(name, args=args)


def send_mail(template, to, **context):
    """Send `<template>_subject.txt`, `_message.txt` and `_message.html` to one address."""
    context = {"brand": Brand.current(), **context}
    subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
    message = EmailMultiAlternatives(subject, render_to_string(f"{template}_message.txt", context).strip(), to=[to])
    message.attach_alternative(render_to_string(f"{template}_message.html", context).strip(), "text/html")
    message.send()


class DemoMailboxBackend(BaseEmailBackend):
    """Keep each message as a DemoMail row instead of sending it."""

    def send_messages(self, email_messages):
        for message in email_messages:
            html = next((part.content for part in getattr(message, "alternatives", []) if part.mimetype == "text/html"), "")
            DemoMail.objects.create(
                to=", ".join(message.recipients()), subject=message.subject[:300], text=message.body, html=html
            )
        return len(email_messages)
