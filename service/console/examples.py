"""Posts to try, invented for the page: hard cases of the labelling guide."""

from __future__ import annotations

from dataclasses import dataclass

from service.console.language import N_


@dataclass(frozen=True)
class Example:
    """A post to try."""

    name: str
    text: str


EXAMPLES = (
    Example(
        N_("An offer, in Russian"),
        "Вчера сам подписал контракт. Два миллиона сразу, паспорт любой, отряд свой.\n"
        "Дома сидят только слабаки 😏 Кто со мной на фронт — пишите в личку, номер в профиле.",
    ),
    Example(
        N_("A warning that quotes one"),
        "The ministry warns: if somebody writes “contract, two million, any passport”, it is a recruiter.\n"
        "Do not reply, report the message. Fighting in a foreign war is a crime.",
    ),
    Example(
        N_("A claim, in Kazakh"),
        "Солтүстік әрқашан біздікі болған, үйіне қайтады. Референдум өткізетін уақыт келді емес пе?",
    ),
)
