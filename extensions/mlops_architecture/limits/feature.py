"""Feature plan: section D."""

D1_SKEWNESS = 2
"""[J]"""
D1_TOP_SHARE = 0.01
"""The tail that is held against the median. [J]"""
D1_TAIL_RATIO = 10
"""Times the median. [J]"""

D2_ONE_HOT_LEVELS = 15
D2_GROUPED_LEVELS = 50
"""Levels up to which rare ones are grouped, and those of a column are listed. [J]"""
D2_GROUP_ROWS = 20
"""Rows below which a level is rare. [J]"""
D2_GROUP_SHARE = 0.01
"""[J]"""
D2_ROWS_PER_LEVEL = 20
"""Average below which target codes are noise."""
D2_NATIVE_LEVELS = 255
"""Levels that histogram trees take by themselves. [M]"""
D2_KEPT_LEVELS = 250
"""Levels kept of more than that, the others being one. [M]"""
D2_FEWEST_HASH_BITS = 12
D2_MOST_HASH_BITS = 16
"""Columns of a hashed vocabulary, as powers of two. [K]"""
D2_DISTINCT_SHARE = 0.50
"""Distinct values among the rows above which text has too many levels. [J]"""

D3_INDICATOR_SHARE = 0.01
D3_MOSTLY_MISSING = 0.60
"""[J]"""
D3_DROPPED_SHARE = 0.95
"""Missing share above which a column goes. [J]"""
D3_USELESS_INDICATOR_AUC = 0.52
"""[J]"""
D3_USEFUL_INDICATOR_AUC = 0.55
"""[J]"""

D4_ONE_VALUE_SHARE = 0.995
D4_CASES_PER_FEATURE = 10

D6_AGGREGATE_MS = 100
"""Time within which precomputed aggregates are read. [J]"""
D6_MODELS = 3
"""[J]"""
D6_FEATURES = 10
"""Features that the models share. [J]"""

D7_LEAKAGE_PAPERS = 294
D7_LEAKAGE_FIELDS = 17
D7_LEAKAGE_TYPES = 8

D8_RAW_AP = 0.42
"""Weather, average precision forward in time, with raw month and day. [M]"""
D8_WITHOUT_RAW_AP = 0.52
"""The same without them. [M]"""
D8_CYCLES = 3
"""Seasonal cycles in the table from which raw parts may serve. [M]"""
