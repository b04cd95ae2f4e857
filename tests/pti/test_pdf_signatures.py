"""Signed PDFs: integrity, signer, certificate, same document or not; the seal. pdfsig of poppler says the same."""

import io
import shutil
import subprocess
import zlib

import pikepdf
import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from pyhanko.pdf_utils.generic import NameObject, NumberObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfDecodeLimitError

from pti.pdf_signatures import CHANGED, OTHER, SAME, check_pdf, seal_pdf
from pti.printing import Document, to_pdf
from pti.printing.nodes import heading, paragraph
from tests.certificates import PASSWORD, Authority, altered, signed


@pytest.fixture(scope="module")
def original():
    return to_pdf(Document(title="Pacte", on="2026-11-21", body=(heading("Axe 1"), paragraph("Agir ensemble. " * 200))))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("certificats")


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture
def trusting(settings, authority, folder):
    settings.SIGNATURE_ANCHORS = [authority.pem(folder)]


def test_a_signed_pdf_tells_its_signer_and_that_it_is_the_same_document(original, authority, folder, trusting):
    check = check_pdf(signed(original, authority.person(folder)), original=original)
    (signer,) = check.signers
    assert (check.covers, signer.name, signer.issuer) == (SAME, "Anne Roche", "Autorité d’essai")
    assert (signer.valid_then, signer.trusted) == (True, True)


def test_an_unknown_authority_is_told(original, authority, folder):
    (signer,) = check_pdf(signed(original, authority.person(folder)), original=original).signers
    assert (signer.valid_then, signer.trusted) == (True, False)


def test_the_name_of_a_certificate_may_be_stored_whatever_it_says(original, authority, folder):
    """PostgreSQL has no place for a NUL in a JSON text: whoever makes a certificate chooses its name."""
    content = signed(original, authority.person(folder, name="Anne\0 Roche"))
    assert check_pdf(content, original=original).signers[0].name == "Anne Roche"


def test_an_expired_certificate_is_told(original, authority, folder, trusting):
    expired = authority.person(folder, "Paul Petit", starts=-60, ends=-30)
    (signer,) = check_pdf(signed(original, expired), original=original).signers
    assert (signer.name, signer.valid_then, signer.trusted) == ("Paul Petit", False, False)


def test_two_signatures_are_both_told(original, authority, folder, trusting):
    once = signed(original, authority.person(folder))
    twice = signed(once, authority.person(folder, "Paul Petit"), field="Signature2")
    check = check_pdf(twice, original=original)
    assert (check.covers, [one.name for one in check.signers]) == (SAME, ["Anne Roche", "Paul Petit"])


def test_a_tampered_file_is_refused(original, authority, folder):
    with pytest.raises(ValidationError) as refused:
        check_pdf(altered(signed(original, authority.person(folder))), original=original)
    assert refused.value.code in {"broken", "unreadable"}


def crafted(fields):
    """A small PDF whose form says `fields`."""
    objects = [b"<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>", b"<</Fields %s>>" % fields]
    content, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 4\n0000000000 65535 f \n%strailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return content + end % (table, len(content))


@pytest.mark.parametrize("fields", [b"[" * 3000 + b"]" * 3000, b"[3 0 R]/T(a)/Kids[3 0 R]"])
def test_a_file_made_to_break_its_reader_is_refused(fields):
    with pytest.raises(ValidationError) as refused:
        check_pdf(crafted(fields), original=b"%PDF-1.7")
    assert refused.value.code == "unreadable"


def with_tables(count, size):
    """A small PDF with so many tables of objects, each of so many bytes once unpacked."""
    content, packed, before = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n", zlib.compress(bytes(size), 9), b""
    for _ in range(count):
        start, head = len(content), b"<</Type/XRef/Size %d/W[1 4 2]/Root 1 0 R/Filter/FlateDecode/Length %d%s>>"
        content += b"5 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (head % (size // 7, len(packed), before), packed)
        before = b"/Prev %d" % start
    return content + b"startxref\n%d\n%%%%EOF\n" % start


@pytest.mark.parametrize(
    ("count", "size", "longest", "why"),
    [(1, 7_000, 10, AssertionError), (1, 2_000_000, 10, PdfDecodeLimitError), (2, 7_000, -1, ValueError)],
)
def test_a_small_file_of_endless_tables_takes_neither_the_time_nor_the_memory(monkeypatch, count, size, longest, why):
    """Of 50 kB, one took 90 seconds and 1.5 GB."""
    monkeypatch.setattr("pti.pdf_signatures.LONGEST", longest)
    with pytest.raises(ValidationError) as refused:
        check_pdf(with_tables(count, size), original=b"%PDF-1.7")
    assert (refused.value.code, type(refused.value.__cause__)) == ("unreadable", why)


