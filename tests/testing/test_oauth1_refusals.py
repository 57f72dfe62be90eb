"""What the OAuth 1.0a provider refuses, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import pytest
from requests_oauthlib import OAuth1
from werkzeug.test import Client, EnvironBuilder, TestResponse, run_wsgi_app

from tests.testing.acting import CALLBACK, SECRET, SteppingClock, headers_of, query_of, send, sign
from typedoauth.testing import LocalProvider


def _form(answer: TestResponse) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(answer.text).items()}


def _initiate(http: Client, **changes: str | None) -> TestResponse:
    options: dict[str, Any] = {  # oauthlib takes them as they are
        "client_key": "client",
        "client_secret": SECRET,
        "callback_uri": CALLBACK,
        **changes,
    }
    return send(http, sign("POST", "/oauth1/initiate", OAuth1(**options)))


def _authorized(http: Client) -> dict[str, str]:
    """Temporary credentials that Ada approved, with their verifier."""
    temporary = _form(_initiate(http))
    answer = http.post(
        "/oauth1/authorize",
        query_string={"oauth_token": temporary["oauth_token"]},
        data={"user": "ada", "decision": "approve"},
    )
    return temporary | query_of(answer.headers["Location"])


def _trade(http: Client, credentials: Mapping[str, str], **changes: str | None) -> TestResponse:
    auth = OAuth1(
        changes.get("client_key") or "client",
        changes.get("client_secret", SECRET),
        credentials["oauth_token"],
        credentials["oauth_token_secret"],
        verifier=changes.get("verifier", credentials.get("oauth_verifier")),
    )
    return send(http, sign("POST", "/oauth1/token", auth))


def _token_credentials(http: Client) -> dict[str, str]:
    return _form(_trade(http, _authorized(http)))


def _call(http: Client, credentials: Mapping[str, str]) -> TestResponse:
    auth = OAuth1("client", SECRET, credentials["oauth_token"], credentials["oauth_token_secret"])
    return send(http, sign("GET", "/api/me", auth))


@pytest.mark.parametrize(
    ("changes", "status", "problem"),
    [
        ({"client_secret": "wrong"}, 401, "signature_invalid"),
        ({"client_secret": ""}, 401, "signature_invalid"),
        ({"client_key": "nobody"}, 401, "consumer_key_unknown"),
        ({"callback_uri": f"{CALLBACK}/"}, 400, "parameter_rejected"),
        ({"callback_uri": None}, 400, "parameter_absent"),
        ({"resource_owner_key": "x"}, 400, "parameter_rejected"),
        ({"signature_method": "PLAINTEXT", "client_secret": "wrong"}, 401, "signature_invalid"),
        ({"timestamp": "1"}, 401, "timestamp_refused"),
        ({"timestamp": "-5"}, 400, "parameter_rejected"),
        ({"timestamp": "soon"}, 400, "parameter_rejected"),
    ],
)
def test_temporary_credential_request_is_refused(
    http: Client, changes: dict[str, str | None], status: int, problem: str
) -> None:
    """A wrong temporary credential request is told what is wrong (RFC 5849 2.1, 3.2)."""
    answer = _initiate(http, **changes)
    assert (answer.status_code, _form(answer)["oauth_problem"]) == (status, problem)


def test_realm_is_not_signed(http: Client) -> None:
    """The realm stands in the header and stays out of the signature (RFC 5849 3.4.1.3.1)."""
    answer = _initiate(http, realm="Photos")
    assert answer.status_code == 200


def test_refusal_carries_a_challenge_and_is_not_cached(http: Client) -> None:
    """A refusal names the scheme and is kept by no cache (RFC 5849 3.5.1)."""
    answer = _initiate(http, client_secret="wrong")
    assert answer.headers["WWW-Authenticate"].startswith("OAuth realm=")
    assert answer.headers["Cache-Control"] == "no-store"


def _header(http: Client, header: str, path: str = "/oauth1/initiate", **data: str) -> TestResponse:
    return http.post(path, headers={"Authorization": header}, data=data)


@pytest.mark.parametrize(
    ("header", "data", "problem"),
    [
        ("OAuth", {}, "parameter_rejected"),
        ("OAuth nonsense", {}, "parameter_rejected"),
        ('OAuth oauth_consumer_key="client"', {}, "parameter_absent"),
        ('OAuth oauth_nonce="a", oauth_nonce="b"', {}, "parameter_rejected"),
        ('OAuth oauth_nonce="a"', {"oauth_token": "b"}, "parameter_rejected"),
        ('OAuth oauth_nonce="%ff"', {}, "parameter_rejected"),
        ("Bearer x", {}, "parameter_rejected"),
    ],
)
def test_unreadable_request_is_refused(
    http: Client, header: str, data: dict[str, str], problem: str
) -> None:
    """Protocol parameters are in one place, each once, and readable (RFC 5849 3.1, 3.5)."""
    answer = _header(http, header, **data)
    assert (answer.status_code, _form(answer)["oauth_problem"]) == (400, problem)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("oauth_version", "2.0", "version_rejected"),
        ("oauth_signature_method", "HMAC-MD5", "signature_method_rejected"),
        ("oauth_nonce", "", "parameter_absent"),
        ("oauth_timestamp", "", "parameter_absent"),
    ],
)
def test_unusable_protocol_parameter_is_refused(
    http: Client, clock: SteppingClock, name: str, value: str, problem: str
) -> None:
    """A version, method, nonce or timestamp that cannot be used is 400 (RFC 5849 3.1, 3.2)."""
    parameters = {
        "oauth_consumer_key": "client",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_signature": "x",
        "oauth_timestamp": str(int(clock())),
        "oauth_nonce": "n",
        name: value,
    }
    answer = http.post("/oauth1/initiate", data=parameters)
    assert (answer.status_code, _form(answer)["oauth_problem"]) == (400, problem)


def test_query_that_is_not_utf8_is_refused(http: Client) -> None:
    """Neither has such a query (RFC 5849 3.4.1.3.1)."""
    answer = http.post("/oauth1/initiate?a=%ff", headers={"Authorization": 'OAuth a="b"'})
    assert _form(answer)["oauth_problem"] == "parameter_rejected"


def test_form_that_is_not_utf8_is_refused(http: Client) -> None:
    """A form that is not UTF-8 has no base string (RFC 5849 3.4.1.3.1)."""
    answer = http.post(
        "/oauth1/initiate",
        data=b"a=\xff",
        content_type="application/x-www-form-urlencoded",
    )
    assert _form(answer)["oauth_problem"] == "parameter_rejected"


def test_replayed_request_is_refused(http: Client) -> None:
    """The same nonce and timestamp are good once (RFC 5849 3.3)."""
    request = sign("POST", "/oauth1/initiate", OAuth1("client", SECRET, callback_uri=CALLBACK))
    assert send(http, request).status_code == 200
    assert _form(send(http, request))["oauth_problem"] == "nonce_used"


def test_nonce_of_a_forged_request_stays_usable(http: Client) -> None:
    """Whoever cannot sign cannot use up somebody's nonce (RFC 5849 3.2)."""
    assert _initiate(http, client_secret="wrong", nonce="n1").status_code == 401
    assert _initiate(http, nonce="n1").status_code == 200


