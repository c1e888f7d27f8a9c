"""ZenML stack, scope and order: sections I and J."""

I_LEVEL = 1
"""Highest maturity level of a local stack. [J]"""
I_TEAM = 2
"""Most people of a local stack, and too few for a cluster. [J]"""
I_MEMORY_SHARE = 0.5
"""Of a local machine, that a run may take. [J]"""
I_RUN_HOURS = 2
"""Run that outgrows a local machine. [J]"""
I_TRACKER_TEAM = 2
"""[J]"""
I_TRACKER_RUNS = 20
"""[J]"""
I_STEP_MEMORY = 2
"""Memory of one step, as a multiple of its machine's. [J]"""
I_STEP_ROWS = 10_000_000
"""Boosted trees below this need no bigger machine. [J]"""
I_DEPLOYER_MS = 276
"""One answer of a ZenML deployment, two cores. [M]"""
I_DEPLOYER_RPS = 3.5
"""[M]"""
I_SERVICE_MS = 0.34
I_SERVICE_RPS = 2_832
"""The project's own service on the same, one client, LightGBM of 300 trees. [M]"""

J_OPTIONAL = 2
"""Optional components beyond the six steps, at level 1 or below. [J]"""
J_NEW = 1
"""Technologies that the team has never run. [J]"""
J_COMMITTERS = 2
"""[J]"""
J_WINDOW_MONTHS = 1
"""Scored windows that set the thresholds of alerts. [J]"""
J_RUNS = 2
"""By hand, before a schedule starts them. [J]"""
J_RETRAININGS = 3
"""By hand, with the same outcome. [J]"""
J_PIPELINES = 5
"""From which a cluster pays. [J]"""
J_CPU_HOURS = 2
"""Of one step, before a GPU or a step operator. [J]"""
