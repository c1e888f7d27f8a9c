"""MLOps architecture for tabular data: facts → proposals → decisions → blueprint.

Pure Python over pydantic. Knows neither Copier nor Jinja.
"""

__version__ = "0.1.0"
