"""Tries the demo out, step by step, as a person with a browser would."""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from examples.demo.browser import Browser, Page
from examples.demo.registry import SERVICES
from examples.demo.stack import Stack, running


class BrokenError(Exception):
    """A step did not end as it should."""


class Check:
    """One browser, walking through the app."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.browser = Browser()

    def step(self, name: str, page: Page, *expected: str, status: int = 200, at: str = "") -> Page:
        """Say that a step worked, or raise :class:`BrokenError`."""
        if page.status != status:
            raise BrokenError(f"{name}: status {page.status} instead of {status}: {page.text}")
        if not page.url.startswith(at or self.stack.app_url):
            raise BrokenError(f"{name}: ended at {page.url.partition('?')[0]}")
        for text in expected:
            if text not in page.text:
                raise BrokenError(f"{name}: the page does not say {text!r}: {page.text}")
        print(f"  ✓ {name}")
        return page

    def count(self, name: str, event: str, expected: int) -> None:
        """Hold what the provider has counted against what it should have."""
        found = self.stack.provider.counts[event]
        if found != expected:
            raise BrokenError(f"{name}: the provider counts {event} {found} times, not {expected}")
        print(f"  ✓ {name}")

    def go(self, path: str) -> Page:
        """Open a page of the app."""
        return self.browser.open(f"{self.stack.app_url}{path}")

    def begin(self, name: str) -> Page:
        """Press the button that signs in, and arrive at the provider."""
        page = self.browser.submit(self.go("/"), f"/login/{name}")
        return self.step(
            "the provider asks who is there",
            page,
            "The demo would like you to sign in",
            at=self.stack.provider_url,
        )

    def sign_in(self, name: str, user: str, person: str) -> None:
        """A whole login."""
        page = self.begin(name)
        if name != "local1":
            query = parse_qs(urlsplit(page.url).query)
            if query.get("code_challenge_method") != ["S256"] or "state" not in query:
                raise BrokenError("the authorization request has no PKCE challenge or no state")
            if ("nonce" in query) != (name == "local3"):
                raise BrokenError("a nonce is for OpenID Connect, and there it is needed")
            print("  ✓ the request carries state and a PKCE challenge (S256)")
        page = self.browser.submit(page, "", user=user, decision="approve")
        self.step(f"{person} is signed in", page, person, SERVICES[name])

    def use_api(self, name: str, user: str, person: str) -> None:
        """Read the profile, write a note, read it back."""
        email = f"{user}@example.com"
        self.step("the profile comes from the API", self.go(f"/profile/{name}"), person, email)
        note = f"written with {name}"
        page = self.browser.submit(self.go(f"/notes/{name}"), f"/notes/{name}", text=note)
        self.step("a note is written and read back", page, note)

    def sign_out(self, name: str) -> None:
        """End the session; nothing may be left of it."""
        page = self.browser.submit(self.go("/"), "/logout")
        self.step("signed out", page, "You are signed out", "Three protocols, one API")
        self.step("the API is out of reach", self.go(f"/profile/{name}"), "Sign in", status=400)

    def deny(self, name: str) -> None:
        """Say no at the provider."""
        page = self.browser.submit(self.begin(name), "", decision="deny")
        self.step("saying no leads to an error page", page, "You said no", status=400)
        self.step("and signs nobody in", self.go("/"), "Sign in with OAuth 2.0")

    def refresh(self) -> None:
        """Let the access token expire; exactly one request may renew it."""
        page = self.browser.submit(self.go("/"), "/expire/local2")
        self.step("the access token has expired", page, "expired")
        self.step("the next call works all the same", self.go("/profile/local2"), "Grace Hopper")
        self.step("so does the one after", self.go("/profile/local2"), "Grace Hopper")
        self.count("one request renewed the token", "refresh_token", 1)
        self.step("the new token was stored", self.go("/"), "renewed once")

    def attacks(self) -> None:
        """What must not work."""
        forged = self.go("/authorize/local2?code=x&state=forged")
        self.step("a forged callback is refused", forged, "did not start here", status=400)
        stray = self.browser.open(f"{self.stack.app_url}/logout", {})
        self.step("a form from elsewhere is refused", stray, "not from this site", status=400)


def _walk(check: Check) -> None:
    print("OAuth 1.0a")
    check.sign_in("local1", "ada", "Ada Lovelace")
    check.use_api("local1", "ada", "Ada Lovelace")
    check.sign_out("local1")
    check.deny("local1")
    check.count("one login, one set of token credentials", "token_credentials", 1)
    print("OAuth 2.0")
    check.sign_in("local2", "grace", "Grace Hopper")
    check.use_api("local2", "grace", "Grace Hopper")
    check.refresh()
    check.sign_out("local2")
    check.deny("local2")
    check.count("one login, one authorization code", "authorization_code", 1)
    print("OpenID Connect")
    check.sign_in("local3", "ada", "Ada Lovelace")
    check.count("the profile came from the ID Token, not from the API", "userinfo", 0)
    check.use_api("local3", "ada", "Ada Lovelace")
    check.sign_out("local3")
    check.deny("local3")
    print("Attacks")
    check.attacks()


def run() -> int:
    """Walk through everything.

    Returns:
        0, or 1 when a step broke; what broke is printed.
    """
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as stack:
        try:
            _walk(Check(stack))
        except (BrokenError, LookupError, OSError) as error:
            print(f"  ✗ {error}")
            print("demo-check: FAILED")
            return 1
    print("demo-check: all well")
    return 0
