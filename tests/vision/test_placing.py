"""What somebody says is written, as an amount."""

from decimal import Decimal

import pytest

from gnothi.vision.reading.placing import amount_said


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("23.90", "23.90"),
        ("23,90 €", "23.90"),
        ("23,9", "23.90"),
        ("23.9", "23.90"),
        ("€1,234.5", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234", "1234.00"),
        ("1.234", "1234.00"),
        ("23", "23.00"),
        ("twenty-three ninety", "23.90"),
        ("23 euros 9", "23.09"),
        ("23 euros and ninety cents", "23.90"),
        ("12.03.2027", None),
        ("1 2 3", None),
        ("minus five", None),
        ("99999999999999.99", None),
        ("10,000,000", None),
        ("1" + "0" * 40, None),
        ("a million billion trillion", None),
    ],
)
def test_an_amount_that_somebody_says(text: str, amount: str | None) -> None:
    """One digit after the mark is ten cents; what no receipt has is none."""
    assert amount_said(text) == (Decimal(amount) if amount else None)
