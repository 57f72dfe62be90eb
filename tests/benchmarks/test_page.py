"""What benchmarks wrote becomes the tables of the documentation."""

from __future__ import annotations

from pathlib import Path

from benchmarks.measure import Measured
from benchmarks.page import fill, read_reports, written
from benchmarks.report import Report, Row, row

FOUND = [
    Measured("by hand", 10.0, 1.0, 1.0, 1.0),
    Measured("typedoauth", 12.5, 1.25, 1.2, 1.3),
    Measured("Authlib", 120.0, 12.0, 11.0, 13.0),
]
REPORT = Report(
    "signing",
    "Signing",
    {"python": "3.11", "authlib": "1.9"},
    {"five": FOUND},
    [row("Sign", FOUND, most=1.4, peers=["Authlib"]), Row("Cookie", "bytes", 198, None)],
)
TABLE = """\
| | compared with | typedoauth | aim | others |
|---|---|--:|--:|---|
| Sign | by hand | 1.25 | 1.4 | Authlib 12 |
| Cookie | bytes | 198 |  |  |

Measured with python 3.11, authlib 1.9.
"""


def test_row_is_a_ratio_to_the_way_it_names() -> None:
    """Not to the first one: the first may be a bare operation."""
    assert row("x", FOUND, against="Authlib", peers=["by hand"]) == Row(
        "x", "Authlib", 1.25 / 12, None, {"by hand": 1 / 12}
    )


def test_row_reached_as_it_is_shown() -> None:
    """A figure that rounds to the aim has reached it."""
    assert [Row("x", "y", ours, 1.4).reached for ours in (1.404, 1.406)] == [True, False]


def test_table_of_what_was_written(tmp_path: Path) -> None:
    """JSON and back."""
    REPORT.write(tmp_path / "signing.json")
    assert written(read_reports(tmp_path, ["signing", "logins"])) == TABLE


def test_page_may_ask_for_some_rows(tmp_path: Path) -> None:
    """By what is done in them."""
    REPORT.write(tmp_path / "signing.json")
    page = tmp_path / "page.md"
    page.write_text("<!-- benchmarks: signing; only Cookie; Other -->\n<!-- /benchmarks -->\n")
    fill(page, read_reports(tmp_path, ["signing"]))
    assert "| Cookie |" in page.read_text("utf-8")
    assert "| Sign |" not in page.read_text("utf-8")


def test_page_gets_the_tables_that_it_asks_for(tmp_path: Path) -> None:
    """A table of which something was not measured stays as it is."""
    REPORT.write(tmp_path / "signing.json")
    page = tmp_path / "page.md"
    ours, others = "<!-- benchmarks: signing -->\n", "<!-- benchmarks: signing logins -->\nold\n"
    end = "<!-- /benchmarks -->"
    page.write_text(f"a\n{ours}old\n{end}\nb\n{others}{end}\n", "utf-8")
    fill(page, read_reports(tmp_path, ["signing", "logins"]))
    assert page.read_text("utf-8") == f"a\n{ours}{TABLE}{end}\nb\n{others}{end}\n"
