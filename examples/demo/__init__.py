"""A Flask app that logs people in by OAuth 1.0a and OAuth 2.0.

``python -m examples.demo`` runs it with a provider of its own; with ``--check``
it tries itself out.
"""
