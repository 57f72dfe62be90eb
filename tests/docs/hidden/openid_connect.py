"""An application, a token that it saved, and keys."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask

from typedoauth import OAuth2Token
from typedoauth.flask import OAuth

app = Flask(__name__)
app.secret_key = "of the example"
oauth = OAuth(app)
saved_token: OAuth2Token = {"access_token": "of the example"}


def _pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


private_key_pem = _pem(rsa.generate_private_key(65537, 2048))
apple_key_pem = _pem(ec.generate_private_key(ec.SECP256R1()))
