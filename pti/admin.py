"""Settings room, ground floor: accounts, accesses, pacts' settings, territories, public texts, brand."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.forms.fields import InvalidJSONInput
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from pti import colours, outlines
from pti.accounts import can_grant, end_sessions, invite, manageable_accounts, reset_second_factor, send_invitation
from pti.admin_site import RoomAdmin, SettingsRevisionForm
from pti.enums import LegalTextKind, Role
from pti.legal_defaults import default_text
from pti.models import Access, Brand, LegalText, Pact, Territory, User

NOT_YOURS = "Vous ne pouvez pas donner ni retirer cet accès : vous n’animez pas ce pacte."


def animated_by(user):
    """Pacts that `user` animates."""
    return Pact.objects.with_role(user, Role.ANIMATOR).ordinary()


class InvitationForm(forms.ModelForm):
    """A new account is an invitation: an address, a role, a pact."""

    role = forms.ChoiceField(label="rôle", choices=Role)
    pact = forms.ModelChoiceField(
        label="pacte", queryset=Pact.objects.none(), required=False, empty_label="tous les pactes", help_text="Vide : tous."
    )

    class Meta:
        model = User
        fields = ["email", "first_name", "last_name", "function", "phone"]

    def clean(self):
        cleaned = super().clean()
        if not can_grant(self.by, cleaned.get("pact")):
            self.add_error("pact", NOT_YOURS)
        return cleaned


@admin.register(User)
class UserAdmin(RoomAdmin):
    """Accounts of the people of her pacts; adding one invites."""

    fields = ["email", "first_name", "last_name", "function", "phone", "is_active", "last_login", "date_joined"]
    readonly_fields = ["last_login", "date_joined"]
    list_display = ["email", "last_name", "first_name", "function", "is_active", "last_login"]
    list_filter = ["is_active", "accesses__role"]
    search_fields = ["email", "first_name", "last_name"]
    actions = ["invite_again", "reset_factor"]

    def rows_of(self, queryset, user):
        if user.roles.get(None) == Role.ANIMATOR:
            return queryset.filter(is_superuser=False)
        inside = Access.objects.filter(user=OuterRef("pk"), pact__in=animated_by(user))
        return queryset.filter(Exists(inside) | Q(pk__in=manageable_accounts(user)), is_superuser=False)

    def can_change(self, user, row):
        return manageable_accounts(user).filter(pk=row.pk).exists()

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is not None:
            return super().get_form(request, obj, change, **kwargs)
        form = super().get_form(request, obj, change, form=InvitationForm, fields=InvitationForm.Meta.fields)
        form.by = request.user
        form.base_fields["pact"].queryset = Pact.objects.ordinary() if request.user.is_superuser else animated_by(request.user)
        return form

    def get_fields(self, request, obj=None):
        return self.fields if obj else [*InvitationForm.Meta.fields, "role", "pact"]

    def get_readonly_fields(self, request, obj=None):
        return self.readonly_fields if obj else []

    def save_model(self, request, obj, form, change):
        if change:
            obj.save()
            if not obj.is_active or "email" in form.changed_data:
                end_sessions(obj)
            return
        fields = {name: form.cleaned_data[name] for name in InvitationForm.Meta.fields}
        user = invite(role=form.cleaned_data["role"], pact=form.cleaned_data["pact"], by=request.user, **fields)
        obj.pk, obj._state.adding = user.pk, False

    def chosen(self, request, queryset):
        """Among the ticked accounts, those that she may touch."""
        return list(queryset.filter(pk__in=manageable_accounts(request.user), is_active=True))

    @admin.action(description="Renvoyer l’invitation")
    def invite_again(self, request, queryset):
        users = self.chosen(request, queryset)
        for user in users:
            for access in user.accesses.all()[:1]:
                send_invitation(user, access, request.user)
        messages.success(request, f"{len(users)} invitation(s) renvoyée(s).")

    @admin.action(description="Retirer le second facteur (la personne en enregistrera un autre)")
    def reset_factor(self, request, queryset):
        users = self.chosen(request, queryset)
        for user in users:
            reset_second_factor(user)
        messages.success(request, f"{len(users)} second(s) facteur(s) retiré(s).")


class AccessForm(forms.ModelForm):
    """No access that she does not hold, nor the loss of her own."""

    class Meta:
        model = Access
        fields = ["user", "pact", "role"]

    def clean(self):
        cleaned = super().clean()
        if not can_grant(self.by, cleaned.get("pact")):
            raise ValidationError(NOT_YOURS)
        if cleaned.get("user") == self.by or self.instance.user_id == self.by.pk:
            raise ValidationError("Votre propre accès se change par une autre personne qui anime le pacte.")
        return cleaned


@admin.register(Access)
class AccessAdmin(RoomAdmin):
    """Who has which role on her pacts."""

    form = AccessForm
    list_display = ["user", "pact", "role"]
    list_filter = ["role", ("pact", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["user", "pact"]
    search_fields = ["user__email", "user__last_name", "user__first_name"]
    may_delete = True
    actions = None

    def rows_of(self, queryset, user):
        queryset = queryset.filter(user__is_superuser=False)
        if user.roles.get(None) == Role.ANIMATOR:
            return queryset
        return queryset.filter(pact__in=animated_by(user))

    def can_change(self, user, row):
        return can_grant(user, row.pact) and not row.user.is_superuser and row.user_id != user.pk

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.by = request.user
        return form


@admin.register(Pact)
class PactAdmin(RoomAdmin):
    """Settings of a pact; its text is written on its own pages."""

    fields = ["title", "state", "silence_months"]
    readonly_fields = ["title", "state"]
    list_display = ["title", "state", "silence_months"]
    search_fields = ["title", "subtitle"]
    may_add = False

    def rows_of(self, queryset, user):
        return queryset.filter(pk__in=animated_by(user))


class OutlineField(forms.JSONField):
    """GeoJSON that is pasted; too deep a text, or a number without end, is refused like one that cannot be read.

    No outline is an empty field.
    """

    def prepare_value(self, value):
        return "" if value is None else super().prepare_value(value)

    def to_python(self, value):
        try:
            return super().to_python(value)
        except (ValueError, RecursionError):
            raise ValidationError(outlines.NOT_JSON) from None

    def bound_data(self, data, initial):
        try:
            return super().bound_data(data, initial)
        except (ValueError, RecursionError):
            return InvalidJSONInput(data)


class OutlineForm(forms.ModelForm):
    """The outline is pasted, or taken from a file, which wins."""

    outline = OutlineField(
        label="Contour GeoJSON",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Polygon ou MultiPolygon, en degrés (WGS 84). Il est allégé à l’enregistrement.",
    )
    outline_file = forms.FileField(
        label="Contour, depuis un fichier",
        required=False,
        help_text="Un fichier .geojson ou .json. S’il contient plusieurs territoires (toutes les intercommunalités du "
        "département, par exemple), celui qui porte ce code ou ce nom est pris.",
    )

    def clean(self):
        cleaned = super().clean()
        file = cleaned.get("outline_file")
        if file:
            try:
                cleaned["outline"] = outlines.read_file(file, (cleaned.get("code"), cleaned.get("name")))
            except ValidationError as error:
                self.add_error("outline_file", error)
        return cleaned


class OutlineRevisionForm(OutlineForm, SettingsRevisionForm):
    """The same, of a territory that is stored."""


@admin.register(Territory)
class TerritoryAdmin(RoomAdmin):
    """Places of her pacts, and those that no pact uses yet."""

    fields = ["name", "kind", "kind_text", "parent", "code", "note", "outline", "outline_file"]
    list_display = ["name", "kind", "code", "parent"]
    list_filter = ["kind"]
    list_select_related = ["parent"]
    search_fields = ["name", "code", "search"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change, form=OutlineRevisionForm if obj else OutlineForm, **kwargs)

    def rows_of(self, queryset, user):
        hers = animated_by(user)
        used = Q(pact_links__isnull=False) | Q(pacts_as_department__isnull=False) | Q(local_pacts__isnull=False)
        mine = Q(pact_links__pact__in=hers) | Q(pacts_as_department__in=hers) | Q(local_pacts__in=hers)
        elsewhere = Territory.objects.filter(used).exclude(pk__in=Territory.objects.filter(mine).values("pk"))
        return queryset.exclude(pk__in=elsewhere.values("pk"))


@admin.register(LegalText)
class LegalTextAdmin(RoomAdmin):
    """The three public texts; hers starts from the one that is shipped."""

    fields = ["kind", "text"]
    list_display = ["kind"]
    search_fields = ["text"]
    change_list_template = "admin/pti/legaltext/change_list.html"

    def changelist_view(self, request, extra_context=None):
        written = set(LegalText.objects.values_list("kind", flat=True))
        return super().changelist_view(request, {"shipped": [kind for kind in LegalTextKind if kind not in written]})

    def get_changeform_initial_data(self, request):
        kind = request.GET.get("kind")
        return {"kind": kind, "text": default_text(kind, Brand.current())} if kind in LegalTextKind.values else {}

    def can_change(self, user, row):
        return True

    def get_readonly_fields(self, request, obj=None):
        return ["kind"] if obj else []


class BrandForm(forms.ModelForm):
    """« Aperçu » shows the colours that were typed, and saves nothing."""

    class Meta:
        model = Brand
        fields = ["name", "logo", "brand", "accent", "contact_email", "dpo_email", "inactive_months"]
        widgets = {"brand": forms.TextInput(attrs={"type": "color"}), "accent": forms.TextInput(attrs={"type": "color"})}

    def clean(self):
        cleaned = super().clean()
        if "_preview" in self.data:
            raise ValidationError("Aperçu : rien n’est encore enregistré.")
        return cleaned


PREVIEW = (
    '<svg width="100%" height="150" viewBox="0 0 640 150" role="img" aria-label="Aperçu : bandeau, onglet, bouton et lien">'
    '<rect width="640" height="64" fill="{brand}"/><text x="20" y="38" fill="{on_brand}" font-size="18">{name}</text>'
    '<rect x="420" y="58" width="120" height="6" fill="{accent}"/>'
    '<text x="440" y="38" fill="{on_brand}" font-size="15">Onglet</text>'
    '<rect y="64" width="640" height="86" fill="{wash}"/><rect x="20" y="88" width="150" height="40" rx="4" fill="{brand}"/>'
    '<text x="44" y="113" fill="{on_brand}" font-size="15">Enregistrer</text>'
    '<text x="200" y="113" fill="{ink}" font-size="15" text-decoration="underline">Un lien dans le texte</text></svg>'
)


def preview_of(form):
    """The two colours of the form on a bar, a button and a link; nothing when one cannot be read."""
    brand, accent = form["brand"].value() or "", form["accent"].value() or ""
    try:
        derived = colours.derive(brand, accent)
    except (ValueError, IndexError):
        return mark_safe("")
    return format_html(
        PREVIEW,
        brand=brand,
        accent=accent,
        name=form["name"].value() or "",
        on_brand=derived["--pti-on-brand"],
        ink=derived["--pti-brand-ink"],
        wash=derived["--pti-brand-wash"],
    )


@admin.register(Brand)
class BrandAdmin(RoomAdmin):
    """Name, logo, two colours; one row."""

    form = BrandForm
    list_display = ["name", "brand", "accent"]
    search_fields = ["name"]
    change_form_template = "admin/pti/brand/change_form.html"

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Brand.objects.exists()

    def render_change_form(self, request, context, *args, **kwargs):
        context["preview"] = preview_of(context["adminform"].form)
        return super().render_change_form(request, context, *args, **kwargs)
