"""How a problem statement is read and written; its door is `problem_statement.py`."""
