"""Labels: equal for equal secrets, of no use to anybody else, and put wherever a secret stands."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from typedoauth.flask.trace.labels import LABEL, LONGEST_TEXT, Labels

SECRETS = st.text(st.characters(codec="ascii", categories=("L", "N", "P", "S")), min_size=8)


@given(SECRETS, SECRETS)
def test_labels_are_equal_as_secrets_are(one: str, other: str) -> None:
    """Whatever they are called, and wherever they are seen."""
    labels = Labels()
    first = labels.label("state", one)
    assert LABEL.fullmatch(first)
    assert labels.label("code", one) == first
    assert Labels().label("state", one) == first
    assert (labels.label("state", other) == first) is (one == other)


def test_label_says_what_it_stands_for() -> None:
    """By the first name it was seen under."""
    assert Labels().label("state", "s3cret").startswith("state#")
    assert Labels().label("X y", "s3cret").startswith("value#")


def test_label_cannot_be_worked_out() -> None:
    """Its key belongs to the process: another one has other labels."""
    program = (
        "from typedoauth.flask.trace.labels import Labels; print(Labels().label('state', '1234'))"
    )
    other = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.strip()
    own = Labels().label("state", "1234")
    assert own != other
    assert own != f"state#{hashlib.sha256(b'1234').hexdigest()[:6]}"


@given(SECRETS, st.text(max_size=30), st.text(max_size=30))
def test_secret_is_hidden_in_any_text(secret: str, before: str, after: str) -> None:
    """As it is, and as addresses, forms and pages write it."""
    labels = Labels()
    label = labels.label("code", secret)
    for spelling in (secret, quote(secret, safe=""), quote_plus(secret)):
        hidden = labels.hide(f"{before}{spelling}{after}")
        assert spelling not in hidden.replace(label, " ")


@pytest.mark.parametrize("safe", ["", "/", "/+", ":/?"])
@pytest.mark.parametrize("end", ["", "<", "&amp;", "%20"])
def test_secret_is_hidden_however_much_of_it_is_encoded(safe: str, end: str) -> None:
    """Some encode a slash, and some do not."""
    labels = Labels()
    label = labels.label("code", "a/b+c:d?e=&f")
    for spelling in (quote("a/b+c:d?e=&f", safe=safe), "a/b%2Bc:d?e=&amp;f"):
        assert labels.hide(f"of {spelling}{end}").startswith(f"of {label}")


def test_short_secret_is_hidden_where_it_stands_alone() -> None:
    """It stands in many a word."""
    labels = Labels()
    label = labels.label("code", "bad")
    assert labels.hide("a bad code (bad) is no badge") == f"a {label} code ({label}) is no badge"


def test_longer_secret_is_hidden_first() -> None:
    """One may be a part of another."""
    labels = Labels()
    labels.label("code", "abcdefgh")
    longer = labels.label("token", "abcdefgh-ijkl")
    assert labels.hide("abcdefgh-ijkl") == longer


def test_label_is_left_alone() -> None:
    """Also where a secret looks like a part of it."""
    labels = Labels()
    label = labels.label("state", "s3cret-s3cret")
    labels.label("password", "state")
    assert labels.hide(f"of {label}") == f"of {label}"


def test_other_texts_are_left_alone() -> None:
    """Nothing is known, nothing is hidden."""
    assert Labels().hide("nothing of the kind") == "nothing of the kind"


@pytest.mark.parametrize("blank", ["", " ", "\n"])
def test_white_space_is_no_secret(blank: str) -> None:
    """Or every text would be full of labels."""
    labels = Labels()
    labels.label("code", blank)
    assert labels.hide("a b") == "a b"


def test_old_secrets_are_forgotten() -> None:
    """So that a long day of logins does not fill the memory; the newest stay."""
    labels = Labels()
    for number in range(3000):
        labels.label("code", f"a-code-of-the-day-{number:05}")
    assert labels.hide("a-code-of-the-day-00000") == "a-code-of-the-day-00000"
    assert "day" not in labels.hide("a-code-of-the-day-02999")
    for number in range(400):
        labels.label("token", f"{number:05}" + "x" * (LONGEST_TEXT - 5))
    assert "day" in labels.hide("a-code-of-the-day-02999")
