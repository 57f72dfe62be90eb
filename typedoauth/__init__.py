"""typedoauth: a strictly typed, layered OAuth client."""

__version__ = "0.1.0"
