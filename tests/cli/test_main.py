"""Help, version, errors and exit codes of the program as a whole."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from calibrant import __version__
from calibrant.cli import evaluate as evaluate_command
from calibrant.cli import main as program
from calibrant.cli.main import app
from calibrant.io import write
from calibrant.predictions import Predictions
from tests.cli.conftest import Program, birds_and_cats

COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
SCRIPT = Path(sys.executable).with_name("calibrant")
WIDE = {"COLUMNS": "200", "NO_COLOR": "1"}


def test_every_command_is_covered() -> None:
    documented = {"demo", "recipes", "run", "evaluate", "reliability", "fit", "apply", "sweep", "plot"}
    assert documented <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_the_help_of_every_command_has_an_example(command: str, flag: str) -> None:
    result = CliRunner().invoke(app, [command, flag], env=WIDE)
    assert result.exit_code == 0
    assert f"Example: calibrant {command}" in result.output
    assert "--json" in result.output


def test_the_help_lists_every_command() -> None:
    result = CliRunner().invoke(app, ["--help"], env=WIDE)
    assert result.exit_code == 0
    for command in COMMANDS:
        assert f" {command} " in result.output


def test_the_version(calibrant: Program) -> None:
    outcome = calibrant("--version")
    assert (outcome.code, outcome.out) == (0, f"calibrant {__version__}\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["calibrate"], "No such command 'calibrate'"),
        (["evaluate"], "Missing argument 'file'"),
        (["evaluate", "rows.npz", "--jsn"], "No such option: --jsn"),
        (["fit", "rows.npz"], "Missing option '--output'"),
    ],
)
def test_words_that_the_program_does_not_know(calibrant: Program, words: list[str], message: str) -> None:
    outcome = calibrant(*words)
    assert outcome.code == 2
    assert outcome.out == ""
    assert message in outcome.err
    assert "Traceback" not in outcome.err


def test_a_defect_is_not_hidden(
    calibrant: Program, validation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr(evaluate_command, "read_either", fail)
    with pytest.raises(ZeroDivisionError, match="a defect"):
        calibrant("evaluate", validation)


@pytest.mark.parametrize(("error", "why"), [(MemoryError("400 MiB"), r" \(400 MiB\)"), (MemoryError(), "")])
def test_no_memory_is_named(
    error: MemoryError, why: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise error

    for name, then in (("app", fail), ("prepare_streams", lambda: None), ("end_in_order", lambda: None)):
        monkeypatch.setattr(program, name, then)
    with pytest.raises(SystemExit, match="2"):
        program.main()
    said = capsys.readouterr().err
    assert re.match(f"calibrant: there is not enough memory{why}. Rows can be read in parts", said)


@pytest.mark.parametrize(
    "words", [("evaluate", ""), ("report", "rows.npz", ""), ("fit", "rows.npz", "-o", "a", "")]
)
def test_an_empty_argument_is_not_the_folder_one_is_in(words: tuple[str, ...], tmp_path: Path) -> None:
    done = run_script(*words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"calibrant: an argument after '{words[-2]}' is empty.")


def run_script(*words: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(SCRIPT), *(str(word) for word in words)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **WIDE, "PYTHONIOENCODING": "utf-8"},
        **options,  # type: ignore[call-overload]
    )


def test_the_installed_program_reads_a_file_and_refuses_another(validation: Path, tmp_path: Path) -> None:
    good = run_script("evaluate", validation)
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.startswith("400 rows, 2 classes\n")
    bad = run_script("evaluate", tmp_path / "missing.npz")
    assert (bad.returncode, bad.stdout) == (2, "")
    assert bad.stderr == f"calibrant: cannot read {tmp_path / 'missing.npz'}: there is no such file.\n"


def test_help_loads_no_numerical_library() -> None:
    code = (
        "import sys; sys.argv = ['calibrant', '--help']\n"
        "from calibrant.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'scipy', 'numba', 'torch', 'matplotlib', 'datasets', 'pydantic', 'sklearn'}\n"
        "print('LOADED', sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "LOADED []"
    assert "evaluate" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of a POSIX shell")
def test_a_reader_that_leaves_early_is_no_defect(validation: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        done = subprocess.run(
            [str(SCRIPT), "evaluate", str(validation)],
            stdout=closed,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=120,
        )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Broken pipe" not in done.stderr


ELSEWHERE = {
    "LC_ALL": "C",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONIOENCODING": "ascii",
    "TZ": "Pacific/Kiritimati",
    "COLUMNS": "20",
    "TERM": "dumb",
    "NO_COLOR": "1",
}
TURKISH = {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "America/St_Johns", "PYTHONHASHSEED": "7"}


def test_locale_terminal_and_time_zone_change_no_byte_of_a_report(tmp_path: Path) -> None:
    rows = birds_and_cats(100, 1)
    file = tmp_path / "rows.npz"
    write(Predictions.from_logits(rows.scores, rows.labels, classes=["İı", "ß猫"]), file)
    reports = []
    for number, surroundings in enumerate((ELSEWHERE, TURKISH)):
        folder = tmp_path / str(number)
        folder.mkdir()
        done = subprocess.run(
            [str(SCRIPT), "report", file.name, "-o", f"{number}/report.html"],
            capture_output=True,
            check=False,
            timeout=120,
            cwd=tmp_path,
            env={**os.environ, **surroundings},
        )
        assert (done.returncode, done.stdout) == (0, b""), done.stderr
        reports.append((folder / "report.html").read_bytes().replace(f"{number}/report".encode(), b"report"))
    assert reports[0] == reports[1]
    assert ">İı</th>".encode() in reports[0]


@pytest.mark.parametrize("words", [["evaluate", "val.npz"], ["--help"]])
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a file that is always full")
def test_a_full_disk_under_stdout_is_named(validation: Path, words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [str(SCRIPT), *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=120,
            cwd=validation.parent,
        )
    assert done.returncode == 2
    assert re.fullmatch(r"calibrant: cannot write the results: .*\.\n", done.stderr)
