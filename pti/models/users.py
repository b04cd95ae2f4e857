"""Accounts (the e-mail is the login) and accesses."""

from functools import cache

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.functional import cached_property

from pti.composed import AnyKey, Composed
from pti.enums import Role
from pti.rows import Followed


class UserManager(BaseUserManager):
    """Accounts are made by invitation or by the command line, never by sign-up."""

    def with_roles(self, pk):
        """The person whose key is `pk`, her `roles` read with her, or None."""
        rows = person_composed().rows_of(pk)
        if not rows:
            return None
        user = rows[0]
        user.roles = {row.held_on: row.held for row in rows if row.held}
        return user

    def create_user(self, email, password=None, **fields):
        if not email:
            raise ValueError("Une adresse électronique est nécessaire.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        if password:
            user.set_password(password)
        else:
            user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin, Followed):
    """A person who logs in. What she may see and do comes from her accesses, never from `is_staff`."""

    people_fields = ("email", "first_name", "last_name", "phone")

    email = models.EmailField(
        "adresse électronique", unique=True, error_messages={"unique": "Un compte porte déjà cette adresse."}
    )
    first_name = models.CharField("prénom", max_length=100, blank=True)
    last_name = models.CharField("nom", max_length=100, blank=True)
    function = models.CharField("fonction", max_length=200, blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    is_active = models.BooleanField("compte ouvert", default=True)
    is_staff = models.BooleanField("accès à l’administration", default=False, editable=False)
    date_joined = models.DateTimeField("compte créé le", default=timezone.now, editable=False)
    invited_by = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="invited",
        verbose_name="invité par",
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        ordering = ["last_name", "first_name", "id"]

    def __str__(self):
        return self.get_full_name()

    def save(self, *args, **kwargs):
        self.email = self.email.lower()
        if kwargs.get("update_fields") != ["last_login"]:
            return super().save(*args, **kwargs)
        self.skip_history_when_saving = True  # a login is not an edit: no line in the journal
        try:
            return super().save(*args, **kwargs)
        finally:
            del self.skip_history_when_saving

    def get_full_name(self):
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def get_short_name(self):
        return self.first_name or self.get_full_name()

    def has_usable_password(self):
        """Nobody logs in with a password: a code comes by mail (pti/login.py)."""
        return False

    @cached_property
    def roles(self):
        """{pact id, or None for every pact: role}, read once per request (pti.access), with the person (`with_roles`)."""
        return dict(self.accesses.order_by().values_list("pact_id", "role"))


@cache
def person_composed():
    """The query of a person, once for each of her accesses or once when she has none."""
    rows = User.objects.filter(pk=AnyKey()).order_by()
    return Composed(rows.annotate(held_on=F("accesses__pact"), held=F("accesses__role")))


class Access(Followed):
    """What a person may do on one pact (its local pacts included), or on all when `pact` is empty."""

    pact_path = "pact"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="accesses", verbose_name="compte")
    pact = models.ForeignKey(
        "pti.Pact",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="accesses",
        verbose_name="pacte",
        help_text="Vide : tous les pactes.",
    )
    role = models.CharField("rôle", max_length=10, choices=Role)

    class Meta:
        verbose_name = "accès"
        verbose_name_plural = "accès"
        ordering = ["user", "pact", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "pact"],
                name="access_one_role_per_pact",
                violation_error_message="Cette personne a déjà un rôle sur ce pacte.",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(pact=None),
                name="access_one_role_on_all",
                violation_error_message="Cette personne a déjà un rôle sur tous les pactes.",
            ),
        ]

    def __str__(self):
        return f"{self.user} : {self.get_role_display()}, {self.pact or 'tous les pactes'}"
