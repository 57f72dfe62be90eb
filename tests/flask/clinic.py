"""An application with nothing wrong, and a table of ways to break its settings.

Each row changes one thing; docs/doctor.md has the same rows in words.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any, TypeAlias

from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask, session
from typing_extensions import override
from werkzeug.middleware.proxy_fix import ProxyFix

from tests.client.test_stored_tokens import DictStore
from typedoauth import OAuth2Token, Response, TokenKey, TransportError
from typedoauth.flask import OAuth
from typedoauth.stores import MemoryTokenStore
from typedoauth.testing.keys import public_jwk
from typedoauth.transports import StubTransport

NOW = 1_800_000_000
SECRET = "S3CRET-0f-the-clinic"
OP = "https://op.example"
METADATA_URL = f"{OP}/.well-known/openid-configuration"
JWKS_URI = f"{OP}/jwks"


def _rsa(size: int = 2048, **members: object) -> dict[str, object]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=size).public_key()
    return public_jwk(key, **members)


_KEY = _rsa(kid="1", alg="RS256")


class Cache:
    """A cache that can be broken while it runs."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.state = "working"

    def get(self, key: str) -> str | None:
        return self.kept.get(key)

    def set(self, key: str, value: str, expires: int) -> None:
        if self.state == "broken":
            raise OSError(SECRET)
        if self.state == "working":
            self.kept[key] = value

    def delete(self, key: str) -> None:
        self.kept.pop(key, None)


class SimpleCache(Cache):
    """One by the name of cachelib's."""


class BrokenStore(DictStore):
    """A database that is away."""

    @override
    def set(self, key: TokenKey, token: OAuth2Token, /) -> None:
        raise OSError(SECRET)


class KeepingStore(DictStore):
    """A store that deletes nothing."""

    @override
    def delete(self, key: TokenKey, /) -> None:
        pass


def answer(members: object, status: int = 200, now: float = NOW) -> Response:
    """A JSON answer."""
    headers = {"Content-Type": "application/json", "Date": formatdate(now, usegmt=True)}
    return Response(status, headers, json.dumps(members).encode())


@dataclass
class Clinic:
    """Everything that a row of the table may change.

    Attributes:
        config: ``app.config``.
        keywords: What ``register`` is given.
        registry: What ``OAuth`` is given.
        metadata: What the provider says of itself.
        keys: Its JWK set.
        replies: Further answers, or others.
        methods: Those of the callback.
        arguments: Of the command.
        proxy: What ``ProxyFix`` is given; ``None`` for none.
        views: Names of views that could be a callback.
        late: What is put into config after the start.
        cache_state: What becomes of the cache after the start.
        prepare: What else is done to the application.
    """

    config: dict[str, object] = field(
        default_factory=lambda: {
            "SECRET_KEY": f"{SECRET}-and-more-of-it",
            "SERVER_NAME": "app.example",
            "PREFERRED_URL_SCHEME": "https",
            "SESSION_COOKIE_SECURE": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
        }
    )
    keywords: dict[str, Any] = field(  # any: of register
        default_factory=lambda: {
            "client_id": "c-1",
            "client_secret": SECRET,
            "server_metadata_url": METADATA_URL,
            "client_kwargs": {"scope": "openid profile"},
        }
    )
    registry: dict[str, Any] = field(  # any: of OAuth
        default_factory=lambda: {
            "cache": Cache(),
            "token_store": DictStore(),
            "owner": lambda: session.get("user"),
        }
    )
    metadata: dict[str, object] = field(
        default_factory=lambda: {
            "issuer": OP,
            "authorization_endpoint": f"{OP}/authorize",
            "token_endpoint": f"{OP}/token",
            "jwks_uri": JWKS_URI,
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "profile", "email"],
        }
    )
    keys: dict[str, object] = field(default_factory=lambda: {"keys": [_KEY]})
    replies: dict[str, Response | Exception] = field(
        default_factory=dict[str, "Response | Exception"]
    )
    methods: list[str] = field(default_factory=lambda: ["GET"])
    arguments: list[str] = field(default_factory=list[str])
    proxy: dict[str, int] | None = field(default_factory=lambda: {"x_proto": 1, "x_host": 1})
    views: tuple[str, ...] = ("callback",)
    late: dict[str, object] = field(default_factory=dict[str, object])
    cache_state: str = "working"
    prepare: list[Callable[[Flask], object]] = field(
        default_factory=list["Callable[[Flask], object]"]
    )

    def app(self) -> Flask:
        """Make the application."""
        app = Flask("clinic")
        app.config.from_mapping(self.config)
        stub = StubTransport(
            {
                METADATA_URL: answer(self.metadata),
                JWKS_URI: answer(self.keys),
                f"{OP}/authorize": answer({}, 405),
                f"{OP}/token": answer({}, 405),
                f"{OP}/initiate": answer({}, 405),
                **self.replies,
            }
        )
        oauth = OAuth(app, transport=stub, clock=lambda: NOW, **self.registry)
        oauth.register("provider", **self.keywords)

        def callback() -> str:
            oauth.provider.authorize_access_token()
            return ""

        for name in self.views:
            app.add_url_rule(f"/{name}", name, callback, methods=self.methods)
        if self.proxy is not None:
            app.wsgi_app = ProxyFix(app.wsgi_app, **self.proxy)  # type: ignore[method-assign]
        app.config.from_mapping(self.late)
        for one in self.prepare:
            one(app)
        cache = self.registry.get("cache")
        if isinstance(cache, Cache):
            cache.state = self.cache_state
        return app


