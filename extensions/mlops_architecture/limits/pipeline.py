"""Facts and maturity level: sections A and B."""

A1_DIFFERENCE = 0.20
"""Stated and measured are both shown where they differ by more, relative to the stated. [J]"""

A1_FEWEST_STEPS = 100
"""Steps of its event time that a table spans before a label delay is derived from them. [J]"""

A3_BYTES_PER_VALUE = 8
A3_SIZE_OVERHEAD = 1.3
"""Bytes of a table over those of its values. [J]"""
A3_SIZE_FACTOR = 10
"""Sizes, stated and estimated, that are further apart than this factor are of two tables. [J]"""
A3_MEMORY_PER_SIZE = 3
"""Bytes in memory for each byte of the table. [J]"""
A3_UNKNOWN_LEVEL_PARAMETERS = 5
"""Parameters of a category whose levels nobody counted. [J]"""
A3_MINORITY_SHARE = 0.20
"""Share of the rarer class below which a table is imbalanced. [J]"""

B2_COMMITTERS = 3
"""[J]"""
B2_MODELS = 3
B2_RELEASES_PER_MONTH = 1
"""[J]"""
B2_WEEKS = 13
"""Weeks from level 1 to level 2. [J]"""

B3_LEVEL = 2
"""Level to be operated before level 3. [J]"""
B3_MONTHS = 3
"""Months operated at that level. [J]"""
B3_MODELS = 5
"""Models that nobody follows by hand. [J]"""
B3_RETRAIN_DAYS = 7
"""Interval of retraining that is too short for a person. [J]"""

B4_LEVELS = 1
"""Levels that may be climbed at a time."""
