"""Questions for the benches: the same ones each time, of the length that people write."""

from __future__ import annotations

import random

_BEGINNINGS = (
    "How do you measure",
    "What would you say to those who doubt",
    "Could you tell more about",
    "Is there any experience with",
    "Who pays for",
    "What comes after",
    "How long will it take until we have",
    "Why did you decide against",
    "Which partners take care of",
    "Do the new rules change",
    "Can a small firm afford",
)
_THINGS = (
    "the recovery of solvents",
    "the pilot plant",
    "the catalyst",
    "the platform for training",
    "the safety of the workers",
    "the energy that the process needs",
    "the data of the sensors",
    "the waste water",
    "recycled carbon fibres",
    "the support from the region",
    "the life of the membranes",
    "standards for the digital twin",
    "the cost of hydrogen",
)
_ENDINGS = (
    "when the prices go up again",
    "in a plant that was built thirty years ago",
    "compared with what Denmark does",
    "without a partner from industry",
    "if the funding ends next year",
    "in regions with few engineers",
    "once it leaves the laboratory",
    "for people who work in shifts",
    "at the scale of a whole city",
)


def texts(count: int, seed: int = 7) -> list[str]:
    """About 120 characters each; one in eight is another wording of an earlier one."""
    chance = random.Random(seed)
    made: list[str] = []
    for n in range(count):
        if made and n % 8 == 0:
            words = chance.choice(made).split()
            words[chance.randrange(len(words))] = chance.choice(("really", "actually", "today"))
            made.append(" ".join(words))
            continue
        text = f"{chance.choice(_BEGINNINGS)} {chance.choice(_THINGS)} {chance.choice(_ENDINGS)}"
        while len(text) < chance.randint(60, 170):
            text += f", and {chance.choice(_THINGS)} {chance.choice(_ENDINGS)}"
        made.append(f"{text} ({chance.randrange(10**6):x})?")
    return made
