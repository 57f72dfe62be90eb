"""One small use of each extra, as a script: ``NAME.py`` for the extra ``NAME``."""
