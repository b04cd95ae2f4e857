"""PDFs signed as a parapheur does, with a certificate made up on the spot: the application says that it trusts it not."""

import datetime
import io

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner

YEAR = datetime.timedelta(days=365)


class DatedSigner(PdfSigner):
    """Signs on the day of the story, not on the day of the loading."""

    def __init__(self, *args, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at

    def init_signing_session(self, *args, **kwargs):
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.at
        return session


def made_up_signer(name, at):
    """A key, and a certificate that `name` gives to itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - YEAR)
        .not_valid_after(at + 2 * YEAR)
        .add_extension(x509.KeyUsage(True, True, *[False] * 7), critical=True)
        .sign(key, hashes.SHA256())
    )
    data = pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, None, NoEncryption())
    return SimpleSigner.load_pkcs12_data(data, other_certs=[])


def signed_pdf(content, *, name, at):
    """`content` signed by `name` at the instant `at`."""
    metadata = PdfSignatureMetadata(field_name="Signature", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    signer = DatedSigner(metadata, signer=made_up_signer(name, at), at=at)
    return signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content))).getvalue()
