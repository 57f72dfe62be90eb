"""The extra ``jwe``: joserfc is imported when it is needed, and by this file alone."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.rules import breaches
from tests.oidc.jwe_tokens import jwk_for
from typedoauth.errors import MissingExtraError
from typedoauth.oidc import Decryption, load_decryption_key


def test_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the client is set up, not when somebody logs in."""
    key = load_decryption_key(jwk_for("RSA-OAEP", "A128GCM"))
    for name in [one for one in sys.modules if one.partition(".")[0] == "joserfc"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "joserfc", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'typedoauth\[jwe\]'") as caught:
        Decryption((key,), "RSA-OAEP", "A128GCM")
    assert isinstance(caught.value.__cause__, ImportError)


def test_extra_is_not_imported_before() -> None:
    """An application without encrypted tokens never loads it."""
    script = "import sys, typedoauth.oidc; sys.exit('joserfc' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("typedoauth.oidc.jwe", "from joserfc import jwe"),
        ("typedoauth.oidc.jwe", "def f():\n    from joserfc import jws"),
        ("typedoauth.oidc.jws", "def f():\n    from joserfc import jwe"),
        ("typedoauth.oidc.decryption_keys", "def f():\n    from joserfc import jwk"),
        ("typedoauth.client.oauth2", "def f():\n    from joserfc import jwe"),
    ],
)
def test_other_import_of_joserfc_is_a_breach(module: str, source: str) -> None:
    """One file may, when it is called, and takes what it needs only."""
    assert breaches(source, module)


def test_import_of_joserfc_is_let_pass() -> None:
    """What that file does."""
    assert breaches("def f():\n    from joserfc import jwe", "typedoauth.oidc.jwe") == []
