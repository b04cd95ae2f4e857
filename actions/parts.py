"""The parts of a pact that live on the actions floor."""


def register_all():
    pass
