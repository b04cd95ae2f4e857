"""The look of the département on the day when a text is printed or frozen; a version keeps it with its words."""

import base64

import filetype

from pti.models import Brand

# A logo heavier than this stays out of the text that carries it.
LOGO_LIMIT = 200 * 1024
DRAWN = {"image/png", "image/jpeg"}


def look_of_today():
    """Name, colours and logo, as plain data; nothing when nobody has set them."""
    brand = Brand.current()
    if brand.pk is None:
        return {}
    look = {"name": brand.name, "brand": brand.brand, "accent": brand.accent}
    logo = logo_of(brand)
    return look | {"logo": base64.b64encode(logo).decode()} if logo else look


def logo_of(brand):
    if not brand.logo or not brand.logo.storage.exists(brand.logo.name) or brand.logo.size > LOGO_LIMIT:
        return b""
    with brand.logo.open("rb") as file:
        content = file.read()
    guess = filetype.guess(content)
    return content if guess is not None and guess.mime in DRAWN else b""
