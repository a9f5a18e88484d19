"""Find cues: one walk down the pattern trie from the start of every word."""

from __future__ import annotations

from typing import Any

import numpy as np

from classifier.kernels.compiled import Symbols, compiled
from classifier.kernels.grams import word_stop
from classifier.kernels.letters import SPACE


@compiled
def find_cues(sym: Symbols, n: int, trie: Any, found: Symbols) -> tuple[int, Symbols]:
    """Walk the cue trie from the start of every word; rows of `found` are (cue, start, end) in symbols."""
    count, edge_at, edges = 0, trie.edge_at, trie.edges
    stack = np.empty((trie.depth, 2), np.int32)
    for i in range(1, n):
        if sym[i - 1] != SPACE:
            continue
        stack[0, 0], stack[0, 1] = 0, i
        top = 1
        while top:
            top -= 1
            node, p = stack[top, 0], stack[top, 1]
            if sym[p] == SPACE:
                for k in range(trie.accept_at[node], trie.accept_at[node + 1]):
                    if count == len(found):
                        found = np.concatenate((found, np.empty_like(found)))
                    found[count, 0], found[count, 1], found[count, 2] = trie.accepts[k], i, p
                    count += 1
            if trie.star[node] >= 0:
                stack[top, 0], stack[top, 1] = trie.star[node], word_stop(sym, p)
                top += 1
            if p + 1 < n:
                lo, hi = edge_at[node], edge_at[node + 1]
                while lo < hi:  # binary search; written out, since a call here would count references
                    middle = (lo + hi) >> 1
                    if edges[middle] < sym[p]:
                        lo = middle + 1
                    else:
                        hi = middle
                if lo < edge_at[node + 1] and edges[lo] == sym[p]:
                    stack[top, 0], stack[top, 1] = trie.targets[lo], p + 1
                    top += 1
    return count, found
