"""The reference of the command line as Markdown, from the program itself.

It walks the commands; what they and their options do, their own help says.
"""

from __future__ import annotations

from typing import Any

import typer

from calibrant.cli.main import app


def markdown() -> str:
    """Return a section for the program's own options and one for every command."""
    program = typer.main.get_command(app)
    context = program.context_class(program, info_name="calibrant", **program.context_settings)
    return "\n\n".join(_sections(program, context))


def _sections(command: Any, context: Any) -> list[str]:
    name = context.command_path
    commands = getattr(command, "commands", {})
    usage = f"```text\n{command.get_usage(context).removeprefix('Usage: ')}\n```"
    parts = [f"## `{name}`", usage, _help(command.help or ""), _table(command.get_params(context), context)]
    found = ["\n\n".join(part for part in parts if part)]
    for child_name, child in commands.items():
        if not child.hidden:
            found += _sections(child, child.context_class(child, info_name=child_name, parent=context))
    return found


def _help(text: str) -> str:
    """Return the help of a command, its examples as blocks."""
    paragraphs = []
    for paragraph in text.replace("\b", "").split("\n\n"):
        said, example, commands = paragraph.strip().partition("Example: ")
        if said:
            paragraphs.append(_escaped(said))
        if example:
            paragraphs.append(f"```text\n{commands}\n```")
    return "\n\n".join(paragraphs)


def _table(params: list[Any], context: Any) -> str:
    records = [param.get_help_record(context) for param in params if not getattr(param, "hidden", False)]
    rows = [
        f"| `{names.replace('|', chr(92) + '|')}` | {_escaped(' '.join(said.split()))} |"
        for names, said in filter(None, records)
    ]
    return "\n".join(["| argument or option | what it is |", "|---|---|", *rows]) if rows else ""


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
