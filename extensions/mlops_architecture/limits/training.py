"""Training and evaluation: section E."""

from .feature import D8_RAW_AP
from .pipeline import A3_MINORITY_SHARE

E2_FEWEST_POSITIVES = 50
E2_FEWEST_ROWS = 200
"""The same for a regression. [J]"""
E2_LINEAR_POSITIVES = 200
"""Below: the penalised line only."""
E2_LINEAR_EVENTS = 20
"""Cases of the rarer class for each parameter; below: the penalised line only."""
E2_STABLE_EVENTS = 50
"""Cases for each parameter at which a logistic model's AUC was stable at the latest."""
E2_TREE_EVENTS = 200
"""Cases for each parameter below which trees have to compete with the line."""
E2_SMALL_ROWS = 10_000
E2_LARGE_ROWS = 1_000_000
"""[J]"""
E2_TABPFN_ROWS = 10_000
E2_TABPFN_FEATURES = 500
E2_TABPFN_CPU_ROWS = 1_000
E2_TABPFN_SECONDS = 0.2
"""Per prediction."""
E2_CATBOOST_SECONDS = 0.0002
E2_DEEP_ROWS = 100_000
E2_DEEP_POSITIVES = 1_000
"""Below either, a deep network needs a written waiver. [J]"""

E3_MINORITY_SHARE = A3_MINORITY_SHARE
E3_LEAST_COST_RATIO = 1 / 3
E3_MOST_COST_RATIO = 3
"""Cost of a miss over a false alarm between which errors weigh alike. [M]"""
E3_DOMINANT_COST_RATIO = 10
"""From here misses dominate at a fixed capacity. [J]"""
E3_COST_CASES = 1_000
"""Cases for which an expected cost is given."""
E3_WEATHER_POSITIVE_RATE = 0.04
E3_WEATHER_ACCURACY = 0.958
"""[M]"""
E3_WEATHER_ALWAYS_NO_ACCURACY = 0.957
"""[M]"""

E3_NEAR_ZERO_SHARE = 0.01
"""Size of a target, beside the median size, up to which a percentage error explodes. [J]"""

E4_CROSS_VALIDATION_ROWS = 5_000
"""[J]"""
E4_FOLDS = 5
E4_REPEATS = 5
"""[J]"""
E4_TRAINING_SHARE = 0.60
E4_VALIDATION_SHARE = 0.20
E4_TEST_SHARE = 0.20
"""[J]"""
E4_LARGER_TEST_SHARE = 0.25
E4_LARGEST_TEST_SHARE = 0.30
"""[J]"""
E4_TEST_POSITIVES = 100
E4_AMPLE_TEST_POSITIVES = 200
E4_HOPELESS_TEST_POSITIVES = 30
"""Below, no model goes on without a written waiver. [J]"""
E4_RANDOM_AP = 0.69
"""Weather, average precision of a random split. [M]"""
E4_FORWARD_AP = D8_RAW_AP
"""The same model, forward in time. [M]"""
E4_RECALL_HALF_WIDTH = 0.096
"""95 % half-width of a recall at 100 positives. [M]"""
E4_AMPLE_RECALL_HALF_WIDTH = 0.069
"""At 200. [M]"""
E4_NARROW_RECALL_HALF_WIDTH = 0.050
E4_NARROW_TEST_POSITIVES = 385
"""Positives that bring it to that. [M]"""

E5_TRIALS = 60
E5_TOP_SHARE = 0.05
"""The best settings, of which one is to be hit. [K]"""
E5_DRAWN = E5_TRIALS - 1
"""The first trial is a family's default."""
E5_CHANCE = 1 - (1 - E5_TOP_SHARE) ** E5_DRAWN
"""That random trials hit one. [K]"""
E5_FOLDS = E4_FOLDS
E5_SECONDS = 10
"""Where a search stops. [J]"""
E5_FIT_MINUTES = 1
E5_DIMENSIONS = 6
"""A longer fit, or more settings: Optuna. [K]"""
E5_TREE_SETTINGS = 7
"""Settings of LightGBM that are searched."""
E5_EBM_SETTINGS = 4
"""Those of an EBM."""
E5_TPE_GAIN = 0.005
"""Churn, validation log loss of LightGBM's best of 60 trials: Optuna's below random search's, mean
of three seeds; its standard error is seven times that. [M]"""

E7_ISOTONIC_ROWS = 1_000
E7_ISOTONIC_POSITIVES = 200
E7_LEAST_SLOPE = 0.9
E7_MOST_SLOPE = 1.1
E7_ENSEMBLE_MS = 91
"""One answer of five calibrated folds. [M]"""
E7_SINGLE_MS = 16
"""[M]"""
E7_ENSEMBLE_FACTOR = 5.6
"""[M]"""

E8_HALF = 0.5
"""The threshold that takes both errors as equal."""

E9_LEVEL = 0.95
"""[K]"""
E9_RESAMPLES = 1_000
"""[K]"""
E9_FEWEST_WEEKS = 5
"""Of the test part: so few weeks, drawn again and again, say nothing of others. [J]"""

E10_MINIMUM_GAIN = 0.01
"""Relative to the reference, below which no promotion pays. [J]"""
E10_SLICE_ROWS = 100
E10_SLICE_POSITIVES = 30
E10_SLICE_LOSS = 0.05
"""Points that a slice may lose to the champion."""
E10_STANDARD_ERRORS = 1
"""A simpler model within that stands."""

E11_SEGMENTS = 3
"""[J]"""
E11_SELECTION_RATIO = 0.8
"""Four fifths. [K]"""
E11_RATE_GAP = 0.1
"""Between groups, of true or of false positive rates."""
E11_GROUP_ROWS = E10_SLICE_ROWS
"""Of a group that is compared: small numbers are no evidence (29 CFR 1607.4(D)). [K]"""
E11_GROUP_CASES = E10_SLICE_POSITIVES
"""Positives, or negatives, of a group whose rate among them is compared. [J]"""

E12_SHUFFLED_AUC = 0.5
E12_SHUFFLED_MARGIN = 0.05
E12_TOO_GOOD_AUC = 0.99
"""[J]"""
E12_TOO_GOOD_GAIN = 3
"""Times any gain before. [J]"""
