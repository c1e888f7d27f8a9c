"""Deployment: section F."""

F1_STALE_HOURS = 1
"""Age of a score from which batch serves. [J]"""
F1_BATCH_CYCLES = 2
"""Batches before an API follows. [K]"""

F2_AMPLE_MS = 100
"""99th percentile from which any server serves."""
F2_TIGHT_MS = 20
"""Below: in process only. [J]"""
F2_PARITY_ROWS = 10_000
F2_PARITY_DIFFERENCE = 1e-5
"""Of two probabilities, at most. [J]"""
F2_REQUEST_BYTES = 1_000_000
F2_REQUEST_ROWS = 1_000
"""What one request may hold. [J]"""
F2_REQUEST_SECONDS = 5
"""From the end of its header to its answer. [J]"""
F2_LEAST_LINEAR_P50_MS = 6
F2_MOST_LINEAR_P50_MS = 12
F2_LEAST_LINEAR_P99_MS = 10
F2_MOST_LINEAR_P99_MS = 26
"""A logistic Pipeline on one row, two busy cores. [M]"""
F2_TREES_P50_MS = 16
F2_TREES_P99_MS = 29
"""200 boosted trees on the same. [M]"""
F2_TREES_TWO_THREADS_P99_SECONDS = 1.6
"""The same with two OpenMP threads. [M]"""

F3_LOW_SHADOW_DAYS = 3
"""Shadow of a service with low impact. [J]"""
F3_SHADOW_DAYS = 7
"""[K]"""
F3_FIRST_SHARE = 0.05
F3_SECOND_SHARE = 0.25
F3_FULL_SHARE = 1.0
"""Traffic of a canary. [K]"""
F3_CANARY_DAYS = 7
"""How long a canary may run before its verdict is worth less than the delay. [J]"""
F3_CANARY_STAGE_DAYS = 3.5
"""At each share: half of that. [J]"""
F3_FEWEST_REQUESTS = 200
"""That the challenger has answered before the next stage. [J]"""
F3_USUAL_FAILURES = 0.001
F3_MOST_FAILURES = 0.02
"""Shares of requests between which Wald's sequential test decides. [J]"""
F3_USUAL_SLOW = 0.01
F3_MOST_SLOW = 0.05
"""Shares of answers over the budget; the first is what a 99th percentile allows. [J]"""
F3_SCORE_SHIFT = 0.2
"""Kolmogorov-Smirnov distance between the scores of two versions. [J]"""
F3_DECISION_SHIFT = 0.1
"""Total variation between what two versions decide. [J]"""
F3_LEAST_AGREEMENT = 0.5
"""Rank correlation, or kappa, of two versions over the same rows. [J]"""
F3_FALSE_ALARM = 1e-4
"""Chance that a challenger without fault is aborted by each of these, in the first and each later
1 / chance requests. [J]"""
F3_LIFT = 0.2
"""Relative move of a rate that a canary has to see. [J]"""
F3_RAREST_RATE = 0.001
"""Rates below count as this. [J]"""
F3_REGRESSION_RATE = 0.2
"""A regression is judged as an event in so many cases. [J]"""
F3_SIGNIFICANCE = 0.05
"""Two-sided. [K]"""
F3_POWER = 0.80
"""[K]"""
F3_COMMON_RATE = 0.05
F3_COMMON_LIFTED_RATE = 0.06
F3_COMMON_CASES = 8_158
"""Cases per arm that show it. [M]"""
F3_RARE_RATE = 0.01
F3_RARE_LIFTED_RATE = 0.012
F3_RARE_CASES = 42_693
"""[M]"""
F3_MEAN_OF_PEAK = 0.25
"""Mean traffic around the clock, as a share of the peak. [J]"""

F4_CI_LEVEL = 2
"""Maturity level from which CI runs the gate."""
F4_AUTOMATIC_LEVEL = 3

F5_MINUTES = 5
"""From decision to previous version, real time."""
F5_CYCLES = 1
"""The same in batch."""
F5_SCORE_PERIODS = 2
"""Periods that last scores have to serve to be a fallback. [J]"""

F6_UTILISATION = 0.6
"""Share of its time that a worker is busy at the peak. [J]"""
F6_SPARE_REPLICAS = 1
"""[J]"""
F6_LOAD_TEST_FACTOR = 2
"""Times the peak. [J]"""
F6_FAILED_SHARE = 0.02
"""Of the requests of five minutes, above which somebody is called. [J]"""
F6_MEGABYTES = 512
"""What one worker may take; with ONNX it takes less than half. [M]"""
F6_WINDOW_SHARE = 0.5
"""Of a batch's window, so that a failed run can be repeated. [J]"""
F6_SERVICE_MS = 1
"""Time of one worker for one answer through ONNX: 0.3 ms were measured, on idle cores. [J]"""
F6_PIPELINE_MS = F2_TREES_P50_MS
"""The same where the scikit-learn object may answer, as it does for an EBM."""
