"""A folder of generated documents in two editions, with the edition's mark in every sentence.

From the first edition to the second some documents change, some stay, some go and some are new; whoever reads
an answer sees which edition each of its sentences is from. The same arguments always give the same bytes.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Fate = Literal["changed", "kept", "removed", "added"]
MARKS = ("amber", "cobalt")  # of the first edition and of the second
FATES: tuple[Fate, ...] = ("changed", "kept", "changed", "removed", "changed", "added")
SUFFIXES = (".md", ".txt", ".csv")
SYLLABLES = (
    "bra cle dro fle gri hul jam kel lum mir nor plo qui ros ste tri var wes yul zed chi dal fen gor hes kip "
    "lok mun pel rix sov tam"
).split()
PARTS = "filter lid pump valve sensor hose battery charger brush tank motor cable button display hinge seal".split()
DEEDS = "rinse replace tighten inspect drain polish unplug reset align soak dry store".split()
TIMES = "week month season fortnight quarter year".split()


@dataclass(frozen=True, slots=True)
class Paper:
    """One generated document."""

    number: int
    fate: Fate

    @property
    def name(self) -> str:
        return f"{self.number:03}{SUFFIXES[self.number % len(SUFFIXES)]}"

    @property
    def product(self) -> str:
        """A word that no other document holds."""
        return (SYLLABLES[self.number % 16] + SYLLABLES[self.number // 16 % 16 + 16] + "on").capitalize()

    def in_edition(self, edition: int) -> bool:
        return self.fate != ("added", "removed")[edition]

    def mark(self, edition: int) -> str:
        return MARKS[0 if self.fate == "kept" else edition]

    def question(self) -> str:
        return f"How often should I service the {PARTS[self.number % len(PARTS)]} of my {self.product}?"

    def text(self, edition: int, sections: int) -> str:
        """The file's content."""
        written = [self._section(edition, number) for number in range(sections)]
        if self.name.endswith(".csv"):
            return "Question,Answer\n" + "".join(f'"{title}?","{body}"\n' for title, body in written)
        if self.name.endswith(".md"):
            return f"# {self.product}\n\n" + "\n\n".join(f"## {title}\n\n{body}" for title, body in written)
        return "\n\n".join(f"{title.upper()}\n\n{body}" for title, body in written)

    def _section(self, edition: int, number: int) -> tuple[str, str]:
        chosen = random.Random(f"{self.number}/{edition if self.fate == 'changed' else 0}/{number}")
        part = PARTS[(self.number + number) % len(PARTS)]
        said = [
            f"In the {self.mark(edition)} edition you {chosen.choice(DEEDS)} the {part} of the {self.product} "
            f"every {chosen.randint(2, 90)} {chosen.choice(TIMES)}s."
            for _ in range(2)
        ]
        return f"The {part} of the {self.product} {number}", " ".join(said)


def papers(count: int) -> list[Paper]:
    """`count` documents whose fates take turns."""
    return [Paper(number, FATES[number % len(FATES)]) for number in range(count)]


def write_edition(folder: Path, some: list[Paper], edition: int, sections: int) -> None:
    """Bring `folder` to `edition`: files written, rewritten, left alone and removed."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in some:
        path = folder / each.name
        if not each.in_edition(edition):
            path.unlink(missing_ok=True)
        elif edition == 0 or each.fate != "kept":
            path.write_text(each.text(edition, sections), encoding="utf-8")
