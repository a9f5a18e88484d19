"""What the compiled loops do, once more: slow and obvious, without numpy or numba.

Written from the description in docs/architecture.md and docs/cues.md, for comparison with the compiled loops.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from classifier import lang
from classifier.cues import CueSet
from classifier.foldtable import APOSTROPHE, CLASS, DIGIT, DROP, LETTER, LINK, NUMBER, SIZE, load
from classifier.kernels.named import ANYBODY
from classifier.kernels.rows import Weights
from classifier.kernels.verbatim import VERBATIM
from classifier.names import counted
from classifier.ngrams import GramSettings
from classifier.text import compose, fold

U64 = 2**64 - 1
NAMES = {**counted(), "": False}
Rule = Sequence[tuple[float, float]]  # points between 0 and 1, and the share of each


class Occurrence(NamedTuple):
    """One n-gram in a post: its bucket, and the part of it that belongs to each word, by its first symbol."""

    bucket: int
    parts: dict[int, float]


def fnv(symbols: Sequence[int], seed: int) -> int:
    """64-bit FNV-1a over symbols, from a seed of its own for each kind of n-gram."""
    for symbol in symbols:
        seed = (seed ^ symbol) * 0x100000001B3 & U64
    return seed


def bucket_of(digest: int, settings: GramSettings) -> int:
    digest = (digest ^ digest >> 33) * 0xFF51AFD7ED558CCD & U64
    return (digest ^ digest >> 33) % settings.buckets


def counted_digest(word: str | Sequence[int], settings: GramSettings) -> int:
    """What a word is counted by: the longest of the listed names that it begins with says whether as any of them."""
    symbols = symbols_of(word)
    if not settings.alike or symbols[0] >= VERBATIM:
        return word_digest(symbols)
    text = "".join(map(chr, symbols)) + " "
    longest = max((name for name in NAMES if text.startswith(name)), key=len)
    return int(ANYBODY) if NAMES[longest] else word_digest(symbols)


def word_digest(word: str | Sequence[int]) -> int:
    return fnv(symbols_of(word), 0x9E3779B97F4A7C15)


def symbols_of(word: str | Sequence[int]) -> list[int]:
    return [ord(one) if isinstance(one, str) else one for one in word]


def words_of(skeleton: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Words of `skeleton[start:end]` and the place of each."""
    at = start + 1
    for word in skeleton[start:end].split(" ")[1:-1]:
        yield at, word
        at += len(word) + 1


def grams_of(symbols: Sequence[int], settings: GramSettings) -> list[int]:
    """Buckets of a word: its own, and those of its runs of letters, of each no more than the cap."""
    digest = counted_digest(symbols, settings)
    own = bucket_of(digest, settings)
    bare = symbols[0] >= VERBATIM and symbols[0] - VERBATIM not in (ord("@"), ord("#"))
    if digest == int(ANYBODY) or LINK <= symbols[0] <= NUMBER or bare:
        return [own]
    framed, full, found = [32, *symbols, 32], Counter[int](), [own]
    for a in range(len(framed)):
        for length in range(settings.least, settings.most + 1):
            if a + length <= len(framed):
                place = bucket_of(fnv(framed[a : a + length], 0xCBF29CE484222325), settings)
                full[place] += 1
                if full[place] <= settings.cap:
                    found.append(place)
    return found


def occurrences(skeleton: str, start: int, end: int, settings: GramSettings) -> list[Occurrence]:
    """The n-grams of words and pairs of words, neither of which count more often than the cap."""
    return occurrences_of([(at, symbols_of(word)) for at, word in words_of(skeleton, start, end)], settings)


def occurrences_of(words: Sequence[tuple[int, Sequence[int]]], settings: GramSettings) -> list[Occurrence]:
    """Likewise of words as symbols, each with its place."""
    full: Counter[int] = Counter()
    found: list[Occurrence] = []
    before: tuple[int, Sequence[int]] | None = None
    for at, word in words:
        if word[0] == ord("."):
            before = None
            continue
        own = bucket_of(counted_digest(word, settings), settings)
        full[own] += 1
        if full[own] <= settings.cap:
            found += [Occurrence(place, {at: 1.0}) for place in grams_of(word, settings)]
        if before:
            first = (counted_digest(before[1], settings) ^ 0xC2B2AE3D27D4EB4F) * 0x100000001B3 & U64
            pair, both = bucket_of(first ^ counted_digest(word, settings), settings), len(before[1]) + len(word)
            full[pair] += 1
            if full[pair] <= settings.cap:
                found.append(Occurrence(pair, {before[0]: len(before[1]) / both, at: len(word) / both}))
        before = at, word
    return found


