"""The service: answers requests with the champion, and needs no ZenML to do it."""
