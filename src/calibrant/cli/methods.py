"""`calibrant methods`."""

from __future__ import annotations

import typer

from calibrant.cli.options import Json
from calibrant.cli.output import emit, say


def _arguments(method: type) -> str:
    """Return the arguments of a calibrator with their defaults, without types."""
    import inspect

    parameters = inspect.signature(method).parameters.values()
    return f"({', '.join(f'{parameter.name}={parameter.default!r}' for parameter in parameters)})"


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def methods(json: Json = False) -> None:
        """List the calibrators: what each does, its parameters, and when to use it.

        Example: calibrant methods
        """
        import inspect

        from calibrant.calibrators import CALIBRATORS

        listed = [
            {
                "name": name,
                "summary": (inspect.getdoc(method) or "").partition("\n")[0],
                "parameters": _arguments(method),
                "use_when": method.use_when,
                "keeps_argmax": method.keeps_argmax,
            }
            for name, method in CALIBRATORS.items()
        ]
        if json:
            emit({"schema": "calibrant.methods/1", "methods": listed})
            return
        for entry in listed:
            kept = "predicted classes stay" if entry["keeps_argmax"] else "predicted classes may change"
            say(f"{entry['name']}{entry['parameters']}\n  {entry['summary']}")
            say(f"  Use it {entry['use_when']}; {kept}.\n")