def test_nonce_is_forgotten_after_its_window(
    provider: LocalProvider, http: Client, clock: SteppingClock
) -> None:
    """A replay outside the window fails by its timestamp (RFC 5849 3.3)."""
    request = sign("POST", "/oauth1/initiate", OAuth1("client", SECRET, callback_uri=CALLBACK))
    assert send(http, request).status_code == 200
    clock.now += 400
    assert _form(send(http, request))["oauth_problem"] == "timestamp_refused"
    later = OAuth1("client", SECRET, callback_uri=CALLBACK, timestamp=str(int(clock())))
    assert send(http, sign("POST", "/oauth1/initiate", later)).status_code == 200


@pytest.mark.parametrize("tampering", ["?added=1", "?oauth_callback=x"])
def test_changed_query_is_refused(http: Client, tampering: str) -> None:
    """A parameter that was not signed breaks the signature or the rules (RFC 5849 3.4.1.3)."""
    request = sign("POST", "/oauth1/initiate", OAuth1("client", SECRET, callback_uri=CALLBACK))
    request.url = f"{request.url}{tampering}"
    assert send(http, request).status_code in (400, 401)


def test_changed_method_is_refused(http: Client) -> None:
    """The method is part of what is signed (RFC 5849 3.4.1.1)."""
    request = sign("POST", "/oauth1/initiate", OAuth1("client", SECRET, callback_uri=CALLBACK))
    request.method = "GET"
    assert _form(send(http, request))["oauth_problem"] == "signature_invalid"


@pytest.mark.parametrize("signature", ["x", "AAAA", "é"])
def test_wrong_rsa_signature_is_refused(http: Client, clock: SteppingClock, signature: str) -> None:
    """What does not verify, or is no base64, is one refusal (RFC 5849 3.4.3)."""
    parameters = {
        "oauth_consumer_key": "client",
        "oauth_signature_method": "RSA-SHA1",
        "oauth_signature": signature,
        "oauth_timestamp": str(int(clock())),
        "oauth_nonce": "n",
    }
    answer = http.post("/oauth1/initiate", data=parameters)
    assert (answer.status_code, _form(answer)["oauth_problem"]) == (401, "signature_invalid")


