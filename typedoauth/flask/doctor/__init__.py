"""The doctor: looks at the settings of an application, and says what is wrong with them.

Each check is a small module: settings in, findings out. ``flask typedoauth check`` prints
what they find.
"""

from __future__ import annotations

from typedoauth.flask.doctor.examination import Examination
from typedoauth.flask.doctor.findings import ERRORS, WARNINGS, Finding, Severity

__all__ = ["ERRORS", "Examination", "Finding", "Severity", "WARNINGS"]
