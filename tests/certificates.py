"""Made-up authorities and certificates, and PDFs signed with them: nothing here is worth anything outside the tests."""

import datetime
import io

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf

PASSWORD = "essai"
DAY = datetime.timedelta(days=1)


class Authority:
    """A certification authority that signs certificates of people."""

    def __init__(self, name="Autorité d’essai"):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = self.sign(self.name, self.key.public_key(), ca=True)

    def sign(self, subject, public_key, *, ca=False, starts=-30, ends=365):
        now = datetime.datetime.now(datetime.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + starts * DAY if not ca else now - 3650 * DAY)
            .not_valid_after(now + ends * DAY if not ca else now + 3650 * DAY)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .add_extension(x509.KeyUsage(not ca, not ca, False, False, False, ca, ca, False, False), critical=True)
        )
        return builder.sign(self.key, hashes.SHA256())

    def pem(self, folder):
        """Path of its certificate, written in `folder`."""
        path = folder / "autorite.pem"
        path.write_bytes(self.certificate.public_bytes(Encoding.PEM))
        return str(path)

    def person(self, folder, name="Anne Roche", **validity):
        """Path of a PKCS#12 file that holds the key and certificate of `name`."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = self.sign(subject, key.public_key(), **validity)
        data = pkcs12.serialize_key_and_certificates(
            name.encode(), key, certificate, [self.certificate], BestAvailableEncryption(PASSWORD.encode())
        )
        path = folder / f"{abs(hash(name))}.p12"
        path.write_bytes(data)
        return str(path)


def signed(content, p12, *, field="Signature1"):
    """`content` signed as a parapheur does: after its bytes."""
    signer = SimpleSigner.load_pkcs12(p12, passphrase=PASSWORD.encode())
    metadata = PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    return sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content)), metadata, signer=signer).getvalue()


def altered(content):
    """The same PDF with one byte of its text flipped."""
    at = content.index(b"%PDF") + 2000
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