def test_path_is_worked_out_where_the_server_does_not_tell_it(provider: LocalProvider) -> None:
    """Not every WSGI server keeps the path as it was sent (RFC 5849 3.4.1.2)."""
    request = sign("POST", "/oauth1/initiate", OAuth1("client", SECRET, callback_uri=CALLBACK))
    builder = EnvironBuilder("/oauth1/initiate", method="POST", headers=headers_of(request))
    environ = builder.get_environ()
    del environ["REQUEST_URI"], environ["RAW_URI"]
    assert run_wsgi_app(provider, environ)[1].startswith("200")


def test_rsa_signature_without_a_registered_key_is_refused(
    http: Client, rsa_private_pem: str
) -> None:
    """A client without a key cannot sign by RSA (RFC 5849 3.4.3)."""
    answer = _initiate(
        http,
        client_key="other",
        signature_method="RSA-SHA256",
        rsa_key=rsa_private_pem,
    )
    assert _form(answer)["oauth_problem"] == "signature_invalid"


def test_public_client_cannot_sign(http: Client) -> None:
    """An empty key is nobody's secret: a client without secret is refused."""
    answer = _initiate(http, client_key="public", client_secret="")
    assert _form(answer)["oauth_problem"] == "signature_invalid"


def test_wrong_verifier_uses_up_the_temporary_credentials(http: Client) -> None:
    """A verifier can be guessed once, not often (RFC 5849 4.13)."""
    credentials = _authorized(http)
    assert _form(_trade(http, credentials, verifier="x"))["oauth_problem"] == "verifier_invalid"
    assert _form(_trade(http, credentials))["oauth_problem"] == "token_rejected"


def test_missing_verifier_is_refused(http: Client) -> None:
    """Without oauth_verifier there are no token credentials (RFC 5849 2.3)."""
    answer = _trade(http, _authorized(http), verifier=None)
    assert (answer.status_code, _form(answer)["oauth_problem"]) == (400, "parameter_absent")


def test_temporary_credentials_are_good_once(http: Client) -> None:
    """The token request uses them up (RFC 5849 2.3)."""
    credentials = _authorized(http)
    assert _trade(http, credentials).status_code == 200
    assert _form(_trade(http, credentials))["oauth_problem"] == "token_rejected"


def test_temporary_credentials_of_another_client_are_refused(http: Client) -> None:
    """They belong to the client that asked for them (RFC 5849 2.3)."""
    credentials = _authorized(http)
    answer = _trade(http, credentials, client_key="other", client_secret="other-secret")
    assert _form(answer)["oauth_problem"] == "token_rejected"


def test_temporary_credentials_that_nobody_authorized_are_refused(http: Client) -> None:
    """Approval comes first (RFC 5849 2.3)."""
    temporary = _form(_initiate(http))
    answer = _trade(http, temporary, verifier="x")
    assert _form(answer)["oauth_problem"] == "permission_unknown"


def test_temporary_credentials_expire(http: Client, clock: SteppingClock) -> None:
    """After their lifetime they are worth nothing, at the page and at the endpoint."""
    credentials, fresh = _authorized(http), _form(_initiate(http))
    clock.now += 601
    page = http.get("/oauth1/authorize", query_string={"oauth_token": fresh["oauth_token"]})
    assert page.status_code == 400
    auth = OAuth1(
        "client",
        SECRET,
        credentials["oauth_token"],
        credentials["oauth_token_secret"],
        verifier=credentials["oauth_verifier"],
        timestamp=str(int(clock())),
    )
    answer = send(http, sign("POST", "/oauth1/token", auth))
    assert _form(answer)["oauth_problem"] == "token_expired"


@pytest.mark.parametrize("query", [{}, {"oauth_token": "unknown"}])
def test_authorization_page_of_unknown_credentials_is_an_error_page(
    http: Client, query: dict[str, str]
) -> None:
    """There is nobody to redirect to (RFC 5849 2.2)."""
    answer = http.get("/oauth1/authorize", query_string=query)
    assert (answer.status_code, answer.mimetype) == (400, "text/html")


def test_denial_is_told_to_the_client(provider: LocalProvider, http: Client) -> None:
    """A person who says no is sent back with ``denied``, and the credentials are gone."""
    temporary = _form(_initiate(http))
    query = {"oauth_token": temporary["oauth_token"]}
    answer = http.post(
        "/oauth1/authorize", query_string=query, data={"user": "ada", "decision": "deny"}
    )
    assert answer.headers["Location"] == f"{CALLBACK}?denied={temporary['oauth_token']}"
    assert http.get("/oauth1/authorize", query_string=query).status_code == 400
    assert provider.counts["denied"] == 1


