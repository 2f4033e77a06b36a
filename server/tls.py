"""TLS for a server without a front: a certificate it was given, or one it makes for itself and keeps."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from server.data_folder import write_private
from server.errors import bad_setting

LIFE = datetime.timedelta(days=397)  # browsers refuse longer ones
RENEW_BEFORE = datetime.timedelta(days=14)


def context(tls: str, folder: Path, names: Sequence[str], now: datetime.datetime) -> ssl.SSLContext | None:
    """tls: "" (none), "self-signed" or "CERT,KEY". names: DNS names and addresses the certificate has to cover.

    Raises StartupError("bad_setting") when the files cannot be used.
    """
    if not tls:
        return None
    if tls == "self-signed":
        certificate, key = folder / "tls-cert.pem", folder / "tls-key.pem"
        if not still_good(certificate, key, names, now):
            make(certificate, key, names, now)
    else:
        certificate, key = (Path(part.strip()).expanduser() for part in tls.split(","))
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        made.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        why = getattr(error, "strerror", None) or "PEM?"
        raise bad_setting(
            "tls", tls, f"sertifikat atau kunci tidak terbaca ({why}).", f"certificate or key unreadable ({why})."
        ) from error
    return made


def subject_names(names: Sequence[str]) -> list[x509.GeneralName]:
    found: list[x509.GeneralName] = []
    for name in dict.fromkeys(names):
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            found.append(x509.DNSName(name))
    return found


def still_good(certificate: Path, key: Path, names: Sequence[str], now: datetime.datetime) -> bool:
    try:
        kept = x509.load_pem_x509_certificate(certificate.read_bytes())
        covered = kept.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    return key.exists() and now + RENEW_BEFORE < kept.not_valid_after_utc and set(subject_names(names)) <= set(covered)


def make(certificate: Path, key: Path, names: Sequence[str], now: datetime.datetime) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Pleno")])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + LIFE)
        .add_extension(x509.SubjectAlternativeName(subject_names(names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(private, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    write_private(key, private.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    write_private(certificate, made.public_bytes(pem))
