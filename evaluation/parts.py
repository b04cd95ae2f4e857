"""The parts of a pact that live on the evaluation floor."""


def register_all():
    pass
