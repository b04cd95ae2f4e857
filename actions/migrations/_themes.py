"""Puts the themes of the guide in a base, and takes them away."""

from actions.themes import GUIDE_THEMES, ensure_themes


def add(apps, schema_editor):
    ensure_themes(apps.get_model("actions", "Theme"))


def remove(apps, schema_editor):
    """Take away the themes of the guide that no fiche uses."""
    theme, action = apps.get_model("actions", "Theme"), apps.get_model("actions", "Action")
    names = [name for themes in GUIDE_THEMES.values() for name, _ in themes]
    used = action.themes.through.objects.values("theme_id")
    theme.objects.filter(name__in=names).exclude(pk__in=used).delete()
