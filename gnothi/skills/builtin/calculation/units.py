"""Units of measurement, named by their CLDR identifiers, and how they convert."""

from collections.abc import Mapping
from dataclasses import dataclass

from babel.units import format_unit

from gnothi.home.house import House
from gnothi.skills.spoken import locale_of

FACTORS: Mapping[str, float] = {
    "length-kilometer": 1000.0,
    "length-meter": 1.0,
    "length-centimeter": 0.01,
    "length-millimeter": 0.001,
    "length-mile": 1609.344,
    "length-yard": 0.9144,
    "length-foot": 0.3048,
    "length-inch": 0.0254,
    "length-nautical-mile": 1852.0,
    "length-light-year": 9.4607304725808e15,
    "mass-kilogram": 1000.0,
    "mass-gram": 1.0,
    "mass-milligram": 0.001,
    "mass-pound": 453.59237,
    "mass-ounce": 28.349523125,
    "mass-stone": 6350.29318,
    "mass-tonne": 1_000_000.0,
    "mass-ton": 907_184.74,
    "volume-liter": 1.0,
    "volume-milliliter": 0.001,
    "volume-cup": 0.2365882365,
    "volume-tablespoon": 0.01478676478125,
    "volume-teaspoon": 0.00492892159375,
    "volume-fluid-ounce": 0.0295735295625,
    "volume-pint": 0.473176473,
    "volume-quart": 0.946352946,
    "volume-gallon": 3.785411784,
    "volume-cubic-meter": 1000.0,
    "temperature-celsius": 1.0,
    "temperature-fahrenheit": 5 / 9,
    "temperature-kelvin": 1.0,
    "duration-second": 1.0,
    "duration-minute": 60.0,
    "duration-hour": 3600.0,
    "duration-day": 86_400.0,
    "duration-week": 604_800.0,
    "duration-year": 31_536_000.0,
    "speed-kilometer-per-hour": 1 / 3.6,
    "speed-mile-per-hour": 0.44704,
    "speed-meter-per-second": 1.0,
    "speed-knot": 1852 / 3600,
    "area-square-meter": 1.0,
    "area-square-foot": 0.09290304,
    "area-square-kilometer": 1e6,
    "area-square-mile": 2_589_988.110336,
    "area-hectare": 1e4,
    "area-acre": 4046.8564224,
    "digital-byte": 1.0,
    "digital-kilobyte": 1e3,
    "digital-megabyte": 1e6,
    "digital-gigabyte": 1e9,
    "digital-terabyte": 1e12,
    "energy-kilowatt-hour": 3.6e6,
    "energy-joule": 1.0,
    "energy-kilojoule": 1e3,
    "energy-kilocalorie": 4184.0,
}
"""Size of each unit in the base of its dimension. Volumes are those of the United States."""

OFFSETS: Mapping[str, float] = {
    "temperature-fahrenheit": 459.67 * 5 / 9,
    "temperature-celsius": 273.15,
}
"""Zero of a unit above the zero of its base."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount of a unit."""

    amount: float
    unit: str

    @property
    def dimension(self) -> str:
        """What it measures (``length``, ``mass``)."""
        return self.unit.partition("-")[0]

    def to(self, unit: str) -> "Quantity":
        """Return the same quantity in another *unit* of its dimension."""
        base = self.amount * FACTORS[self.unit] + OFFSETS.get(self.unit, 0.0)
        return Quantity((base - OFFSETS.get(unit, 0.0)) / FACTORS[unit], unit)

    def spoken(self, house: House) -> str:
        """Return amount and unit in the language of the home, in the right number."""
        return format_unit(rounded(self.amount), self.unit, "long", locale=locale_of(house))


def rounded(amount: float) -> float:
    """Return *amount* with the digits that somebody wants to hear."""
    if not amount or abs(amount) >= 100:
        return round(amount, 1)
    return float(f"{amount:.4g}")
