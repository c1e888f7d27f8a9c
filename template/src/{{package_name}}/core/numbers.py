"""Numbers as people read them."""

from __future__ import annotations


def shown(value: float | None) -> str:
    """The three digits that matter, for people: 58,722, 12.3, 0.675, 0.0042."""
    if value is None:
        return "undefined"
    if abs(value) >= 999.5:
        return f"{value:,.0f}"
    return f"{value:.3f}" if 0.1 <= abs(value) < 1 else f"{value:.3g}"


def with_bounds(value: float | None, low: float | None, high: float | None) -> str:
    """A value with the bounds of its interval where it has them: 0.404 [0.377, 0.433]."""
    if low is None or high is None:
        return shown(value)
    return f"{shown(value)} [{shown(low)}, {shown(high)}]"
