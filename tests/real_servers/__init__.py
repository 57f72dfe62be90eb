"""Servers that this project did not write, each in a process of its own, and logins at them.

What they taught, and the tests here hold:

- Authlib 1.9.9, OAuth 1.0: answers ``oauth_callback_confirmed=True``; tells a
  refusal with OAuth 2.0's ``error=access_denied`` and no token; fails on a query
  that is not ASCII, and on a form that names a field twice; does not check whose
  temporary credentials are traded (our copy of the server does).
- Authlib, OAuth 2.0: decodes ``%20`` in HTTP Basic, but not ``+``; asks only public
  clients for PKCE (our copy asks everybody).
- oidc-provider 9: takes a secret by Basic or in the body, whichever was
  registered; names itself in ``iss`` (RFC 9207); leaves ``at_hash`` out of the code
  flow (our copy of the server has it in); encrypts logout tokens where ID Tokens are
  encrypted; answers ``form_post`` errors with status 400; signs every UserInfo response
  that it encrypts.
"""
