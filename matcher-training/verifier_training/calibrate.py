"""Fits probabilities to scores: logistic regression on one number (Platt scaling)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def fit(scores: Floats, same: Floats, weights: Floats | None = None) -> tuple[float, float]:
    """(bias, scale) such that ``bias + scale * score`` is the log-odds of being the same."""
    design = np.stack([np.ones(len(scores)), np.asarray(scores, np.float64)], axis=1)
    weights = np.ones(len(scores)) if weights is None else weights
    found = np.zeros(2)
    for _ in range(50):
        chance = 1 / (1 + np.exp(-design @ found))
        slope = design.T @ (weights * (same - chance)) - 1e-6 * found
        curve = (design * (weights * chance * (1 - chance))[:, None]).T @ design + 1e-6 * np.eye(2)
        found = found + np.linalg.solve(curve, slope)
    return float(found[0]), float(found[1])
