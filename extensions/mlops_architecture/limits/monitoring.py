"""Monitoring and drift: section G, with the incidents (G9) and the hold-out of red flag RF34."""

G1_WASSERSTEIN = 0.1
"""Distance in standard deviations of the reference. [M]"""
G1_FALSE_DISCOVERY = 0.01
"""q of Benjamini and Hochberg, beside the distance. [M]"""
G1_TOTAL_VARIATION = 0.1
"""[M]"""
G1_CHI_SQUARED_P = 0.001
"""[M]"""
G1_EXPECTED_CASES = 5
"""Levels with fewer are merged. [M]"""
G1_NAIVE_P = 0.05
"""Significance of a test that is used alone."""
G1_NAIVE_FEATURES = 30
G1_NAIVE_FALSE_ALARMS = 0.79
"""Runs with one false alarm at least, at that significance. [M]"""
G1_FALSE_ALARMS = 0.07
"""Two keys on 30 features: runs with a false alarm, at most. [M]"""
G1_LEAST_KS_FALSE_ALARMS = 0.64
G1_MOST_KS_FALSE_ALARMS = 0.85
"""Kolmogorov-Smirnov alone. [M]"""
G1_LEAST_DISTANCE_FALSE_ALARMS = 0.65
G1_MOST_DISTANCE_FALSE_ALARMS = 1.0
"""Wasserstein alone, up to 500 rows. [M]"""
G1_LEAST_LARGE_DISTANCE_FALSE_ALARMS = 0.07
G1_MOST_LARGE_DISTANCE_FALSE_ALARMS = 0.13
"""Wasserstein alone, 1,000 rows. [M]"""
G1_MASS_MOVED = 0.15
G1_MASS_POWER = 0.84
G1_MASS_ROWS = 200
"""Two keys see such a move in so many cases from so many rows. [M]"""
G1_KS_ROWS = 100_000
G1_KS_SHIFT = 0.02
G1_KS_FLAGGED = 0.98
"""Kolmogorov-Smirnov alone, on a shift that matters to nobody. [M]"""
G1_PSI_WATCH = 0.1
G1_PSI_ALARM = 0.25
"""The usual limits of the index, whatever the number of rows."""
G1_PSI_BINS = 10
G1_PSI_FALSE_ALARMS_200 = 0.35
"""PSI above 0.1 with nothing moved, 200 rows against 200. [M]"""
G1_PSI_FALSE_ALARMS_100 = 0.46
"""100 rows against 1,000. [M]"""
G1_PSI_OF_SHIFT = 0.038
"""PSI of a real shift of 0.2 deviations. [M]"""
G1_LIBRARY_ROWS = 1_000
"""Reference rows above which Evidently changes its tests; fewer flag by themselves. [M]"""
G1_LEAST_LIBRARY_FLAGGED = 0.38
G1_MOST_LIBRARY_FLAGGED = 1.0
"""Columns flagged with nothing moved, by its defaults on fewer rows. [M]"""

G2_FEWEST_ROWS = 500
"""[M]"""
G2_PREFERRED_ROWS = 1_000
"""[M]"""
G2_AMPLE_ROWS = 5_000
"""[M]"""
G2_SHORT_WINDOWS = 3
"""Windows in a row that stay too short before their size is changed. [J]"""
G2_SHIFT = 0.2
G2_LARGER_SHIFT = 0.3
G2_LARGEST_SHIFT = 0.5
"""Shifts in standard deviations for which the power is known."""
G2_POWER_200 = 0.13
"""Share of such shifts that 200 rows show. [M]"""
G2_LARGER_POWER_200 = 0.50
"""[M]"""
G2_POWER_500 = 0.57
"""[M]"""
G2_LARGER_POWER_500 = 0.99
"""[M]"""
G2_POWER_1000 = 0.93
"""[M]"""
G2_LEVELS = 100
"""Levels of a column that the largest window still tests. [M]"""

G4_FEATURES = 20
"""[J]"""
G4_IMPORTANCE = 0.80
"""Share of the permutation importance that the watched features hold. [J]"""

G5_FEATURES = 2
"""[J]"""
G5_SHARE = 0.20
"""Of the watched features. [J]"""
G5_WINDOWS = 2
"""In a row. [J]"""
G5_LIBRARY_SHARE = 0.50
"""Columns at which Evidently calls a table drifted."""

G7_FEWEST_CASES = 100
G7_MOST_CASES = 200
"""Labelled by hand in one month."""
G7_WAIT_DAYS = 30
"""Delay of labels within which labelling by hand each month is no sooner. [J]"""
G7_FEWEST_POSITIVES = 5
"""Of the rarer class among the cases labelled by hand: fewer show no fall. [J]"""

G8_MISMATCH = 0.001
"""Features of logged requests that differ when recomputed."""

G9_ALERTS_PER_WEEK = 2
"""[J]"""
G9_FEATURE_ALERTS = 5
"""Alerts on single features above which nobody reads them. [J]"""
G9_ENGINEERS = 18
"""Interviewed on alert fatigue."""
G9_SEV1_MINUTES = 15
"""[J]"""
G9_SEV2_HOURS = 4
"""[J]"""
G9_SEV3_DAYS = 2
"""[J]"""

G10_NEW_SHARE = 0.10
"""Rows that are new since the last training. [K]"""
G10_NEW_POSITIVES = 100
"""[K]"""
G10_STABLE_DAYS = 90
"""[J]"""
G10_SEASONAL_DAYS = 30
"""[J]"""
G10_SHIFTING_DAYS = 7
"""[J]"""
G10_ADVERSARIAL_DAYS = 7
"""[J]"""
G10_FIRST_AGE_MONTHS = 1
G10_SECOND_AGE_MONTHS = 3
G10_THIRD_AGE_MONTHS = 6
"""Ages of a model in the staleness backtest, beside a fresh one."""

G12_LABEL_HOURS = 1
"""Delay of labels below which retraining within the day may pay. [J]"""
G12_HOURS = 24
"""Interval of retraining that counts as real time. [J]"""

G13_MONTH = 2
"""Month of use in which a prototype's exemption ends."""
G13_CONSUMER = 2
"""Consumer with whom it ends."""

RF34_LEAST_SHARE = 0.01
RF34_MOST_SHARE = 0.05
"""Cases decided at random, so that labels are seen that the model would hide. [K]"""
