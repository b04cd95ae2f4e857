"""The animator's settings room: the stock admin, in French, behind the same login as everything else.

Rights come from her accesses, never from `is_staff` or Django's permissions. Each ModelAdmin says which rows are hers.
"""

from functools import update_wrapper

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.contrib.admin.utils import unquote
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, resolve_url
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from js_asset import Media

from pti.access import is_animator
from pti.fields import RichTextField
from pti.forms import RevisionForm
from pti.rows import Revised

UNUSED_URLS = {"password_change", "password_change_done"}


class PtiAdminSite(AdminSite):
    site_header = "Réglages du pacte"
    site_title = "Réglages"
    index_title = "Réglages"
    site_url = "/"
    empty_value_display = "Non renseigné"

    def register(self, model_or_iterable, admin_class=None, **options):
        """Our own rooms only: what Django and allauth would add (groups, factors, addresses) obeys other rights."""
        if admin_class is not None and issubclass(admin_class, RoomAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request):
        user = request.user
        return user.is_active and (user.is_superuser or is_animator(user))

    def admin_view(self, view, cacheable=False):
        """Like the stock one, but who is logged in without being an animator is refused, not sent to the login."""
        inner = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return update_wrapper(guarded, inner)

    def get_urls(self):
        return [url for url in super().get_urls() if getattr(url, "name", None) not in UNUSED_URLS]

    def login(self, request, extra_context=None):
        """One entrance for everybody, second factor included (pti/login.py)."""
        if request.user.is_authenticated:
            if not self.has_permission(request):
                raise PermissionDenied
            return redirect("admin:index")
        return redirect(f"{resolve_url('account_login')}?next={resolve_url('admin:index')}")

    login.login_required = False

    @method_decorator(require_POST)
    def logout(self, request, extra_context=None):
        logout(request)
        return redirect("account_login")


class FrozenTextForm:
    """Says in the form that the text of a frozen pact refuses, instead of failing at saving."""

    def _post_clean(self):
        super()._post_clean()
        refuse = getattr(self.instance, "refuse_if_frozen", None)
        if refuse and not self.errors:
            try:
                refuse()
            except ValidationError as error:
                self.add_error(None, error)


class SettingsRevisionForm(RevisionForm):
    """Two people on one row: the version stored meanwhile stands under each field that differs, what was typed stays."""

    def tell_conflict(self, stored, sent):
        super().tell_conflict(stored, sent)
        for line in self.conflict:
            name = line.name.removeprefix("garder-")
            self.add_error(
                name, f"Enregistré entre-temps : « {line.theirs} ». Enregistrez de nouveau pour garder votre version."
            )


class RoomAdmin(admin.ModelAdmin):
    """What every page of the settings room shares: her rows, no deletion, the journal read-only."""

    # Long texts keep their editor: the stock admin makes a bare textarea of every TextField.
    formfield_overrides = {RichTextField: {}}
    list_per_page = 25
    show_full_result_count = False
    save_as = False
    may_add = True
    may_delete = False

    def rows_of(self, queryset, user):
        """Rows that `user`, an animator, may see here."""
        return queryset

    def can_change(self, user, row):
        return True

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        return queryset if request.user.is_superuser else self.rows_of(queryset, request.user)

    def is_revised(self, obj):
        return obj is not None and issubclass(self.model, Revised)

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return [*fields, "revision"] if self.is_revised(obj) else fields

    def save_model(self, request, obj, form, change):
        if change and self.is_revised(obj):
            obj.revision += 1
        super().save_model(request, obj, form, change)

    def get_form(self, request, obj=None, change=False, **kwargs):
        if self.is_revised(obj):
            kwargs.setdefault("form", SettingsRevisionForm)
            # The form declares the revision itself: Django refuses to make a field of it.
            shown = kwargs.get("fields") or self.get_fields(request, obj)
            kwargs["fields"] = [name for name in shown if name != "revision"]
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (FrozenTextForm, form), {})

    def has_module_permission(self, request):
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request, obj=None):
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request):
        return self.may_add and self.admin_site.has_permission(request)

    def has_change_permission(self, request, obj=None):
        if not self.admin_site.has_permission(request):
            return False
        return obj is None or request.user.is_superuser or self.can_change(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        return self.may_delete and self.has_change_permission(request, obj)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Choices are the rows that she sees in this room."""
        room = self.admin_site._registry.get(db_field.remote_field.model)
        if room and "queryset" not in kwargs:
            kwargs["queryset"] = room.get_queryset(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def render_change_form(self, request, context, *args, **kwargs):
        # The editor's import map is an inline script: it needs the nonce of the page.
        context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))
        return super().render_change_form(request, context, *args, **kwargs)

    # The journal says who did what; Django's own log would be a second truth, and name people for ever.

    def log_addition(self, request, obj, message):
        return None

    def log_change(self, request, obj, message):
        return None

    def log_deletions(self, request, queryset):
        return None

    def history_view(self, request, object_id, extra_context=None):
        """The journal of the row, to be read."""
        from pti.journal.index import keys_of
        from pti.journal.lines import read_lines

        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        page = Paginator(keys_of(row), self.list_per_page).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Journal : {row}",
            "opts": self.opts,
            "object": row,
            "page": page,
            "lines": read_lines(list(page)),
        }
        return TemplateResponse(request, "admin/journal.html", context)
