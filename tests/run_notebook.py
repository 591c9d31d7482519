"""Executes a notebook in place, with the Python that runs this: `python -m tests.run_notebook FILE KERNELS`.

A program of its own, because the packages that talk to kernels leave sockets behind.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

SECONDS_A_CELL = 120


def main(path: Path, kernels: Path) -> None:
    """Describe this Python as a kernel under `kernels`, run the notebook on it and store what it shows."""
    folder = kernels / "python3"
    folder.mkdir(parents=True)
    arguments = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": arguments, "display_name": "Python 3", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    specs = KernelSpecManager(kernel_dirs=[str(kernels)], ensure_native_kernel=False)
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specs)
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, km=manager, timeout=SECONDS_A_CELL).execute(cwd=str(path.parent))
    nbformat.write(notebook, path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
