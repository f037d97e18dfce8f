"""Makes pairs of a question and its echo: the same question with a typing error or in slightly other words.

Without them a verifier learns that nearly equal questions differ in what matters, since most nearly
equal pairs that it is shown do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from .data import Pair

# Ways to open a question that may stand for each other, whatever follows.
OPENINGS = (
    ("How do I ", "How can I ", "How could I ", "How would I ", "How to ", "What is the way to ", "how do i ", "How should I "),
    ("Can I ", "Could I ", "Am I able to ", "Is it possible to ", "Is it possible for me to ", "can i "),
    ("What is ", "What's ", "Tell me what is ", "Can you tell me what is ", "what is ", "Whats "),
    ("What are ", "Which are ", "What're ", "Tell me what are ", "what are "),
    ("Why is ", "Why's ", "For what reason is ", "How come that "),
    ("Where is ", "Where's ", "where is "),
    ("Do you ", "do you ", "Could you tell me if you ", "Please tell me, do you "),
    ("Is it ", "Is this ", "is it "),
    ("I want to ", "I'd like to ", "I would like to ", "i want to ", "I wish to "),
    ("How much ", "how much "),
    ("Show me ", "Please show me ", "Can you show me ", "Let me see "),
)  # fmt: skip
BEFORE = ("Please tell me: ", "Hi, ", "Hello! ", "Quick question: ", "Excuse me, ", "I wonder: ", "Hey, ")
AFTER = (" please", " Thanks!", " Thank you.", " exactly", " Can you help?")
ARTICLE = re.compile(r" (the|a|an) ")
LONG = re.compile(r"[a-z]{5,}")


class Echoes:
    """Makes echoes of questions, all of which have the same answer."""

    def __init__(self, seed: int) -> None:
        self.random = Random(f"{seed}/echoes")

    def pairs(self, texts: Sequence[str], count: int) -> list[Pair]:
        """So many pairs of different texts, as far as there are echoes of them."""
        found = []
        for text in self.random.sample(list(texts), len(texts)):
            echo = self.echo(text)
            if len(found) < count and (echo != text or self.random.random() < 0.5):
                pair = (text, echo) if self.random.random() < 0.5 else (echo, text)
                found.append(Pair(*pair, 1.0, "echoes", "echo"))
        return found

    def echo(self, text: str) -> str:
        """The text, another way to write it, or both its opening and its spelling changed."""
        changed = self._opening(text) if self.random.random() < 0.75 else text
        if changed == text or self.random.random() < 0.3:
            changed = self.random.choice([self._typing, self._article, self._case, self._around])(changed)
        return changed

    def _opening(self, text: str) -> str:
        for openings in OPENINGS:
            known = next((opening for opening in openings if text.startswith(opening)), None)
            if known:
                return self.random.choice(openings) + text[len(known) :]
        return text

    def _typing(self, text: str) -> str:
        words = list(LONG.finditer(text))
        if not words:
            return text
        word = self.random.choice(words)
        at = self.random.randrange(word.start() + 1, word.end() - 2)
        kind = self.random.randrange(3)
        if kind == 0:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        return text[:at] + text[at + 1 :] if kind == 1 else text[:at] + text[at] + text[at:]

    def _article(self, text: str) -> str:
        return ARTICLE.sub(" ", text, count=1)

    def _case(self, text: str) -> str:
        return text.lower().rstrip("?.!")

    def _around(self, text: str) -> str:
        if self.random.random() < 0.6:
            return self.random.choice(BEFORE) + text[0].lower() + text[1:] if text[:2] != "I " else text
        return text.rstrip("?.!") + self.random.choice(AFTER)
