"""Mail in demonstration mode stays in the base."""

from django.core.mail.backends.base import BaseEmailBackend

from pti.models import DemoMail


class DemoMailboxBackend(BaseEmailBackend):
    """Keep each message as a DemoMail row instead of sending it."""

    def send_messages(self, email_messages):
        for message in email_messages:
            html = next((part.content for part in getattr(message, "alternatives", []) if part.mimetype == "text/html"), "")
            DemoMail.objects.create(
                to=", ".join(message.recipients()), subject=message.subject[:300], text=message.body, html=html
            )
        return len(email_messages)
