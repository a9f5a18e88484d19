"""The n-grams, the capped sum, the windows and the cues once more, slow and obvious, without numpy or numba.

Written from the description in docs/architecture.md and docs/cues.md, for comparison with the compiled loops.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from classifier.cues import CueSet
from classifier.foldtable import LINK, NUMBER
from classifier.ngrams import GramSettings
from classifier.weights import Weights

U64 = 2**64 - 1
Occurrence = tuple[int, int, int]  # bucket, first symbol, last symbol + 1


def fnv(text: str, seed: int) -> int:
    """64-bit FNV-1a over code points, from a seed of its own for each kind of n-gram."""
    for char in text:
        seed = (seed ^ ord(char)) * 0x100000001B3 & U64
    return seed


def bucket(digest: int, settings: GramSettings) -> int:
    digest = (digest ^ digest >> 33) * 0xFF51AFD7ED558CCD & U64
    return (digest ^ digest >> 33) % settings.buckets


def every_occurrence(skeleton: str, start: int, end: int, settings: GramSettings) -> Iterator[tuple[int, int, int]]:
    """Digest and place of every n-gram of `skeleton[start:end]`, in reading order."""
    at, before = start + 1, None
    for word in skeleton[start:end].split(" ")[1:-1]:
        digest, stop = fnv(word, 0x9E3779B97F4A7C15), at + len(word)
        if word.startswith("."):
            before = None
        else:
            yield digest, at, stop
            if before:
                yield ((before[0] ^ 0xC2B2AE3D27D4EB4F) * 0x100000001B3 & U64) ^ digest, before[1], stop
            before = digest, at
            if not LINK <= ord(word[0]) <= NUMBER:
                yield from letters(f" {word} ", at - 1, settings)
        at = stop + 1


def letters(framed: str, at: int, settings: GramSettings) -> Iterator[tuple[int, int, int]]:
    """Runs of letters of one word between its two spaces; `at` is the place of the first."""
    for a in range(len(framed)):
        for length in range(settings.least, settings.most + 1):
            if a + length <= len(framed):
                yield fnv(framed[a : a + length], 0xCBF29CE484222325), at + a, at + a + length


def occurrences(skeleton: str, start: int, end: int, settings: GramSettings) -> list[Occurrence]:
    """The n-grams by bucket, no more than the cap of each."""
    full: Counter[int] = Counter()
    found: list[Occurrence] = []
    for digest, a, b in every_occurrence(skeleton, start, end, settings):
        place = bucket(digest, settings)
        full[place] += 1
        if full[place] <= settings.cap:
            found.append((place, a, b))
    return found


def found_cues(skeleton: str, start: int, end: int, cues: CueSet) -> set[int]:
    """Places of the cues whose words stand one after another in `skeleton[start:end]`."""
    words = skeleton[start:end].split()
    present = set()
    for place, cue in enumerate(cues.cues):
        for pattern in cue.patterns:
            written = [("".join(map(chr, word.symbols)), word.stem) for word in pattern]
            for at in range(len(words) - len(written) + 1):
                pairs = zip(words[at : at + len(written)], written, strict=True)
                if all(word.startswith(text) if stem else word == text for word, (text, stem) in pairs):
                    present.add(place)
    return present


def margin(
    skeleton: str, start: int, end: int, label: int, weights: Weights, settings: GramSettings, cues: CueSet
) -> float:
    """Margin of one label of `skeleton[start:end]`."""
    found = occurrences(skeleton, start, end, settings)
    norm = math.sqrt(math.fsum(float(weights.idf[place]) ** 2 for place, _, _ in found))
    words = math.fsum(float(weights.idf[place]) * float(weights.weights[place, label]) for place, _, _ in found)
    spoken = math.fsum(float(weights.cue_weights[cue, label]) for cue in found_cues(skeleton, start, end, cues))
    gained = category_odds(found, norm, label, weights)
    return float(weights.bias[label]) + (words / norm if norm else 0.0) + spoken + gained


def category_odds(found: Sequence[Occurrence], norm: float, label: int, weights: Weights) -> float:
    """What the categories of a label, likelier or less likely than all the others, add to its margin."""
    inside, outside = [], []
    for category, bias in enumerate(weights.category_bias.tolist()):
        units = math.fsum(float(weights.idf[at]) * int(weights.category_weights[at, category]) for at, _, _ in found)
        odds = bias + (units * float(weights.category_scale[category]) / norm if norm else 0.0)
        share = 1 / (1 + math.exp(-max(-50.0, min(50.0, odds))))
        (inside if weights.category_labels[category, label] else outside).append(share)
    if not inside or not outside:
        return 0.0
    return weights.category_weight * math.log(math.fsum(inside) / math.fsum(outside))


def best_margin(
    skeleton: str,
    windows: Sequence[tuple[int, int]],
    label: int,
    weights: Weights,
    settings: GramSettings,
    cues: CueSet,
) -> float:
    """Highest margin of one label over the whole and the windows."""
    ranges = [(0, len(skeleton)), *windows]
    return max(margin(skeleton, a, b, label, weights, settings, cues) for a, b in ranges)