Break: TypeAlias = Callable[[Clinic], object]


@dataclass(frozen=True)
class Case:
    """A row.

    Attributes:
        code: What the doctor is to find.
        setting: What is broken, in the words of the page.
        broken: Breaks it.
        also: What follows from it.
    """

    code: str
    setting: str
    broken: Break
    also: frozenset[str] = frozenset()


def config(**values: object) -> Break:
    """Set config keys; ``None`` is left to Flask."""
    return lambda clinic: clinic.config.update(values)


def late(**values: object) -> Break:
    """Set config keys after the start, which would complain."""
    return lambda clinic: clinic.late.update(values)


def cache_state(state: str) -> Break:
    """Break the cache after the start."""

    def change(clinic: Clinic) -> None:
        clinic.cache_state = state

    return change


def prepare(change: Callable[[Flask], object]) -> Break:
    """Do something else to the application."""
    return lambda clinic: clinic.prepare.append(change)


def keywords(**values: object) -> Break:
    """Give ``register`` other keywords; ``None`` means not given."""
    return lambda clinic: clinic.keywords.update(deepcopy(values))


def kwargs(**values: object) -> Break:
    """Put something into ``client_kwargs``."""
    return lambda clinic: clinic.keywords["client_kwargs"].update(values)


def registry(**values: object) -> Break:
    """Give ``OAuth`` something else."""
    return lambda clinic: clinic.registry.update(values)


def metadata(**values: object) -> Break:
    """Let the provider say something else; ``None`` for nothing."""

    def change(clinic: Clinic) -> None:
        clinic.metadata.update(values)
        for name in [one for one, value in clinic.metadata.items() if value is None]:
            del clinic.metadata[name]

    return change


def reply(url: str, given: Response | Exception) -> Break:
    """Let an address answer otherwise."""
    return lambda clinic: clinic.replies.update({url: given})


def keys(*jwks: Mapping[str, object]) -> Break:
    """Publish other keys."""
    return lambda clinic: clinic.keys.update({"keys": list(jwks)})


def all_of(*changes: Break) -> Break:
    """Several, where one needs another."""
    return lambda clinic: [change(clinic) for change in changes]


def command(*words: str) -> Break:
    """Give the command something."""
    return lambda clinic: clinic.arguments.extend(words)


def proxy(**counts: int) -> Break:
    """Trust other proxies."""

    def change(clinic: Clinic) -> None:
        clinic.proxy = {**(clinic.proxy or {}), **counts}

    return change


def no_proxy(clinic: Clinic) -> None:
    """Trust none."""
    clinic.proxy = None


def methods(*names: str) -> Break:
    """Let the callback take these."""

    def change(clinic: Clinic) -> None:
        clinic.methods = list(names)

    return change


