"""The PDF of a version, byte for byte: what a parapheur signs and what the seal extends."""

from pti.printing import pdf_of


def pdf_of_version(version):
    return pdf_of(version)
