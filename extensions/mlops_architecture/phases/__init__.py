"""The rules: one module per phase, each with its `OPTIONS` and `propose(facts, earlier)`."""
