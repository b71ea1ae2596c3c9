"""The verb of the `dragoman` command that prints the codebook as the code defines it."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from dragoman.cli import app


class Form(StrEnum):
    """How `dragoman model` prints."""

    text = "text"
    json = "json"
    markdown = "markdown"


@app.command()
def model(to: Annotated[Form, typer.Option(help="How to print it.")] = Form.text) -> None:
    """Print the model: kinds, roles, modes, statuses, facts, the columns of all output, other data sets' codes."""
    from dragoman import codebook

    if to is Form.json:
        typer.echo(json.dumps(codebook.as_json(), ensure_ascii=False, indent=2))
    else:
        typer.echo(codebook.as_text() if to is Form.text else codebook.as_markdown(), nl=False)
