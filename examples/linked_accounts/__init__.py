"""A Flask app whose users link several accounts of one service.

Flask-Login knows who is there, Flask-SQLAlchemy keeps users, and ``SQLTokenStore`` keeps
their tokens in the same database. ``python -m examples.linked_accounts`` runs it with a
provider of its own.
"""
