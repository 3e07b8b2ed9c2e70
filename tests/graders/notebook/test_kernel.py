"""The kernel of ``workbook lab`` loads the workbook at its start, and no module from the notebook's folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpecManager
from jupyterlab_server.config import get_federated_extensions

from graders.cli.lab import EXTENSIONS, command
from graders.notebook.lab_server import KERNELS, Kernels
from tests.support.drawing import DRAWING
from tests.support.kernel import Kernel


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel as ``workbook lab`` starts it, in a folder with modules named like the workbook's."""
    folder = tmp_path_factory.mktemp("kernel")
    for name in ("graders", "yaml", "ipykernel"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text("open('theirs', 'w').close()")
    (folder / "helper.py").write_text("word = 'hello'")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(KERNELS.parent))
        patch.setenv("PYTHONPATH", str(folder))
        kernel = Kernel(folder)
    yield kernel
    kernel.end()
    assert not (folder / "theirs").exists()


def test_loaded_from_the_start(kernel: Kernel) -> None:
    """Before the first cell runs, %%answer and check exist; loading the extension again prints nothing and keeps the answers."""
    kernel.run(f"%%answer diagram\n{DRAWING}")
    loaded = kernel.run("%load_ext graders.notebook")
    assert (loaded.streams, loaded.error) == ("", None)
    assert "20 of 20 points" in kernel.run('check("diagram")').html


def test_their_modules(kernel: Kernel) -> None:
    """A module beside the notebook can be imported, but replaces no other module."""
    ran = kernel.run("import helper, yaml, graders\nprint(helper.word, graders.__file__)")
    assert ran.streams.split()[0] == "hello"
    assert str(KERNELS.parents[2] / "__init__.py") in ran.streams


def test_jupyter_finds_it_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The workbook's kernel has the name that notebooks use, and takes precedence over an installed one with that name."""
    own = tmp_path / "kernels/python3"
    own.mkdir(parents=True)
    (own / "kernel.json").write_text(json.dumps({**get_kernel_dict(), "argv": ["another"]}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    assert KernelSpecManager().get_kernel_spec("python3").argv == ["another"]
    assert "graders.notebook.kernel" in Kernels().get_kernel_spec("python3").argv
    assert f"--ServerApp.kernel_spec_manager_class={Kernels.__module__}.{Kernels.__name__}" in command(tmp_path)


def test_the_same_as_ipykernels() -> None:
    """The workbook's kernel spec equals ipykernel's except for the command line."""
    ours = json.loads((KERNELS / "python3/kernel.json").read_text())
    assert {**ours, "argv": []} == {**get_kernel_dict(), "argv": []}


def test_the_extension_is_found() -> None:
    """JupyterLab finds the workbook's extension, and the script that it names exists."""
    (path,) = [word for word in command(Path()) if word.startswith("--LabApp.extra_labextensions_path=")]
    found = get_federated_extensions([path.partition("=")[2]])
    assert list(found) == ["workbook-cells"]
    script = EXTENSIONS / "workbook-cells" / found["workbook-cells"]["jupyterlab"]["_build"]["load"]
    assert script.is_file()


def test_the_extension_makes_no_page() -> None:
    """The extension's script builds no HTML, runs no text and sends no request: a notebook's text is data to it."""
    script = (EXTENSIONS / "workbook-cells/static/cells.js").read_text()
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document",
        "eval",
        "Function",
        "fetch",
        "XMLHttp",
        "import(",
    ):
        assert word not in script
