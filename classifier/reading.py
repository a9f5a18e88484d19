"""A coloured reading of why a post scored as it did, for the terminal."""

from __future__ import annotations

from typing import Any, Final

from rich.console import Console
from rich.text import Text

from classifier.model import Classifier, LabelScore, Score

FOR, AGAINST = "bold red", "bold green"
STRONG: Final = 0.5  # share of the strongest word from which a word is underlined as well
SHOWN_OF_NEAR: Final = 160  # characters of a similar post
NOTE: Final = "A flag asks a person to look; it is no evidence of an offence."


def visible(text: str) -> str:
    """Control and direction characters as their code points, so that a hostile text cannot steer the terminal."""
    return "".join(char if char.isprintable() or char in "\n\t" else f"[U+{ord(char):04X}]" for char in text)


def marked(text: str, evidence: dict[str, Any]) -> Text:
    """The post with the words that speak for a label in red, against it in green."""
    strongest = max((abs(span["weight"]) for span in evidence["spans"]), default=0.0)
    out, at = Text(), 0
    for span in evidence["spans"]:
        style = FOR if span["weight"] > 0 else AGAINST
        if abs(span["weight"]) >= STRONG * strongest:
            style += " underline"
        out.append(visible(text[at : span["start"]])).append(visible(text[span["start"] : span["end"]]), style)
        at = span["end"]
    return out.append(visible(text[at:]))


def verdict(label: str, score: LabelScore) -> Text:
    """One line: label, probability, threshold and what follows from them."""
    word = "possible appeal, for a person to review" if score.flagged else "below the threshold"
    doubt = f"  (uncertain: {score.reason})" if score.reason else ""
    line = Text(f"{label}  ", "bold").append(f"{score.probability:.1%}", "bold yellow" if score.flagged else "")
    return line.append(f"  threshold {score.threshold:.1%}: {word}{doubt}")


def sum_line(evidence: dict[str, Any]) -> str:
    """How the margin adds up."""
    words = sum(span["weight"] for span in evidence["spans"]) + evidence["other"]
    cues = sum(cue["weight"] for cue in evidence["cues"])
    return f"margin {evidence['margin']:+.2f} = bias {evidence['bias']:+.2f} + words {words:+.2f} + cues {cues:+.2f}"


def without_line(evidence: dict[str, Any]) -> str:
    """What the flag hangs on."""
    dropped = evidence["counterfactual"]
    if dropped is None:
        return "no few words carry this flag"
    words = ", ".join(visible(span["text"]) for span in dropped["spans"])
    return f"not flagged without: {words} ({dropped['probability']:.1%})"


def nearest_line(near: dict[str, Any]) -> Text:
    """A labelled post that the post is like."""
    labels = ", ".join(label for label, value in near["labels"].items() if value) or "neither label"
    line = Text(f"similar labelled post ({near['similarity']:.0%}, {near['category']}, {labels}): ", "dim")
    return line.append(visible(near["text"][:SHOWN_OF_NEAR]))


def reading(classifier: Classifier, text: str, result: Score) -> None:
    """Print one post's scores and reasons."""
    console = Console(highlight=False, soft_wrap=True)
    meanings = {cue.name: cue.description["en"] for cue in classifier.cues.cues}
    console.print(Text(f"language: {result.detected_lang}   model: {classifier.name} {classifier.version}", "dim"))
    if result.resembles:
        likest = ", ".join(f"{one['category']} {one['share']:.0%}" for one in result.resembles)
        console.print(Text(f"reads most like: {likest}", "dim"))
    for label, score in result.labels.items():
        evidence = (result.evidence or {})[label]
        console.print(verdict(label, score))
        console.print(Text("  ").append_text(marked(text, evidence)))
        for cue in evidence["cues"]:
            style = FOR if cue["weight"] > 0 else AGAINST
            console.print(Text(f"  {cue['weight']:+.2f} ", style).append(f"{cue['cue']}: {meanings[cue['cue']]}"))
        console.print(Text(f"  {sum_line(evidence)}", "dim"))
        if score.flagged:
            console.print(Text(f"  {without_line(evidence)}"))
    for near in result.nearest or []:
        console.print(nearest_line(near))
    console.print(Text(NOTE, "dim italic"))
