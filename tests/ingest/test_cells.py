"""What the cells of a spreadsheet show."""

import pytest

from quizapp.ingest.cells import shown

MAY_3_2026 = 46145
CASES = {
    "percent": (0.125, "0.0%", "12.5%"),
    "currency in front": (1200, '"€"#,##0', "€1,200"),
    "currency of a place": (1200.5, "#,##0.00\\ [$€-407]", "1,200.50 €"),
    "no format": (43.0, "General", "43"),
    "no format, decimals": (0.1 + 0.2, "General", "0.3"),
    "unit": (43, '0" m"', "43 m"),
    "optional decimals": (2, "0.##", "2"),
    "zeros in front": (12, "00000", "00012"),
    "thousands": (1_250_000, '0.0,,"M"', "1.2M"),
    "negative of its own": (-3.5, "0.0;(0.0)", "(3.5)"),
    "negative": (-3.5, "0.0", "-3.5"),
    "date in digits": (MAY_3_2026, "mm-dd-yy", "3 May 2026"),
    "date in words": (MAY_3_2026, "d. mmmm yyyy", "3 May 2026"),
    "month": (MAY_3_2026, "mmm-yy", "May 2026"),
    "date of machines": (MAY_3_2026, "yyyy-mm-dd", "2026-05-03"),
    "time": (0.6, "h:mm", "14:24"),
    "date and time": (MAY_3_2026 + 0.6, "m/d/yy h:mm", "3 May 2026, 14:24"),
    "duration": (1.25, "[h]:mm", "30:00"),
    "no date": (1e300, "d mmm yyyy", "1e+300"),
    "no number": (float("inf"), "0", ""),
}


@pytest.mark.parametrize(("value", "number_format", "expected"), CASES.values(), ids=CASES)
def test_a_number_is_shown_as_the_format_of_its_cell_says(value, number_format, expected):
    assert shown(value, number_format) == expected


def test_dates_count_from_1904_where_the_workbook_says_so():
    assert shown(1, "d mmm yyyy", from_1904=True) == "2 January 1904"
