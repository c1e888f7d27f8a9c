"""One module for each pipeline that architecture.md lists as built."""