def tokens(text: str) -> list[tuple[int, int, list[int]]]:
    """Start, end and symbols of the words, names, tags, hosts and marks of a composed text, as they stand."""
    found, at = [], 0
    while at < len(text):
        if blank(text[at]):
            at += 1
            continue
        rest = text[at:]
        address = next((head for head in ("http://", "https://") if small_word(rest[:8]).startswith(head)), "")
        run = list(takewhile(lambda char: not blank(char), rest))
        if address and len(rest) >= 8:
            host = list(takewhile(lambda char: char != "/", run[len(address) :]))
            token, step = run[: len(address) + len(host)], len(run)
        else:
            tag = rest[0] in "@#" and len(rest) > 1 and wordlike(rest[1])
            if tag or wordlike(rest[0]):
                token = [rest[0], *takewhile(wordlike, rest[1:])]
            else:
                token = list(takewhile(lambda char: not wordlike(char) and not blank(char), rest))[:4]
                tags = (k for k in range(1, len(token)) if token[k] in "@#" and wordlike((rest + " ")[k + 1]))
                token = token[: next(tags, len(token))]
            step = len(token)
        kept = [(k, char) for k, char in enumerate(token[:64]) if not dropped(char)]
        if kept:
            symbols = [VERBATIM + ord(small_word(char)) for _, char in kept]
            found.append((at + kept[0][0], at + kept[-1][0] + 1, symbols))
        at += step
    return found


def blank(char: str) -> bool:
    return char <= " " or char.isspace()


def dropped(char: str) -> bool:
    return 0xE0000 <= ord(char) < 0xF0000 or kind_of(char) == DROP


def wordlike(char: str) -> bool:
    """Whether a character belongs to a word."""
    return char == "_" or dropped(char) or SIZE <= ord(char) < 0x40000 or kind_of(char) in (LETTER, DIGIT)


def small_word(text: str) -> str:
    """Capitals as small letters, where these are one character too and the table reaches them."""
    return "".join(char.lower() if ord(char) < SIZE and len(char.lower()) == 1 else char for char in text)


def verbatim(text: str, start: int, end: int, settings: GramSettings) -> list[Occurrence]:
    """The n-grams of the tokens that start in a range of a composed text; places count from -1 down."""
    inside = [(-1 - k, token) for k, (at, _, token) in enumerate(tokens(text)) if start <= at < end]
    return occurrences_of(inside, settings)


def known_words(skeleton: str, start: int, end: int, settings: GramSettings, weights: Weights) -> tuple[int, int]:
    """How many words there are, and how many of them count and were learned from."""
    words = [word for _, word in words_of(skeleton, start, end) if not word.startswith(".")]
    return len(words), sum(bool(weights.base[place, 1]) for place in own(occurrences(skeleton, start, end, settings)))


def own(found: Sequence[Occurrence]) -> list[int]:
    """Buckets of the words that count: of each its first n-gram of those that it does not share."""
    first: dict[int, int] = {}
    for one in (one for one in found if len(one.parts) == 1):
        first.setdefault(*one.parts, one.bucket)
    return list(first.values())


def found_cues(skeleton: str, start: int, end: int, cues: CueSet) -> set[int]:
    """Places of the cues whose words stand one after another in `skeleton[start:end]`."""
    words, present = skeleton[start:end].split(), set()
    for place, cue in enumerate(cues.cues):
        for pattern in cues.written[cue.name]:
            for at in range(len(words) - len(pattern) + 1):
                pairs = zip(words[at : at + len(pattern)], pattern, strict=True)
                if all(any(fits(word, *one) for one in choices) for word, choices in pairs):
                    present.add(place)
    return present


def fits(word: str, symbols: tuple[int, ...], stem: bool) -> bool:
    text = "".join(map(chr, symbols))
    return word.startswith(text) if stem else word == text


