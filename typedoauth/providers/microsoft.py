"""Microsoft Entra ID, which was Azure Active Directory; and Azure AD B2C."""

from __future__ import annotations

import re
from typing import Final

from typedoauth.errors import ConfigurationError
from typedoauth.providers.declarations import OpenIDProvider
from typedoauth.providers.parameters import label, one_name

__all__ = ["Azure", "AzureB2C", "EntraID"]

_GUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LOGIN: Final = "https://login.microsoftonline.com"
# Of every personal account.
_CONSUMERS: Final = "9188040d-6c67-4c5b-b112-36a304b66dad"
_ISSUERS: Final = {
    "common": "{tenantid}",
    "organizations": "{tenantid}",
    "consumers": _CONSUMERS,
}


def EntraID(tenant: str, *, name: str = "entra_id") -> OpenIDProvider:
    """Microsoft Entra ID.

    With ``common`` and ``organizations`` the users of every directory may sign in:
    look at the claim ``tid``. An ``email`` claim is what a directory's administrator
    wrote there, and proves nothing: know users by ``sub``, or ``tid`` and ``oid``.

    Args:
        tenant: The directory's id (a UUID), ``common``, ``organizations`` or
            ``consumers``.
        name: What its client is called.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: *tenant* is none of these: its issuer could not be known.
    """
    if tenant not in _ISSUERS and not _GUID.fullmatch(tenant):
        raise ConfigurationError(
            "tenant is the id of a directory (a UUID, on its overview page), or 'common', "
            "'organizations' or 'consumers'; the issuer of a domain name is not known beforehand"
        )
    return OpenIDProvider(
        name=name,
        title="Microsoft",
        server_metadata_url=f"{_LOGIN}/{tenant}/v2.0/.well-known/openid-configuration",
        metadata={"issuer": f"{_LOGIN}/{_ISSUERS.get(tenant, tenant.lower())}/v2.0"},
        api_base_url="https://graph.microsoft.com/v1.0/",
        client_kwargs={"scope": "openid profile email"},
    )


def Azure(tenant: str = "consumers", *, name: str = "azure") -> OpenIDProvider:
    """Microsoft Entra ID, under the name and with the tenant that loginpass has for it.

    Args:
        tenant: As for :func:`EntraID`.
        name: What its client is called.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: *tenant* is none.
    """
    return EntraID(tenant, name=name)


def AzureB2C(
    tenant: str, tenant_id: str, policy: str, *, name: str = "azure_b2c"
) -> OpenIDProvider:
    """Azure AD B2C.

    Args:
        tenant: The tenant's name, the first part of ``….onmicrosoft.com``.
        tenant_id: Its id (a UUID), which its issuer holds.
        policy: The user flow, such as ``B2C_1_signin``.
        name: What its client is called.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: One of them cannot be right.
    """
    tenant, policy = label(tenant, "tenant"), one_name(policy, "policy")
    if not _GUID.fullmatch(tenant_id):
        raise ConfigurationError("tenant_id is the id of the directory, a UUID")
    base = f"https://{tenant}.b2clogin.com"
    path = f"{tenant}.onmicrosoft.com/{policy}/v2.0"
    return OpenIDProvider(
        name=name,
        title="Azure AD B2C",
        server_metadata_url=f"{base}/{path}/.well-known/openid-configuration",
        metadata={"issuer": f"{base}/{tenant_id.lower()}/v2.0/"},
        client_kwargs={"scope": "openid profile email"},
        claims={"sub": "sub", "email": "emails.0"},
        unconfirmed=("the claims, which the user flow chooses",),
    )
