"""Names that count alike: any people or faith in the place of any other leaves every margin as it is.

A model learns from the posts it sees which peoples are named in appeals, and would hold that against all who are named
so (Borkan et al., "Nuanced Metrics for Measuring Unintended Bias", 2019). Here it cannot: it is never told which. The
names are the peoples and faiths of ``protected.yaml``, as single words, shipped as ``names.npz``;
``python -m classifier.names`` writes it anew, and a test holds the file against `build`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from classifier.kernels.lookup import addresses
from classifier.kernels.named import LEAST, STARTS, Names, start_of
from classifier.protected import REGIONS, listed
from classifier.text import code_points

PATH: Final = Path(__file__).with_name("names.npz")
ALIKE: Final = {"peoples": True, "faiths": True, "countries": False, REGIONS: False}
END: Final = " "  # after a name that no ending may follow


def counted() -> Mapping[str, bool]:
    """Whether each name counts as any other, by its skeleton, with a space after it where no ending may follow.

    A stem of a land and a people is the land's, a whole word the people's: "сербы" and "Сербии" are one when folded.
    """
    found: dict[str, bool] = {}
    for kind, name in listed():
        first = name.words[0]
        key = first.letters if first.stem else first.letters + END
        if kind in ALIKE and len(name.words) == 1 and len(key) > LEAST:
            before = found.get(key, first.stem)
            found[key] = ALIKE[kind] and before if first.stem else ALIKE[kind] or before
    return found


def build() -> Names:
    """Make the tables from the list."""
    found = counted()
    keys, slots = addresses([code_points(name).tolist() for name in found])
    alike, starts = np.zeros(len(keys), np.uint8), np.zeros(STARTS, np.uint8)
    alike[slots] = list(found.values())
    starts[[start_of(code_points(name), 0) for name, counts_as_any in found.items() if counts_as_any]] = 1
    return Names(np.packbits(starts, bitorder="little"), keys, alike)


@cache
def load() -> Names:
    """Read the shipped tables."""
    with np.load(PATH, allow_pickle=False) as arrays:
        return Names(**arrays)


if __name__ == "__main__":
    np.savez_compressed(PATH, **build()._asdict())