@pytest.mark.parametrize("form", [{}, {"user": "ada"}, {"user": "eve", "decision": "approve"}])
def test_form_without_a_decision_changes_nothing(http: Client, form: dict[str, str]) -> None:
    """Only a known user with a known word decides."""
    temporary = _form(_initiate(http))
    query = {"oauth_token": temporary["oauth_token"]}
    assert http.post("/oauth1/authorize", query_string=query, data=form).status_code == 400
    assert http.get("/oauth1/authorize", query_string=query).status_code == 200


def test_page_is_gone_after_the_decision(http: Client) -> None:
    """Temporary credentials are authorized once, by one person (RFC 5849 2.2)."""
    query = {"oauth_token": _authorized(http)["oauth_token"]}
    assert http.get("/oauth1/authorize", query_string=query).status_code == 400
    again = http.post(
        "/oauth1/authorize", query_string=query, data={"user": "grace", "decision": "approve"}
    )
    assert again.status_code == 400


def test_out_of_band_login_shows_the_verifier(http: Client) -> None:
    """With ``oob`` a person carries the verifier over (RFC 5849 2.1)."""
    temporary = _form(_initiate(http, callback_uri="oob"))
    query = {"oauth_token": temporary["oauth_token"]}
    page = http.post(
        "/oauth1/authorize", query_string=query, data={"user": "ada", "decision": "approve"}
    ).text
    verifier = page.partition('class="code">')[2].partition("<")[0]
    assert _trade(http, temporary, verifier=verifier).status_code == 200


def test_out_of_band_denial_is_a_page(http: Client) -> None:
    """There is no callback to be sent to."""
    temporary = _form(_initiate(http, callback_uri="oob"))
    answer = http.post(
        "/oauth1/authorize",
        query_string={"oauth_token": temporary["oauth_token"]},
        data={"user": "ada", "decision": "deny"},
    )
    assert (answer.status_code, answer.mimetype) == (200, "text/html")


@pytest.mark.parametrize(
    ("credentials", "problem"),
    [
        ({"oauth_token": "unknown"}, "token_rejected"),
        ({"oauth_token_secret": "wrong"}, "signature_invalid"),
    ],
)
def test_api_call_with_wrong_token_credentials_is_refused(
    http: Client, credentials: dict[str, str], problem: str
) -> None:
    """Identifier and secret both have to be right (RFC 5849 3.2)."""
    answer = _call(http, _token_credentials(http) | credentials)
    assert (answer.status_code, _form(answer)["oauth_problem"]) == (401, problem)


def test_token_credentials_of_another_client_are_refused(http: Client) -> None:
    """They belong to the client that they were issued to (RFC 5849 3.2)."""
    credentials = _token_credentials(http)
    auth = OAuth1(
        "other", "other-secret", credentials["oauth_token"], credentials["oauth_token_secret"]
    )
    answer = send(http, sign("GET", "/api/me", auth))
    assert (answer.status_code, _form(answer)["oauth_problem"]) == (401, "token_rejected")


@pytest.mark.parametrize(("sent", "status"), [(b'{"a": 1}', 200), (b'{"a": 2}', 401)])
def test_body_hash_is_held_against_the_body(http: Client, sent: bytes, status: int) -> None:
    """A body that is no form is covered by oauth_body_hash (OAuth Request Body Hash 3.2)."""
    credentials = _token_credentials(http)
    auth = OAuth1(
        "client",
        SECRET,
        credentials["oauth_token"],
        credentials["oauth_token_secret"],
        force_include_body=True,
    )
    request = sign("POST", "/api/echo", auth, data=b'{"a": 1}', content_type="application/json")
    assert "oauth_body_hash" in str(request.headers["Authorization"])
    request.body = sent
    assert send(http, request).status_code == status


def test_form_with_a_body_hash_is_refused(http: Client) -> None:
    """A form is signed itself; a hash beside it is a mistake (OAuth Request Body Hash 4.1)."""
    form = {
        "oauth_consumer_key": "other",
        "oauth_signature_method": "PLAINTEXT",
        "oauth_signature": "other-secret&",
        "oauth_callback": CALLBACK,
        "oauth_body_hash": "x",
    }
    answer = http.post("/oauth1/initiate", data=form)
    assert _form(answer)["oauth_problem"] == "parameter_rejected"
    del form["oauth_body_hash"]
    assert http.post("/oauth1/initiate", data=form).status_code == 200
