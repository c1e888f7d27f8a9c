"""Data plan: section C."""

C1_FRESH_HOURS = 1
"""Age of a feature below which streaming may pay. [K]"""

C2_SNAPSHOT_GB = 2
"""Largest snapshot that every run copies. [J]"""
C2_MONTHLY_GB = 50
"""Largest sum of a month's snapshots. [J]"""
C2_FILES_GB = 100
"""Most that stands beside git with DVC. [K]"""
C2_LAKE_TB = 1
"""Object store from which branches without copies pay. [K]"""
C2_LAKE_TEAMS = 3
"""[K]"""
C2_LAKE_PEOPLE = 15
"""Team above which three teams are taken to branch the data. [J]"""
C2_VACUUM_DAYS = 7
"""Days after which Delta's VACUUM removes old files by default."""

C3_MACHINE_GB = 16
"""Memory of the machine that is reckoned with. [J]"""
C3_LEAST_RAM_PER_TABLE = 5
C3_MOST_RAM_PER_TABLE = 10
"""RAM that pandas takes, as a multiple of the table."""
C3_PANDAS_GB = 1.5
"""In memory: about a tenth of the machine. [J]"""
C3_SPILL_RAMS = 10
"""Size in memory that DuckDB works through by spilling, as a multiple of the machine. [J]"""
C3_ONE_MACHINE_GB = C3_SPILL_RAMS * C3_MACHINE_GB
C3_SPARK_TB = 1
"""Scanned per run, without a warehouse to push it down to. [J]"""
C3_SPARK_GB = 100
"""Table below which Spark is refused even where it is run already. [J]"""
C3_TRAINING_ROWS = 2_000_000
"""Rows that training takes of a table that pandas does not hold. [J]"""
C3_CHUNK_ROWS = 100_000
"""Rows that batch scoring holds at a time. [J]"""

C5_NEARLY_NUMBERS = 0.95
"""Share of numbers from which a text column is one of numbers with something among them. [J]"""
C5_MISSING_WARN_FACTOR = 2
"""Times the reference share. [J]"""
C5_MISSING_WARN_POINTS = 0.02
"""[J]"""
C5_MISSING_FAIL_FACTOR = 3
"""Times the reference share. [J]"""
C5_MISSING_FAIL_POINTS = 0.10
"""[J]"""
C5_RANGE_WARN_SHARE = 0.001
"""[J]"""
C5_RANGE_FAIL_SHARE = 0.01
"""[J]"""
C5_AGE_WARN_PERIODS = 1.5
"""Age in periods of the cadence. [J]"""
C5_AGE_FAIL_PERIODS = 3
"""[J]"""
C5_VOLUME_WARN_CHANGE = 0.30
"""Change against the trailing median, up or down. [J]"""
C5_VOLUME_FAIL_LEAST = 0.50
"""Share of the trailing median. [J]"""
C5_VOLUME_FAIL_MOST = 2.00
"""[J]"""
C5_DUPLICATE_WARN_SHARE = 0.01
"""Exact duplicate rows. [J]"""
C5_RATE_WARN_ERRORS = 3
"""Move of a class's share in binomial standard errors. [J]"""
C5_RATE_FAIL_FACTOR = 3
"""Times or divided by. [J]"""
C5_LEAK_WARN_AUC = 0.90
"""One feature alone. [J]"""
C5_LEAK_WARN_R2 = 0.80
"""[J]"""
C5_LEAK_FAIL_AUC = 0.95
"""[J]"""
C5_LEAK_FAIL_R2 = 0.95
"""[J]"""
C5_LATER_SHARE = 0.50
"""Rows in which a time that never precedes the event lies after it. [J]"""
C5_FEWEST_BATCHES = 4
C5_MOST_BATCHES = 8
"""Batches on which the gates are calibrated. [J]"""
C5_FEWEST_ROWS = 30
"""Rows of a table that can be checked at all. [J]"""
C5_REPEATED_KEYS_FACTOR = 1.5
"""Times the repeated keys of the table that was designed for. [J]"""
C5_REJECTED_SHARE = 0.05
"""Rows that a batch may set aside. [J]"""
C5_HOTEL_STATUS_AUC = 1.000
"""A leaked status in hotel bookings: found by its AUC. [M]"""
C5_HOTEL_DATE_AUC = 0.892
"""The date of that status, a leak too: missed by its AUC. [M]"""
C5_HOTEL_DUPLICATE_SHARE = 0.32
"""[M]"""
C5_HOTEL_AUC = 0.973
"""Random split, duplicates in it. [M]"""
C5_HOTEL_AUC_WITHOUT_DUPLICATES = 0.955
"""[M]"""

C6_HIPAA_IDENTIFIERS = 18
"""Identifiers to remove under Safe Harbor. [K]"""

C7_NO_DUTY_MONTHS = 13
"""One seasonal year and a month, for raw data and predictions. [J]"""
C7_LAST_MODELS = 3
"""Production models kept. [J]"""
C7_PERSONAL_MONTHS = 24
"""Raw personal data: the law states no number. [J]"""
C7_PURPOSE_MONTHS = 36
"""A longer purpose of one's own, in writing. [J]"""
C7_HIPAA_YEARS = 6
C7_HIPAA_MONTHS = 12 * C7_HIPAA_YEARS
C7_PCI_MONTHS = 12
C7_PCI_AT_HAND_MONTHS = 3
C7_CREDIT_MONTHS = 25
C7_BUSINESS_CREDIT_MONTHS = 12
C7_AI_ACT_YEARS = 10
"""Technical documentation of a high-risk system."""
C7_AI_ACT_MONTHS = 12 * C7_AI_ACT_YEARS
C7_AI_ACT_LOG_MONTHS = 6

C8_ERASURE_DAYS = 30
"""[K]"""
