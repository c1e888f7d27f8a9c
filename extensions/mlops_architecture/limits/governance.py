"""Versioning and governance: section H."""

from .data import C7_AI_ACT_LOG_MONTHS, C7_AI_ACT_YEARS, C7_CREDIT_MONTHS

H3_COOLING_HOURS = 24
"""Between a lone author's work and their approval. [J]"""

H7_DIFFERENCE = 1e-6
"""Of two predictions of the same snapshot and seed."""
H7_STANDARD_ERRORS = 1
"""The same for metrics, with threads."""

H8_YEARS = C7_AI_ACT_YEARS
H8_LOG_MONTHS = C7_AI_ACT_LOG_MONTHS

H9_BILLION_DOLLARS = 30
"""Assets of the banks that SR 26-2 is mainly meant for."""

H11_MONTHS = C7_CREDIT_MONTHS
H11_REASONS = 4
"""More reasons for one decision are not likely to help, says the commentary on Reg B. [K]"""
