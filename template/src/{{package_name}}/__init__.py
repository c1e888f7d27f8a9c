"""Training and batch inference for one supervised model on a table; see architecture.md."""
