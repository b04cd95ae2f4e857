"""The parts of a pact that live on the governance floor."""


def register_all():
    pass
