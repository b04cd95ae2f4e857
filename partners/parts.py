"""The parts of a pact that live on the partners floor."""


def register_all():
    pass
