"""A Flask app that logs people in by OAuth 1.0a, OAuth 2.0 and OpenID Connect.

``python -m examples.demo`` runs it with a provider of its own; with ``--check``
it tries itself out.
"""
