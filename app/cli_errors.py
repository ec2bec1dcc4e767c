"""How a terminal command tells of an error that a person can act upon."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from app.domain.errors import AppError

P = ParamSpec("P")
R = TypeVar("R")


def explain_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Print an AppError as message and remedy, and end with exit code 1."""

    @wraps(command)
    def explained(*arguments: P.args, **options: P.kwargs) -> R:
        try:
            return command(*arguments, **options)
        except AppError as error:
            click.echo(f"countersign: {error.message}\n{error.remedy}", err=True)
            sys.exit(1)

    return explained
