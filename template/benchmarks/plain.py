"""The fitted Pipeline behind a FastAPI endpoint as one would write it: a data frame of one row.

    python benchmarks/plain.py FILE PORT

The file holds the model and the types of its columns, as `benchmarks/serving.py` wrote them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import joblib
import pandas as pd
import uvicorn
from fastapi import FastAPI


def create_app(path: Path) -> FastAPI:
    """The application; it neither checks a row nor logs what it says."""
    model, types = joblib.load(path)
    app = FastAPI()

    @app.post("/predict")
    def predict(row: dict[str, Any]) -> dict[str, Any]:
        said = model.predict(pd.DataFrame([row]).astype(types))
        return {"prediction": said.score[0].tolist()}

    return app


if __name__ == "__main__":
    app = create_app(Path(sys.argv[1]))
    uvicorn.run(app, port=int(sys.argv[2]), log_level="warning", access_log=False)
