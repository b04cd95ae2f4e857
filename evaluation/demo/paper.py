"""A one-page PDF, so that the invented signatures of the demonstration carry a real file."""


def _escape(line):
    text = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return text.replace("’", "'").encode("cp1252", "replace")


def one_page_pdf(lines):
    """Bytes of an A4 page that shows `lines`, one under the other, in Helvetica."""
    shown = b"".join(b"(" + _escape(line) + b") Tj T*\n" for line in lines)
    content = b"BT /F1 12 Tf 72 770 Td 22 TL\n" + shown + b"ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    pdf, offsets = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(pdf))
    return pdf + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(objects) + 1, table, trailer)