def with_other_words(content):
    """The same file, its first page rewritten in an update that follows the bytes."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    while page["/Type"] != "/Page":
        page = page["/Kids"][0].get_object()
    page[NameObject("/Contents")] = writer.add_object(StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_what_changes_the_text_after_the_signature_is_refused(original, authority, folder):
    with pytest.raises(ValidationError) as refused:
        check_pdf(with_other_words(signed(original, authority.person(folder))), original=original)
    assert refused.value.code == "broken"


def test_what_changes_the_text_before_the_signature_is_told(original, authority, folder):
    check = check_pdf(signed(with_other_words(original), authority.person(folder)), original=original)
    assert check.covers == CHANGED


def in_streams(content):
    """The same document, its objects packed in streams."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def with_another_stream_of_objects(content):
    """The same bytes, then the stream that holds the last page, where the page is of another size; nothing else is touched."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        number = pdf.get_xref_table()[pdf.pages[-1].objgen].obj_stream_number
        held = pdf.get_object(number, 0)
        said = {f"/{name}": int(held[f"/{name}"]) for name in ("N", "First")}
        start, found, end = held.read_bytes().rpartition(b"/MediaBox [ 0 0 5")
        packed = start + b"/MediaBox [ 0 0 1" + end
        assert found
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    entries = {NameObject(name): NumberObject(value) for name, value in said.items()}
    writer.objects[(0, number)] = StreamObject({NameObject("/Type"): NameObject("/ObjStm"), **entries}, stream_data=packed)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("change", "covers"), [(bytes, SAME), (with_other_words, CHANGED), (with_another_stream_of_objects, CHANGED)]
)
def test_objects_packed_in_streams_are_compared_too(original, authority, folder, change, covers):
    packed = in_streams(original)
    check = check_pdf(signed(change(packed), authority.person(folder)), original=packed)
    assert check.covers == covers


def under_another_catalogue(content):
    """The same bytes, then a catalogue of its own number whose pages, as many, are others."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        size, pages = pdf.trailer.Size, len(pdf.pages)
    bodies = [f"<< /Type /Catalog /Pages {size + 1} 0 R >>", f"<< /Type /Pages /Count {pages} /Kids ["]
    bodies[1] += " ".join(f"{size + 2 + rank} 0 R" for rank in range(pages)) + "] >>"
    bodies += [f"<< /Type /Page /Parent {size + 1} 0 R /MediaBox [0 0 595 842] >>"] * pages
    added, places = content + b"\n", []
    for number, body in enumerate(bodies, size):
        places.append(len(added))
        added += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    before = content[content.rindex(b"startxref") :].split()[1].decode()
    trailer = f"trailer\n<< /Size {size + len(bodies)} /Root {size} 0 R /Prev {before} >>\nstartxref\n{len(added)}\n%%EOF\n"
    return added + f"xref\n{size} {len(bodies)}\n{table}{trailer}".encode()


def test_pages_put_under_another_catalogue_are_told(original, authority, folder):
    check = check_pdf(signed(under_another_catalogue(original), authority.person(folder)), original=original)
    assert check.covers == CHANGED


def test_another_document_is_told(original, authority, folder):
    other = to_pdf(Document(title="Autre", on="2026-11-21", body=(heading("Autre"), paragraph("Autre texte. " * 200))))
    assert check_pdf(signed(other, authority.person(folder)), original=original).covers == OTHER


@pytest.mark.parametrize("content", [b"%PDF-1.4\n%%EOF", b"rien", b""])
def test_what_is_no_signed_pdf_is_refused(original, content):
    with pytest.raises(ValidationError):
        check_pdf(content, original=original)


def test_an_unsigned_pdf_is_refused(original):
    with pytest.raises(ValidationError) as refused:
        check_pdf(original, original=original)
    assert refused.value.code == "unsigned"


@pytest.fixture
def sealing(settings, authority, folder):
    settings.SEAL_CERTIFICATE, settings.SEAL_PASSWORD = authority.person(folder, "Département d’essai"), PASSWORD


def test_the_seal_leaves_what_was_given_intact(original, sealing, trusting):
    content, name = seal_pdf(original, reason="Pacte signé")
    assert (name, content.startswith(original)) == ("Département d’essai", True)
    check = check_pdf(content, original=original)
    assert (check.covers, [one.trusted for one in check.signers]) == (SAME, [True])
    with pikepdf.open(io.BytesIO(content)) as pdf:
        (widget,) = pdf.Root.AcroForm.Fields
        assert [float(edge) for edge in widget.Rect] == [0, 0, 0, 0]


def test_a_signature_under_the_seal_stays_valid(original, authority, folder, sealing, trusting):
    content, _ = seal_pdf(signed(original, authority.person(folder)), reason="Pacte signé")
    assert [one.name for one in check_pdf(content, original=original).signers] == ["Anne Roche", "Département d’essai"]


def test_an_expired_seal_is_refused(settings, original, authority, folder):
    settings.SEAL_CERTIFICATE = authority.person(folder, "Ancien", starts=-60, ends=-30)
    settings.SEAL_PASSWORD = PASSWORD
    with pytest.raises(ValidationError, match="n’est pas valable aujourd’hui"):
        seal_pdf(original, reason="Pacte signé")


def test_a_wrong_password_is_said(settings, original, authority, folder):
    settings.SEAL_CERTIFICATE, settings.SEAL_PASSWORD = authority.person(folder, "Autre"), "faux"
    with pytest.raises(ImproperlyConfigured, match="SEAL_PASSWORD"):
        seal_pdf(original, reason="Pacte signé")


def pdfsig(content, path):
    """What poppler says of the signatures of a PDF."""
    path.write_bytes(content)
    done = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False)
    return done.stdout


def test_poppler_agrees(original, authority, folder, sealing, tmp_path):
    assert shutil.which("pdfsig"), "install poppler-utils (./test does)"
    sealed, _ = seal_pdf(original, reason="Pacte signé")
    assert "Signature is Valid" in pdfsig(sealed, tmp_path / "scelle.pdf")
    assert "Signature is Valid" not in pdfsig(altered(sealed), tmp_path / "faux.pdf")
    assert "does not contain any signatures" in pdfsig(original, tmp_path / "nu.pdf")
