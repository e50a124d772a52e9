"""The floor of every figure: a Flask view that answers a fixed JSON body of the size of a user."""

from __future__ import annotations

import json

from flask import Flask, Response

BODY = json.dumps({"id": "1000001", "userName": "someone@example.test", "note": "x" * 900})

app = Flask(__name__)


@app.get("/")
def fixed() -> Response:
    """Always the same body."""
    return Response(BODY, mimetype="application/json")
