"""The parts of a pact that live on the ground floor."""


def register_all():
    pass