def cue_sum(present: set[int], label: int, weights: Weights) -> float:
    """What cues add."""
    return math.fsum(float(weights.cue_weights[cue, label]) for cue in present)


def norm_of(found: Sequence[Occurrence], weights: Weights) -> float:
    return math.sqrt(math.fsum(float(weights.base[one.bucket, 0]) ** 2 for one in found))


def label_value(place: int, label: int, weights: Weights) -> float:
    """What one occurrence adds to the sum of a label."""
    return float(weights.base[place, 0]) * float(weights.base[place, 2 + label])


def category_value(place: int, category: int, weights: Weights) -> float:
    """What one occurrence adds to the sum of a category."""
    return float(weights.base[place, 0]) * int(weights.category_weights[place, category])


def margin(
    skeleton: str,
    start: int,
    end: int,
    label: int,
    weights: Weights,
    settings: GramSettings,
    cues: CueSet,
    *,
    silent: bool = False,
    plain: Sequence[Occurrence] = (),
) -> float:
    """Margin of one label of `skeleton[start:end]`; without cues where they are `silent`, with `plain` n-grams too."""
    found = [*occurrences(skeleton, start, end, settings), *plain]
    norm = norm_of(found, weights)
    words = math.fsum(label_value(one.bucket, label, weights) for one in found)
    spoken = 0.0 if silent else cue_sum(found_cues(skeleton, start, end, cues), label, weights)
    gained = gain(log_odds(way(found, weights), weights), label, weights)
    return float(weights.bias[label]) + (words / norm if norm else 0.0) + spoken + gained


def way(found: Sequence[Occurrence], weights: Weights) -> list[float]:
    """How far each category's log odds are from those of an empty post."""
    norm, scales = norm_of(found, weights), weights.category_scale.tolist()
    if not norm:
        return [0.0 for _ in scales]
    return [
        math.fsum(category_value(one.bucket, category, weights) for one in found) * scale / norm
        for category, scale in enumerate(scales)
    ]


def log_odds(moved: Sequence[float], weights: Weights, part: float = 1.0) -> list[float]:
    """Log odds of the categories at some part of the way from the empty post."""
    return [bias + part * step for bias, step in zip(weights.category_bias.tolist(), moved, strict=True)]


def likelihood(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, odds))))


def gain(odds: Sequence[float], label: int, weights: Weights) -> float:
    """What the categories of a label, likelier or less likely than all the others, add to its margin."""
    inside = [likelihood(one) for kind, one in enumerate(odds) if weights.category_labels[kind, label]]
    outside = [likelihood(one) for kind, one in enumerate(odds) if not weights.category_labels[kind, label]]
    if not inside or not outside:
        return 0.0
    return weights.category_weight * math.log(math.fsum(inside) / math.fsum(outside))


def slopes(odds: Sequence[float], label: int, weights: Weights) -> list[float]:
    """How much `gain` grows with the log odds of each category."""
    own = weights.category_labels[:, label].tolist()
    if all(own) or not any(own):
        return [0.0 for _ in own]
    shares = [likelihood(one) for one in odds]
    sums = [math.fsum(share for share, mine in zip(shares, own, strict=True) if mine is side) for side in (False, True)]
    return [
        (weights.category_weight if mine else -weights.category_weight) * share * (1 - share) / sums[mine]
        for share, mine in zip(shares, own, strict=True)
    ]


def pull(moved: Sequence[float], label: int, weights: Weights, rule: Rule) -> list[float]:
    """What a step of each category's log odds counts: the mean slope along the way, by a rule of points and shares.

    What the rule misses is laid on the way itself.
    """
    mean = [0.0 for _ in moved]
    for point, share in rule:
        here = slopes(log_odds(moved, weights, point), label, weights)
        mean = [sum_ + share * slope for sum_, slope in zip(mean, here, strict=True)]
    gained = gain(log_odds(moved, weights), label, weights) - gain(log_odds(moved, weights, 0.0), label, weights)
    missing = gained - math.fsum(slope * step for slope, step in zip(mean, moved, strict=True))
    square = math.fsum(step * step for step in moved)
    return [slope + (missing * step / square if square else 0.0) for slope, step in zip(mean, moved, strict=True)]


