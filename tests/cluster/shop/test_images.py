"""The images: their list, and when and how they are built."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from cluster.errors import WorldError
from cluster.shop import images
from cluster.shop.images import CONTEXT, IMAGES, build, context_files, context_hash, outdated
from cluster.shop.releases import MISSING_PROGRAMS, NATS, POSTGRES, REDIS, RELEASES, REPORTER, SIDECAR

BUILDER = """#!{python}
import sys
from pathlib import Path
calls = Path({calls!r})
with calls.open("a") as said:
    print(*sys.argv[1:], sep=" ", file=said)
if sys.argv[1] == "build":
    context = Path(sys.argv[-1])
    print("files:", *sorted(p.relative_to(context).as_posix() for p in context.rglob("*") if p.is_file()))
    print("the last word")
    sys.exit({code})
"""


def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int = 0) -> Path:
    """A program “docker” that only records its arguments, and the file of that record."""
    calls = tmp_path / "calls"
    program = tmp_path / "docker"
    program.write_text(BUILDER.format(python=sys.executable, calls=str(calls), code=code))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return calls


def test_every_release_has_an_image() -> None:
    """Every release, the sidecar, the reporter and each engine have an image."""
    assert [image.name for image in IMAGES] == [
        *(f"shop/orders:{tag}" for tag in RELEASES),
        SIDECAR,
        REPORTER,
        POSTGRES,
        REDIS,
        NATS,
    ]
    assert {image.release for image in IMAGES} == {*RELEASES, ""}


def test_what_they_are_made_of() -> None:
    """An image is made of the Dockerfile, the locked requirements and the application, and of no part of the workbook."""
    names = set(context_files())
    assert {"Dockerfile", "requirements.lock", "app/api.py", "app/worker.py", "app/sidecar.py"} <= names
    assert not re.findall(
        r"^\s*(?:from|import) cluster", "".join(map(Path.read_text, context_files().values())), re.MULTILINE
    )


def test_the_hash_tells_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hash is the same for the same content, and different after any change, also of a name."""
    monkeypatch.setattr(images, "CONTEXT", tmp_path)
    for name in context_files():
        (tmp_path / name).parent.mkdir(exist_ok=True)
    shutil.copytree(CONTEXT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Dockerfile", "requirements.lock"):
        shutil.copy(CONTEXT / name, tmp_path)
    whole = context_hash()
    monkeypatch.undo()
    assert whole == context_hash()
    monkeypatch.setattr(images, "CONTEXT", tmp_path)
    (tmp_path / "app/mail.py").rename(tmp_path / "app/post.py")
    renamed = context_hash()
    (tmp_path / "app/post.py").write_text("")
    assert len({whole, renamed, context_hash()}) == 3


def test_every_requirement_is_locked() -> None:
    """Every requirement is locked to one version by its hashes, without an address."""
    lock = (CONTEXT / "requirements.lock").read_text()
    pinned = re.findall(r"^([\w.-]+)==\S+ .*\\\n    --hash=sha256:[0-9a-f]{64}", lock, re.MULTILINE)
    wanted = re.findall(r"^([\w-]+)", (CONTEXT / "requirements.in").read_text(), re.MULTILINE)
    assert set(wanted) <= set(pinned)
    assert "://" not in lock + (CONTEXT / "Dockerfile").read_text()


def test_what_is_missing_stays_missing() -> None:
    """The Dockerfile installs none of the programs that the train counts as missing."""
    installed = " ".join(re.findall(r"apt-get install[^&]*", (CONTEXT / "Dockerfile").read_text()))
    assert not MISSING_PROGRAMS & set(installed.split())


def test_without_docker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without Docker, the error says so and names the next step."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(WorldError, match="program “docker”") as raised:
        build()
    assert "Install Docker" in raised.value.hint


def test_a_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outdated images are built, each with its release and the hash, and each line of the build is reported."""
    calls = docker(tmp_path, monkeypatch)
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    heard: list[str] = []
    assert build(heard.append) == outdated() == IMAGES
    builds = [line for line in calls.read_text().splitlines() if line.startswith("build")]
    assert len(builds) == len(IMAGES)
    for image, call in zip(IMAGES, builds, strict=True):
        assert f"--target {image.target} --tag {image.name} --label workbook.shop.hash={context_hash()}" in call
        assert (f"--build-arg RELEASE={image.release} " in call) == bool(image.release)
    assert heard.count("the last word") == len(IMAGES)


def test_a_network_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network's certificates are passed as a file, and a mirror's address only by its name, because it may contain a password."""
    calls = docker(tmp_path, monkeypatch)
    certificates = tmp_path / "bundle.pem"
    certificates.write_text("trust")
    monkeypatch.setenv("PIP_CERT", str(certificates))
    monkeypatch.setenv("PIP_INDEX_URL", "https://user:secret@mirror.example/simple")
    heard: list[str] = []
    build(heard.append)
    assert "authorities.pem" in next(line for line in heard if line.startswith("files:"))
    assert "--build-arg PIP_INDEX_URL" in calls.read_text()
    assert "secret" not in calls.read_text()


def test_a_build_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that fails names the image and quotes Docker's last words."""
    docker(tmp_path, monkeypatch, code=1)
    with pytest.raises(WorldError, match=r"shop/orders:1\.0\.0 couldn't be built[^$]*the last word"):
        build()
