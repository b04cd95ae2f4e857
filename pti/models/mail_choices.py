"""What a person no longer wants to receive, chosen from the foot of a mail or by one click in her mail program."""

from django.db import models


class MailRefusal(models.Model):
    """One kind of mail (`pti.mail_choices`) that an address no longer wants. The address is written in small letters."""

    email = models.EmailField("adresse électronique")
    kind = models.CharField("genre de courriel", max_length=40)

    class Meta:
        verbose_name = "courriel refusé"
        verbose_name_plural = "courriels refusés"
        ordering = ["email", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["email", "kind"],
                name="mail_refused_once",
                violation_error_message="Cette adresse a déjà refusé ces courriels.",
            )
        ]

    def __str__(self):
        return f"{self.email} : {self.kind}"
