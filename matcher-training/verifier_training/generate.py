"""Makes labelled pairs: from the templates in domains.toml, and from any questions by rewriting."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from .data import Pair, fraction
from .rewrite import Rewriter

DOMAINS = Path(__file__).parent / "domains.toml"
UNSEEN_DOMAINS = ("law", "cooking")  # never trained on
SLOT = re.compile(r"\{(\w+?)(\d?)\}")
COUNTED = re.compile(r"\{(number|year|version|hour)")
TEST_SHARE = 0.25

KINDS = {
    "paraphrase": 9.0,
    "scope kept": 1.5,
    "exchanged": 1.5,
    "entity": 3.5,
    "number": 2.5,
    "aspect": 3.0,
    "opposite": 3.0,
    "order": 2.5,
    "scope": 2.0,
    "negation": 1.5,
    "unrelated": 0.5,
    "order kept": 0.0,
}
"""How often each kind of pair is made; see SAME for those that have the same answer."""

TRAINED_KINDS = KINDS | {"order": 4.0, "order kept": 2.5, "opposite": 4.0}
"""The same for training, with more of what is hard."""

SAME = ("paraphrase", "scope kept", "exchanged", "order kept")
ORDER = ("direction", "roles")  # kinds of rewrite after which the same words stand in another order
ORDER_FIRST = KINDS | {"order": 9.0, "order kept": 7.0, "exchanged": 4.0, "opposite": 6.0, "unrelated": 0.2}
"""More of what is hardest: pairs in which the same words stand in another order, and opposites."""


def expand(template: str, random: Random) -> str:
    """One way to read a template: see the head of domains.toml for its grammar."""
    text, _ = _read(template, 0, random)
    return re.sub(r"\s+", " ", text).strip()


def _read(template: str, at: int, random: Random) -> tuple[str, int]:
    options: list[str] = [""]
    while at < len(template) and template[at] != ")":
        if template[at] == "(":
            inner, at = _read(template, at + 1, random)
            options[-1] += inner
        elif template[at] == "|":
            options.append("")
            at += 1
        else:
            options[-1] += template[at]
            at += 1
    closed = at < len(template)
    at += 1
    if closed and len(options) == 1:
        if at < len(template) and template[at] == "?":
            at += 1
        return (options[0] if random.random() < 0.5 else ""), at
    return random.choice(options), at


class Generator:
    """Makes pairs from templates for one split: ``train``, or ``test`` with other words and templates."""

    def __init__(self, seed: int, split: str, domains: Sequence[str] | None = None) -> None:
        self.random = Random(f"{seed}/{split}")
        self.test = split == "test"
        self.rewriter = Rewriter(Random(f"{seed}/{split}/rewrite"), self.test)
        tables = tomllib.loads(DOMAINS.read_text(encoding="utf-8"))
        names = domains or [name for name in tables if name not in UNSEEN_DOMAINS]
        self.domains = {name: tables[name] for name in names}
        self.unseen = all(name in UNSEEN_DOMAINS for name in names)
        self.frames = [(domain, frame) for domain in self.domains for frame in self.domains[domain]["frames"]]
        self.fitting = {
            "order": [(d, f) for d, f in self.frames if f in self.domains[d]["ordered"]],
            "order kept": [(d, f) for d, f in self.frames if f in self.domains[d]["ordered"]],
            "exchanged": [(d, f) for d, f in self.frames if f in self.domains[d]["symmetric"]],
            "opposite": [(d, f) for d, f in self.frames if any(f in p for p in self.domains[d]["opposites"])],
            "number": [(d, f) for d, f in self.frames if COUNTED.search(self.domains[d]["frames"][f])],
        }

    def pairs(self, count: int, weighing: dict[str, float] = KINDS) -> list[Pair]:
        """That many pairs, of all kinds, with surface noise on some."""
        found: list[Pair] = []
        seen: set[tuple[str, str]] = set()
        kinds, weights = list(weighing), list(weighing.values())
        while len(found) < count:
            kind = self.random.choices(kinds, weights)[0]
            domain, frame = self.random.choice(self.fitting.get(kind, self.frames))
            made = self._make(domain, frame, kind)
            if made is None:
                continue
            first, second = made
            if self.random.random() < 0.5:
                first, second = second, first
            if self.random.random() < 0.35:
                first, second = self.rewriter.surface(first), self.rewriter.surface(second)
            if first == second or (first, second) in seen:
                continue
            seen.add((first, second))
            same = float(kind in SAME)
            found.append(Pair(first, second, same, f"generated {domain}", kind))
        return found

    def _make(self, domain: str, frame: str, kind: str) -> tuple[str, str] | None:
        table = self.domains[domain]
        symmetric, ordered = frame in table["symmetric"], frame in table["ordered"]
        first = self._wording(domain, frame)
        second = self._wording(domain, frame)
        if first is None or second is None:
            return None
        values = self._values(domain, first + second)
        if kind in ("paraphrase", "order kept"):
            return None if first == second else self._fill2(first, second, values, values)
        if kind == "exchanged":
            return self._fill2(first, second, values, _swapped(values)) if symmetric else None
        if kind == "order":
            if not ordered:
                return None
            if self.random.random() < 0.4:
                second = first
            return self._fill2(first, second, values, _swapped(values))
        if kind in ("entity", "number"):
            if self.random.random() < 0.5:
                second = first
            return self._changed(domain, first, second, values, kind)
        if kind == "aspect":
            others = [other for other in table["frames"] if other != frame and not _opposite(table, frame, other)]
            wanted = {name for name in SLOT.findall(first)}
            self.random.shuffle(others)
            for other in others:
                wording = self._wording(domain, other)
                if wording and wanted and set(SLOT.findall(wording)) == wanted:
                    return self._fill2(first, wording, values, values)
            return None
        if kind == "opposite":
            others = [pair for pair in table["opposites"] if frame in pair]
            if not others:
                return None
            other = others[0][1 - others[0].index(frame)]
            wording = self._wording(domain, other)
            if wording is None:
                return None
            for _ in range(4):  # the nearest of a few wordings is the hardest
                again = self._wording(domain, other)
                if again and _overlap(first, again) > _overlap(first, wording):
                    wording = again
            values = self._values(domain, first + wording)
            return self._fill2(first, wording, values, values)
        if kind in ("scope", "scope kept"):
            scopes = [s for s in table["scopes"] if (fraction(s, "scope") < TEST_SHARE) == self.test or self.unseen]
            if len(scopes) < 2:
                return None
            one, two = self.random.sample(scopes, 2)
            if kind == "scope kept":
                two = one
            elif self.random.random() < 0.4:
                two = ""
            filled = self._fill2(first, second, values, values)
            return self._scoped(filled[0], one), self._scoped(filled[1], two)
        if kind == "negation":
            filled = self._fill2(first, first if self.random.random() < 0.5 else second, values, values)
            changed = self.rewriter.negation(filled[1])
            return (filled[0], changed) if changed else None
        domain2, frame2 = self.random.choice(self.frames)
        other = self._wording(domain2, frame2)
        if other is None or frame2 == frame:
            return None
        return self._fill(first, values), self._fill(other, self._values(domain2, other))

    def _wording(self, domain: str, frame: str) -> str | None:
        for _ in range(12):
            text = expand(self.domains[domain]["frames"][frame], self.random)
            if self.unseen or (fraction(text, "wording") < TEST_SHARE) == self.test:
                return text
        return None

    def _values(self, domain: str, text: str) -> dict[str, str]:
        values: dict[str, str] = {}
        for name, number in sorted(set(SLOT.findall(text))):
            taken = {value for key, value in values.items() if key.rstrip("12") == name}
            values[name + number] = self._value(domain, name, taken)
        return values

    def _value(self, domain: str, name: str, taken: set[str]) -> str:
        for _ in range(50):
            value = self._draw(domain, name)
            if value not in taken:
                return value
        raise ValueError(f"{domain} has too few values for {name}")

    def _draw(self, domain: str, name: str) -> str:
        random = self.random
        if name == "number":
            return str(random.choice([random.randint(2, 30), random.randint(2, 12) * 10, random.randint(1, 9) * 100]))
        if name == "year":
            return str(random.choice(range(1900, 2024, 4)))
        if name == "version":
            return f"{random.randint(1, 20)}" + random.choice(["", f".{random.randint(0, 9)}"])
        if name == "hour":
            return f"{random.randint(1, 12)}{random.choice(['', ':15', ':30', ':45'])} {random.choice(['am', 'pm'])}"
        values = self.domains[domain]["slots"][name]
        usable = [v for v in values if self.unseen or (fraction(v, "filler") < TEST_SHARE) == self.test]
        return random.choice(usable if len(usable) >= 3 else values)

    def _changed(
        self, domain: str, first: str, second: str, values: dict[str, str], kind: str
    ) -> tuple[str, str] | None:
        builtin = ("number", "year", "version", "hour")
        slots = [key for key in values if (key.rstrip("12") in builtin) == (kind == "number")]
        slots = [key for key in slots if "{" + key + "}" in first and "{" + key + "}" in second]
        if not slots:
            return None
        slot = self.random.choice(slots)
        changed = dict(values)
        name = slot.rstrip("12")
        changed[slot] = self._value(domain, name, {v for k, v in values.items() if k.rstrip("12") == name})
        return self._fill2(first, second, values, changed)

    def _fill2(self, first: str, second: str, one: dict[str, str], two: dict[str, str]) -> tuple[str, str]:
        return self._fill(first, one), self._fill(second, two)

    def _fill(self, text: str, values: dict[str, str]) -> str:
        def value(match: re.Match[str]) -> str:
            return self.random.choice(values[match[1] + match[2]].split("/"))

        text = SLOT.sub(value, text)
        return text[:1].upper() + text[1:]

    def _scoped(self, text: str, scope: str) -> str:
        scope = self.random.choice(scope.split("/"))
        if not scope:
            return text
        end = text[-1] if text[-1] in "?." else ""
        body = text.rstrip("?.")
        if self.random.random() < 0.25:
            return f"{scope[:1].upper()}{scope[1:]}, {body[:1].lower()}{body[1:]}{end}"
        return f"{body} {scope}{end}"


def reorders(texts: Sequence[str], count: int, seed: int, split: str, source: str) -> list[Pair]:
    """Rewrites of the questions in which things can change places; where the answer is another, they do."""
    rewriter = Rewriter(Random(f"{seed}/{split}/{source}/order"), split == "test")
    fitting = [text for text in texts if rewriter.different(text, ORDER)]
    return rewrites(fitting, count, seed, split, source, ORDER) if fitting else []


def rewrites(
    texts: Sequence[str], count: int, seed: int, split: str, source: str, only: Sequence[str] = ()
) -> list[Pair]:
    """Pairs of a question and its rewrite, a little under half with the same answer.

    Where the answer is another, the change is of one of the kinds in ``only``, or of any kind.
    """
    random = Random(f"{seed}/{split}/{source}")
    rewriter = Rewriter(Random(f"{seed}/{split}/{source}/rewrite"), split == "test")
    found: list[Pair] = []
    for text in _endless(texts, random, count * 6):
        if len(found) == count:
            break
        if not 15 <= len(text) <= 140:
            continue
        same = random.random() < 0.45
        first = second = text
        kind = "reworded"
        if same:
            changed = rewriter.same(second)
            if changed is None:
                continue
            second = changed
        else:
            if random.random() < 0.4:  # a change of wording must not look like a change of meaning
                second = rewriter.same(second) or second
            near = rewriter.different(second, only)
            if near is None:
                continue
            second, kind = near
        if random.random() < 0.3:
            second = rewriter.surface(second)
        if random.random() < 0.5:
            first, second = second, first
        if first.lower() != second.lower():
            found.append(Pair(first, second, float(same), f"rewritten {source}", kind))
    return found


def _endless(texts: Sequence[str], random: Random, most: int) -> Iterator[str]:
    for _ in range(most):
        yield random.choice(texts)


def _swapped(values: dict[str, str]) -> dict[str, str]:
    swapped = dict(values)
    for key in values:
        if key.endswith("1") and key[:-1] + "2" in values:
            swapped[key], swapped[key[:-1] + "2"] = values[key[:-1] + "2"], values[key]
    return swapped


def _opposite(table: dict[str, Any], first: str, second: str) -> bool:
    return [first, second] in table["opposites"] or [second, first] in table["opposites"]


def _overlap(first: str, second: str) -> float:
    one, two = set(first.lower().split()), set(second.lower().split())
    return len(one & two) / len(one | two)
