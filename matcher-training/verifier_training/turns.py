"""Makes pairs that differ in one word, or in who does what to whom, from the families in turns.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from random import Random

from .data import Pair
from .readings import letters

TURNS = Path(__file__).parent / "turns.toml"
SLOT = re.compile(r"\{(\w)\}")
SAME_SHARE = 0.42
OTHER_WORD_SHARE = 0.25  # of the different pairs: the same sense with another filler


class Turns:
    """Makes labelled pairs: the same sense in other words, another sense, or another filler."""

    def __init__(self, seed: int) -> None:
        self.random = Random(f"{seed}/turns")
        self.families = tomllib.loads(TURNS.read_text(encoding="utf-8"))

    def pairs(self, count: int) -> list[Pair]:
        """So many different pairs."""
        found: list[Pair] = []
        seen: set[tuple[str, str]] = set()
        names = list(self.families)
        while len(found) < count:
            name = self.random.choice(names)
            pair = self._pair(name)
            if letters(pair.cached) != letters(pair.asked) and (pair.cached, pair.asked) not in seen:
                seen.add((pair.cached, pair.asked))
                found.append(pair)
        return found

    def _pair(self, name: str) -> Pair:
        senses, fillers = self.families[name]["senses"], self._fillers(name)
        sense = self.random.choice(list(senses))
        first = self.random.choice(senses[sense])
        if self.random.random() < SAME_SHARE:
            second, others, kind = self.random.choice(senses[sense]), fillers, "turn kept"
        elif self.random.random() < OTHER_WORD_SHARE and SLOT.search(first):
            second, others, kind = self.random.choice(senses[sense]), self._other(name, fillers, first), "turn word"
        else:
            other = self.random.choice([s for s in senses if s != sense])
            # As a rule the wording that is most like the first one: one word is all that differs.
            wordings = senses[other]
            place = senses[sense].index(first)
            likeliest = wordings[place] if place < len(wordings) else wordings[0]
            second = likeliest if self.random.random() < 0.6 else self.random.choice(wordings)
            others, kind = fillers, "turn"
        cached, asked = self._fill(first, fillers), self._fill(second, others)
        if kind == "turn word" and not set(SLOT.findall(first)) & set(SLOT.findall(second)):
            return self._pair(name)
        return Pair(cached, asked, float(kind == "turn kept"), f"turns {name}", kind)

    def _fillers(self, name: str) -> dict[str, str]:
        words = self.families[name]["words"]
        chosen = {slot: self.random.choice(values) for slot, values in words.items()}
        if "pair" in chosen:
            chosen["a"], chosen["b"] = chosen.pop("pair").split("|")
        for together in (("v", "p"), ("c", "d"), ("m", "l")):
            if all(slot in words for slot in together) and len({len(words[slot]) for slot in together}) == 1:
                place = self.random.randrange(len(words[together[0]]))
                chosen |= {slot: words[slot][place] for slot in together}
        if name == "one-all":
            chosen["p"] = words["p"][words["a"].index(chosen["a"])]
        if "c" in chosen:
            chosen["C"] = chosen["c"].capitalize()
        return chosen

    def _other(self, name: str, fillers: dict[str, str], wording: str) -> dict[str, str]:
        """Other fillers, of which at least one that the wording uses differs."""
        used = SLOT.findall(wording)
        while True:
            slot = self.random.choice(used)
            others = self._fillers(name)
            if others[slot] != fillers[slot]:
                return fillers | {slot: others[slot]} if slot in "abnod" and len(fillers) < 5 else others

    def _fill(self, wording: str, fillers: dict[str, str]) -> str:
        text = SLOT.sub(lambda found: fillers[found.group(1)], wording)
        chance = self.random.random()
        if chance < 0.2:
            return text[0].lower() + text[1:]
        return text.rstrip("?.") if chance < 0.35 else text
