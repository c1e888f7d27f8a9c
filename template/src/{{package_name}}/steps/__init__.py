"""Thin ZenML steps over `core`: each reads its inputs, calls one function, and hands on."""

import logging

progress = logging.getLogger(__name__)
"""What a run is doing: a stage at INFO, its details at DEBUG. The command line shows both."""
progress.setLevel(logging.DEBUG)
