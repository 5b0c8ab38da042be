"""Units of measure: what a number of one unit is in another, and what amount words state.

`converted` and `same_unit` take units as they are recorded: UCUM codes and what people and systems write instead.
UCUM's definitions are in a table made from its own (`generate`), molar masses in `substances.toml`. Pure.
"""

from tools.units.amounts import Stated, stated
from tools.units.conversion import converted, other_units, same_unit
from tools.units.substances import Substance, substances

__all__ = ["Stated", "Substance", "converted", "other_units", "same_unit", "stated", "substances"]
