"""Changing several fiches at once: `changes` says what a change does to one fiche, `deeds` prepare, apply and undo."""
