"""Dates and numbers in the language of the home, where a whole moment would say too much."""

from datetime import date

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from gnothi.home.house import House


def long_date(day: date, house: House) -> str:
    """Return weekday, day, month and year."""
    return format_date(day, "full", locale=locale_of(house))


def weekday(day: date, house: House) -> str:
    """Return the name of the day of the week."""
    return format_date(day, "EEEE", locale=locale_of(house))


def month(day: date, house: House) -> str:
    """Return the month with its year."""
    return format_skeleton("yMMMM", day, locale=locale_of(house))


def decimal(value: float, house: House) -> str:
    """Return a number with up to six decimals and the separators of the language."""
    return format_decimal(value, "#,##0.######", locale=locale_of(house))


def locale_of(house: House) -> Locale:
    """Return the locale of the home."""
    return Locale.parse(house.home.locale.replace("-", "_"))