def parts_of(
    skeleton: str, start: int, end: int, label: int, weights: Weights, settings: GramSettings, rule: Rule
) -> dict[int, float]:
    """What each word of `skeleton[start:end]` has to do with a label's margin, by its first symbol."""
    found = occurrences(skeleton, start, end, settings)
    norm, parts = norm_of(found, weights), {at: 0.0 for at, _ in words_of(skeleton, start, end)}
    pulls = pull(way(found, weights), label, weights, rule)
    scales = weights.category_scale.tolist()
    for one in found:
        value = label_value(one.bucket, label, weights)
        for category, (slope, scale) in enumerate(zip(pulls, scales, strict=True)):
            value += category_value(one.bucket, category, weights) * slope * scale
        for at, share in one.parts.items():
            parts[at] += value / norm * share
    return parts


def best_margin(
    skeleton: str,
    windows: Sequence[tuple[int, int]],
    label: int,
    weights: Weights,
    settings: GramSettings,
    cues: CueSet,
) -> float:
    """Highest margin of one label over the whole, in which cues are silent when there are windows, and the windows."""
    windows = windows if len(windows) > 1 else []
    whole = margin(skeleton, 0, len(skeleton), label, weights, settings, cues, silent=bool(windows))
    return max([whole, *(margin(skeleton, a, b, label, weights, settings, cues) for a, b in windows)])


def kind_of(char: str) -> int:
    return int(load()[ord(char), CLASS]) if ord(char) < SIZE else -1


def lowered(char: str) -> str:
    return char.lower() if len(char.lower()) == 1 else char


def written_words(text: str) -> Iterator[str]:
    """Words of a post as they are written, small and with one kind of apostrophe inside; each of them once."""
    composed = compose(text)[0]
    post, before = fold(composed), -1
    skeleton = str(post)
    for at, word in words_of(skeleton, 0, len(skeleton)):
        start, end = int(post.starts[at]), int(post.ends[at + len(word) - 1])
        is_word = "a" <= word[0] <= "z" or kind_of(word[0]) == LETTER
        if is_word and start != before:  # else a second reading of the same word
            before = start
            kinds = [(char, kind_of(char)) for char in composed[start:end]]
            small = (lowered(char) if kind == LETTER else "'" for char, kind in kinds if kind in (LETTER, APOSTROPHE))
            yield "".join(small).lstrip("'")[:40].rstrip("'")


def weigh(word: str) -> list[float]:
    """How much one word speaks for each language, in the order of `lang.LANGUAGES`."""
    score = dict.fromkeys(lang.LANGUAGES, 0.0)
    for name in lang.VOCABULARY.get(word, ()):
        score[name] += lang.WORD_WORTH / len(lang.VOCABULARY[word])
    endings = (word[-length:] for length in (2, 3, 4, 5) if word not in lang.VOCABULARY and len(word) > 4)
    for name in (name for ending in endings for name in lang.ENDING.get(ending, ())):
        score[name] += lang.HINT_WORTH
    spellings = {"ky": [head + vowel * 2 for head in "кртсбдг" for vowel in "оуөү"], "uz": ["o'", "g'"]}
    for name, spelt in spellings.items():
        score[name] += lang.HINT_WORTH * sum(map(word.count, spelt))
    letters = set(word) & lang.SPECIAL.keys()
    for names in (lang.SPECIAL[letter] for letter in letters):
        for name in names:
            score[name] += lang.LETTER_WORTH / len(names) ** 2
    if any("а" <= letter <= "ё" for letter in word):
        score["ru"] += -lang.SPECIAL_COST if letters else lang.PLAIN_WORTH
    return list(score.values())


def votes(text: str) -> list[float]:
    """How much a post speaks for each language."""
    return [math.fsum(column) for column in zip(*map(weigh, ["", *written_words(text)]), strict=True)]


def detect(text: str) -> str:
    """Language of most of a post."""
    score = votes(text)
    best = max(range(len(score)), key=score.__getitem__)
    second = max(0.0, *(value for place, value in enumerate(score) if place != best))
    sure = score[best] >= lang.LEAST and score[best] >= lang.LEAD * second
    return lang.LANGUAGES[best] if sure else lang.UNKNOWN
