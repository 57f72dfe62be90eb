"""TLS contexts made from connection settings."""

from __future__ import annotations

import ssl
import sys
from pathlib import Path
from typing import TypeVar

from typedoauth.errors import ConfigurationError
from typedoauth.messages import ConnectionSettings

ContextT = TypeVar("ContextT", bound=ssl.SSLContext)


def tls_context(settings: ConnectionSettings, kind: type[ContextT]) -> ContextT:
    """Build the context for *settings*: TLS 1.2 or newer (RFC 9325 3.1.1), names checked.

    Args:
        settings: The settings.
        kind: The class of the context.

    Returns:
        The context.

    Raises:
        ConfigurationError: A certificate file cannot be read or is none.
    """
    context = kind(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.hostname_checks_common_name = False
    context.post_handshake_auth = True
    if sys.version_info >= (3, 13):
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VERIFY_X509_STRICT
    if settings.verify is False:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif settings.verify is True:
        context.load_default_certs()
    else:
        _load_authorities(context, settings.verify)
    if settings.cert is not None:
        _load_client_certificate(context, settings.cert)
    return context


def _load_authorities(context: ssl.SSLContext, path: str) -> None:
    try:
        if Path(path).is_dir():
            context.load_verify_locations(capath=path)
        else:
            context.load_verify_locations(cafile=path)
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"verify: {path!r} is not a PEM file or a hashed folder of certificate authorities"
        ) from error


def _load_client_certificate(context: ssl.SSLContext, cert: str | tuple[str, str]) -> None:
    certificate, key = (cert, None) if isinstance(cert, str) else cert
    try:
        # The password is empty so that an encrypted key is refused and never asks the terminal.
        context.load_cert_chain(certificate, key, password="")
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"cert: {certificate!r} is not a PEM file with a certificate and its unencrypted key; "
            "give one path for both, or the pair (certificate, key)"
        ) from error
