"""What is derived from the two colours of a département, so that every page stays readable."""

import colorsys
from functools import lru_cache

WHITE, BLACK = "#ffffff", "#000000"
DEFAULTS = ("#123f4a", "#c5d93b")
READABLE, VISIBLE = 4.5, 3


def channels(colour):
    """(red, green, blue) of « #123f4a », 0 to 255."""
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def hexadecimal(rgb):
    return "#{:02x}{:02x}{:02x}".format(*(round(channel) for channel in rgb))


def luminance(colour):
    """Relative luminance (WCAG 2.2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (x / 255 for x in channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def washed(colour, share=0.07):
    """`share` of the colour in white."""
    return hexadecimal(255 - share * (255 - channel) for channel in channels(colour))


def darkened_until_readable(colour, background):
    """The colour, its lightness lowered by 1 % steps until it reads on `background`."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in channels(colour)))
    while contrast(colour, background) < READABLE and lightness > 0:
        lightness = max(0, lightness - 0.01)
        colour = hexadecimal(255 * channel for channel in colorsys.hls_to_rgb(hue, lightness, saturation))
    return colour


def derive(brand, accent):
    """{property: value} of `marque.css`."""
    wash = washed(brand)
    ink = darkened_until_readable(brand, wash)
    return {
        "--pti-brand": brand,
        "--pti-on-brand": WHITE if contrast(brand, WHITE) >= READABLE else BLACK,
        "--pti-brand-ink": ink,
        "--pti-brand-edge": brand if contrast(brand, WHITE) >= VISIBLE else ink,
        "--pti-brand-wash": wash,
        "--pti-accent": accent,
        "--bs-link-color": ink,
        "--bs-link-color-rgb": ", ".join(str(channel) for channel in channels(ink)),
        "--bs-link-hover-color": ink,
        "--bs-link-hover-color-rgb": ", ".join(str(channel) for channel in channels(ink)),
    }


@lru_cache(maxsize=32)
def stylesheet(brand, accent):
    """The style sheet of two colours; computed once for each pair."""
    lines = "".join(f"  {name}: {value};\n" for name, value in derive(brand.lower(), accent.lower()).items())
    return f":root {{\n{lines}}}\n"
