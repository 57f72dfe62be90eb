"""The provider's metadata: can it be had, is it right, and does it fit the registration?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedoauth._json import parse_object
from typedoauth._urls import without_query
from typedoauth._words import printable
from typedoauth.client import OAuth2Client
from typedoauth.errors import InsecureTransportError, OAuthError
from typedoauth.flask.doctor.findings import Finding, fine, problem
from typedoauth.flask.doctor.network import Network, cause_of
from typedoauth.flask.doctor.options import scopes
from typedoauth.flask.state import Resolved
from typedoauth.messages import Response
from typedoauth.oauth2 import ServerMetadata, fetch_server_metadata
from typedoauth.oauth2.metadata import read_server_metadata

__all__ = ["check_metadata", "form_post", "look_up"]

_WELL_KNOWN: Final = "…/.well-known/openid-configuration"


def look_up(
    network: Network, url: str, issuer: str | None, *, allow_http: bool
) -> tuple[ServerMetadata | None, list[Finding]]:
    """Fetch the metadata, and say what is wrong where it cannot be had.

    Args:
        network: Asks.
        url: Where it lies.
        issuer: The issuer that was registered.
        allow_http: Whether endpoints may be http.

    Returns:
        The metadata, or ``None`` and what is wrong.
    """
    where = without_query(url)
    try:
        response = network.ask(url)
    except OAuthError as error:
        return None, [
            problem(
                "discovery_unreachable",
                f"nobody answers at server_metadata_url, {where}: {cause_of(error)}",
                "check the host's name, the network, the proxy settings and the certificates",
            )
        ]
    flow = fetch_server_metadata(url, issuer=issuer, allow_http=allow_http)
    next(flow)
    try:
        flow.send(response)
    except StopIteration as end:
        metadata: ServerMetadata = end.value
        return metadata, [fine("discovery", f"{where} is the metadata of {metadata.get('issuer')}")]
    except OAuthError as error:
        return None, [_classified(error, response, where)]
    return None, []  # pragma: no cover  a flow of one request


def _classified(error: OAuthError, response: Response, where: str) -> Finding:
    """Which of the steps of reading the metadata failed."""
    status = response.status_code
    if 300 <= status < 400:
        location = printable(without_query(response.headers.get("Location", "")), longest=200)
        return problem(
            "discovery_redirected",
            f"{where} leads on to {location}, and metadata is not followed elsewhere",
            "if that is the provider's, make it server_metadata_url",
        )
    if status != 200:
        return problem(
            "discovery_status",
            f"{where} answered status {status}, not 200",
            "try again later" if status >= 500 else f"server_metadata_url is {_WELL_KNOWN}",
        )
    if isinstance(error, InsecureTransportError):
        return problem(
            "endpoint_insecure",
            error.description.partition(";")[0],
            "use the provider's https address; a provider that has none is not safe",
        )
    try:
        members = parse_object(response.content, "it")
        metadata = read_server_metadata(members, allow_http=True)
    except OAuthError:
        return problem(
            "discovery_malformed",
            error.description,
            f"server_metadata_url is {_WELL_KNOWN}, and what lies there is JSON",
        )
    if "issuer" not in metadata:
        return problem("discovery_malformed", error.description, "ask the provider")
    return problem(
        "issuer_mismatch",
        error.description,
        "check server_metadata_url, such as its tenant; if the issuer is the right one, "
        "register it as issuer=",
    )


def form_post(resolved: Resolved) -> bool:
    """Whether a client asks the provider to post its answer.

    Args:
        resolved: The client.

    Returns:
        Whether it does.
    """
    client = resolved.client
    mode = client.authorize_params.get("response_mode", resolved.client_kwargs.get("response_mode"))
    return mode == "form_post"


def check_metadata(
    resolved: Resolved, client: OAuth2Client, metadata: ServerMetadata
) -> Iterator[Finding]:
    """See whether what the provider offers is what the client asks for.

    Args:
        resolved: The client's settings.
        client: The client.
        metadata: What the provider says.

    Yields:
        What is wrong.
    """
    logs_in = client.grant_type == "authorization_code"
    openid = "openid" in scopes(client)
    needed = [
        ("token_endpoint", client.access_token_url, True),
        ("authorization_endpoint", client.authorize_url, logs_in),
        ("jwks_uri", resolved.settings.get("jwks") or resolved.settings.get("jwks_uri"), openid),
    ]
    for name, own, wanted in needed:
        if wanted and not own and name not in metadata:
            yield problem(
                "endpoint_missing",
                f"the provider's metadata has no {name}",
                "check server_metadata_url, or register the endpoint",
            )
    for setting, own, told in (
        ("access_token_url", client.access_token_url, metadata.get("token_endpoint")),
        ("authorize_url", client.authorize_url, metadata.get("authorization_endpoint")),
    ):
        if own and told and own != told:
            yield problem(
                "endpoint_differs",
                f"{setting} is {without_query(own)}, and the provider's metadata has "
                f"{printable(without_query(told), longest=200)}",
                f"take {setting} out of the registration, so that the metadata tells",
            )
    yield from _unsupported(resolved, client, metadata)


def _unsupported(
    resolved: Resolved, client: OAuth2Client, metadata: ServerMetadata
) -> Iterator[Finding]:
    # What is left out is not held to its default: many providers leave out what they have.
    methods = metadata.get("token_endpoint_auth_methods_supported")
    method = client.token_endpoint_auth_method
    if (
        methods is not None
        and method != "none"
        and method not in methods
        and not resolved.settings.get("client_auth_methods")
    ):
        yield problem(
            "auth_method_unsupported",
            f"the client authenticates itself by {method}, and the provider takes "
            f"{_listed(methods)}",
            'say client_kwargs={"token_endpoint_auth_method": …} with one of them',
        )
    algorithm = resolved.client_kwargs.get("id_token_signed_response_alg")
    offered = metadata.get("id_token_signing_alg_values_supported")
    if isinstance(algorithm, str) and offered is not None and algorithm not in offered:
        yield problem(
            "algorithm_unsupported",
            f"id_token_signed_response_alg is {algorithm}, and the provider signs by "
            f"{_listed(offered)}",
            "register the one that the provider uses for this client",
        )
    known = metadata.get("scopes_supported")
    unknown = [] if known is None else [one for one in scopes(client) if one not in known]
    if unknown:
        yield problem(
            "scope_unsupported",
            f"the provider's metadata does not list the scope {' '.join(unknown)}",
            "check how it is spelt; some providers do not list all that they have",
        )
    modes = metadata.get("response_modes_supported")
    if modes is not None and form_post(resolved) and "form_post" not in modes:
        yield problem(
            "response_mode_unsupported",
            f"response_mode is form_post, and the provider's metadata has {_listed(modes)}",
            "leave response_mode out",
        )


def _listed(values: list[str]) -> str:
    return printable(", ".join(values) or "none", longest=200)
