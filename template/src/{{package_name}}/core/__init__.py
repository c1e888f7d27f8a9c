"""What the pipelines do, as plain functions: nothing here imports ZenML."""