def views(*names: str) -> Break:
    """Have other views that finish a login."""

    def change(clinic: Clinic) -> None:
        clinic.views = names

    return change


def _raise() -> str:
    raise LookupError(SECRET)


def _no_defaults(endpoint: str, values: dict[str, object]) -> None:
    _raise()


OLD = keywords(
    server_metadata_url=None,
    client_kwargs={},
    request_token_url=f"{OP}/initiate",
    authorize_url=f"{OP}/authorize",
    access_token_url=f"{OP}/token",
)
PLAIN = keywords(
    server_metadata_url=None,
    authorize_url=f"{OP}/authorize",
    access_token_url=f"{OP}/token",
    client_kwargs={"scope": "profile"},
)
LOOPBACK = all_of(
    no_proxy,
    config(SERVER_NAME="127.0.0.1:5000", PREFERRED_URL_SCHEME="http", SESSION_COOKIE_SECURE=False),
)
DOWN = TransportError(f"GET {OP}: the host's name is not known")

CASES = [
    # The application
    Case("secret_key_missing", "no `SECRET_KEY`", config(SECRET_KEY=None)),
    Case("secret_key_weak", '`SECRET_KEY = "dev"`', config(SECRET_KEY="dev")),
    Case(
        "cookie_samesite_unset",
        "no `SESSION_COOKIE_SAMESITE`",
        config(SESSION_COOKIE_SAMESITE=None),
    ),
    Case(
        "cookie_samesite_invalid",
        '`SESSION_COOKIE_SAMESITE = "Loose"`',
        config(SESSION_COOKIE_SAMESITE="Loose"),
    ),
    Case(
        "cookie_samesite_strict",
        '`SESSION_COOKIE_SAMESITE = "Strict"`',
        config(SESSION_COOKIE_SAMESITE="Strict"),
    ),
    Case(
        "cookie_none_without_secure",
        '`SESSION_COOKIE_SAMESITE = "None"`, not secure',
        config(SESSION_COOKIE_SAMESITE="None", SESSION_COOKIE_SECURE=False),
        frozenset({"cookie_not_secure"}),
    ),
    Case(
        "cookie_not_secure",
        "https, and no `SESSION_COOKIE_SECURE`",
        config(SESSION_COOKIE_SECURE=False),
    ),
    Case(
        "cookie_secure_on_http",
        "`SESSION_COOKIE_SECURE`, and http",
        config(PREFERRED_URL_SCHEME="http"),
        frozenset({"redirect_uri_http"}),
    ),
    Case(
        "cookie_secure_on_loopback",
        "`SESSION_COOKIE_SECURE`, at `http://127.0.0.1`",
        all_of(LOOPBACK, config(SESSION_COOKIE_SECURE=True)),
    ),
    Case(
        "cookie_domain_other",
        '`SESSION_COOKIE_DOMAIN = "other.example"`',
        config(SESSION_COOKIE_DOMAIN="other.example"),
    ),
    Case(
        "cookie_path_other",
        '`SESSION_COOKIE_PATH = "/admin"`',
        config(SESSION_COOKIE_PATH="/admin"),
    ),
    Case(
        "cookie_script_readable",
        "`SESSION_COOKIE_HTTPONLY = False`",
        config(SESSION_COOKIE_HTTPONLY=False),
    ),
    Case(
        "cookie_prefix_unmet",
        '`SESSION_COOKIE_NAME = "__Host-session"`, with a domain',
        config(SESSION_COOKIE_NAME="__Host-session", SESSION_COOKIE_DOMAIN="app.example"),
    ),
    Case("server_name_missing", "no `SERVER_NAME`", config(SERVER_NAME=None)),
    Case(
        "server_name_invalid",
        '`SERVER_NAME = "https://app.example"`',
        config(SERVER_NAME="https://app.example"),
    ),
    Case(
        "server_name_other",
        "`SERVER_NAME` is not the host of `--base-url`",
        command("--base-url", "https://www.example"),
    ),
    Case(
        "trusted_hosts_other",
        '`TRUSTED_HOSTS = ["www.example"]`',
        config(TRUSTED_HOSTS=["www.example"]),
    ),
    Case("proxy_fix_missing", "https, and no `ProxyFix`", no_proxy),
    Case(
        "proxy_scheme_ignored",
        "`ProxyFix(…, x_proto=0)`",
        proxy(x_proto=0),
        frozenset({"redirect_uri_http"}),
    ),
    Case(
        "proxy_prefix_ignored",
        "mounted at `/shop`, and `ProxyFix(…, x_prefix=0)`",
        command("--base-url", "https://app.example/shop"),
    ),
    Case("cache_failed", "the cache is out of reach", cache_state("broken")),
    Case("cache_lossy", "the cache forgets", cache_state("lossy")),
    Case("cache_in_process", "the cache is a `SimpleCache`", registry(cache=SimpleCache())),
    Case("token_store_failed", "the database is away", registry(token_store=BrokenStore())),
    Case(
        "token_store_lossy", "a token store deletes nothing", registry(token_store=KeepingStore())
    ),
    Case(
        "token_store_in_process",
        "the token store is a `MemoryTokenStore`",
        registry(token_store=MemoryTokenStore()),
    ),
    Case("owner_missing", "a token store, and no `owner=`", registry(owner=None)),
    Case("owner_fails", "`owner()` raises", registry(owner=_raise)),
    Case("owner_unusable", "`owner()` gives an object", registry(owner=object)),
    Case(
        "owner_for_nobody",
        '`owner()` gives `"None"` where nobody is logged in',
        registry(owner=lambda: str(session.get("user"))),
    ),
    # The callback
    Case("callback_unknown", "no view ends a login", views()),
    Case("callback_ambiguous", "two views end one", views("one", "two")),
    Case(
        "callback_method",
        '`response_mode="form_post"`, and a callback for GET',
        kwargs(response_mode="form_post"),
    ),
    Case(
        "redirect_uri_http",
        'no `PREFERRED_URL_SCHEME = "https"`',
        config(PREFERRED_URL_SCHEME="http", SESSION_COOKIE_SECURE=False),
    ),
    Case(
        "redirect_uri_localhost",
        '`SERVER_NAME = "localhost:5000"`',
        all_of(LOOPBACK, config(SERVER_NAME="localhost:5000")),
    ),
    Case(
        "check_failed",
        "a function of `app.url_defaults` raises",
        prepare(lambda app: app.url_defaults(_no_defaults)),
    ),
    # The registration
    Case(
        "config_key_misspelt",
        "`PROVIDER_CLIENT_SECRETS` in config",
        late(PROVIDER_CLIENT_SECRETS=SECRET),
    ),
    Case(
        "config_ignored",
        "`PROVIDER_CLIENT_ID` in config, another in `register`",
        config(PROVIDER_CLIENT_ID="c-2"),
    ),
    Case("client_id_missing", "no `client_id`", keywords(client_id=None)),
    Case(
        "client_secret_missing",
        "OAuth 1.0, and no `client_secret`",
        all_of(OLD, keywords(client_secret=None)),
    ),
    Case(
        "client_public",
        "OAuth 2.0, and no `client_secret`",
        keywords(client_secret=None),
    ),
    Case(
        "credentials_unclean",
        "a line break at the end of `client_secret`",
        keywords(client_secret=f"{SECRET}\n"),
    ),
    Case(
        "credentials_placeholder",
        '`client_id="your-client-id"`',
        keywords(client_id="your-client-id"),
    ),
    Case(
        "settings_refused",
        "`PROVIDER_CLIENT_KWARGS` in config has an option that does not exist",
        all_of(keywords(client_kwargs=None), late(PROVIDER_CLIENT_KWARGS={"scop": "openid"})),
    ),
    Case(
        "extra_missing",
        "`id_token_encrypted_response_alg`, and no `typedoauth[jwe]`",
        all_of(
            keywords(client_kwargs=None),
            late(PROVIDER_CLIENT_KWARGS={"id_token_encrypted_response_alg": "dir"}),
        ),
    ),
    Case(
        "endpoint_missing", "no `access_token_url`", all_of(PLAIN, keywords(access_token_url=None))
    ),
    Case("api_base_url_slash", "`api_base_url` ends with `/v1`", keywords(api_base_url=f"{OP}/v1")),
    Case("tls_unverified", "`verify=False`", kwargs(verify=False)),
    Case("http_allowed", "`allow_insecure_transport=True`", kwargs(allow_insecure_transport=True)),
    Case("pkce_off", '`code_challenge_method="none"`', kwargs(code_challenge_method="none")),
    Case("protection_given_up", "`accept_missing_nonce=True`", kwargs(accept_missing_nonce=True)),
    Case(
        "plaintext_signature",
        '`signature_method="PLAINTEXT"`',
        all_of(OLD, kwargs(signature_method="PLAINTEXT")),
    ),
    Case("openid_scope_missing", "an OpenID Provider, and no `openid`", kwargs(scope="profile")),
    Case(
        "openid_unverifiable",
        "`openid`, and neither metadata nor keys",
        all_of(PLAIN, kwargs(scope="openid")),
    ),
    Case("scope_commas", '`scope="profile,email"`', all_of(PLAIN, kwargs(scope="profile,email"))),
    # The provider
    Case("discovery_unreachable", "the host's name is wrong", reply(METADATA_URL, DOWN)),
    Case(
        "discovery_redirected",
        "the metadata has moved",
        reply(METADATA_URL, Response(301, {"Location": f"{OP}/new"})),
    ),
    Case("discovery_status", "nothing lies there", reply(METADATA_URL, answer({}, 404))),
    Case(
        "discovery_malformed",
        "a page lies there",
        reply(METADATA_URL, Response(200, {}, b"<html>")),
    ),
    Case("issuer_mismatch", "the metadata is of another issuer", metadata(issuer=f"{OP}/other")),
    Case(
        "endpoint_insecure",
        "the provider's token endpoint is http",
        metadata(token_endpoint="http://op.example/token"),
    ),
    Case(
        "endpoint_differs",
        "`authorize_url` is not the provider's",
        keywords(authorize_url=f"{OP}/old/authorize"),
    ),
    Case(
        "auth_method_unsupported",
        "the provider takes `client_secret_post` only",
        metadata(token_endpoint_auth_methods_supported=["client_secret_post"]),
    ),
    Case(
        "algorithm_unsupported",
        '`id_token_signed_response_alg="ES256"`, and the provider signs by RS256',
        kwargs(id_token_signed_response_alg="ES256"),
        frozenset({"jwks_no_algorithm"}),
    ),
    Case("scope_unsupported", "`scope` has `profil`", kwargs(scope="openid profil")),
    Case(
        "response_mode_unsupported",
        "`form_post`, which the provider does not know",
        all_of(
            kwargs(response_mode="form_post"),
            metadata(response_modes_supported=["query"]),
            methods("POST"),
        ),
    ),
    Case("jwks_unreachable", "nobody answers at `jwks_uri`", reply(JWKS_URI, DOWN)),
    Case("jwks_status", "no JWK set lies there", reply(JWKS_URI, answer({}, 404))),
    Case("jwks_malformed", "something else lies there", reply(JWKS_URI, answer({"a": 1}))),
    Case("jwks_no_key", "the provider's key has 1024 bits", keys(_rsa(1024))),
    Case(
        "jwks_no_algorithm",
        "the provider signs by ES256 and publishes RSA keys",
        metadata(id_token_signing_alg_values_supported=["ES256"]),
    ),
    Case("jwks_kid_ambiguous", "two keys by one name", keys(_KEY, _rsa(kid="1", alg="RS256"))),
    Case(
        "endpoint_unreachable",
        "the host of `access_token_url` is misspelt",
        all_of(
            PLAIN,
            keywords(access_token_url="https://opp.example/token"),
            reply("https://opp.example/token", DOWN),
        ),
    ),
    Case(
        "clock_skew",
        "the clock is ten minutes slow",
        reply(METADATA_URL, answer({"issuer": OP}, now=NOW + 600)),
        frozenset({"endpoint_missing"}),
    ),
]
"""Every row, in the order of the page."""
