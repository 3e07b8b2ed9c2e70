"""The shop's images, and how the local Docker builds them from one folder.

An image has a label with the hash of its sources; an image with the right hash isn't built again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cluster.errors import WorldError
from cluster.shop.releases import NATS, POSTGRES, REDIS, RELEASES, REPORTER, REPOSITORY, SIDECAR

CONTEXT = Path(__file__).resolve().parent
"""The folder that holds Dockerfile, requirements and application."""

LABEL = "workbook.shop.hash"
"""The image label with the hash of its sources."""

SAID = 15
"""How many of the last lines of a failed build an error may quote."""

LAST_WORDS = 400
"""How many characters of them it quotes: an error is one sentence."""

_AUTHORITIES = "authorities.pem"
_CERTIFICATES = ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
_PASSED_ON = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
_PASSED_ON_LOWER = ("http_proxy", "https_proxy", "no_proxy")

Progress = Callable[[str], None]
"""Called with each line of a build's output."""


@dataclass(frozen=True, slots=True)
class Image:
    """One image: its name with the tag, the Dockerfile's target, and the release baked into it."""

    name: str
    target: str
    release: str = ""


IMAGES: tuple[Image, ...] = (
    *(Image(f"{REPOSITORY}:{tag}", "orders", tag) for tag in RELEASES),
    Image(SIDECAR, "sidecar"),
    Image(REPORTER, "reporter"),
    Image(POSTGRES, "postgres"),
    Image(REDIS, "redis"),
    Image(NATS, "nats"),
)


def context_files() -> Mapping[str, Path]:
    """The images' sources, by path inside the build context."""
    files = [CONTEXT / "Dockerfile", CONTEXT / "requirements.lock", *sorted((CONTEXT / "app").glob("*.py"))]
    return {file.relative_to(CONTEXT).as_posix(): file for file in files}


def context_hash() -> str:
    """SHA-256 of every name and content in the build context, as 64 hex digits."""
    whole = hashlib.sha256()
    for name, file in context_files().items():
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        whole.update(f"{content}  {name}\n".encode())
    return whole.hexdigest()


def outdated() -> tuple[Image, ...]:
    """The images that the local Docker lacks or has built from other sources. Raises WorldError if Docker isn't available."""
    docker, wanted = _docker(), context_hash()
    return tuple(image for image in IMAGES if _hash_of(docker, image) != wanted)


def build(progress: Progress | None = None) -> tuple[Image, ...]:
    """Build the outdated images and return them. The first takes half a minute, each further one a second or two.

    Raises WorldError if Docker isn't available, or if a build fails (with its last lines).
    """
    images = outdated()
    if images:
        with tempfile.TemporaryDirectory(prefix="shop-") as folder:
            context = Path(folder)
            _lay_out(context)
            for image in images:
                _build(image, context, progress)
    return images


def _docker() -> str:
    docker = shutil.which("docker")
    hint = "Install Docker and start it; `docker version` should name a client and a server."
    if docker is None:
        raise WorldError("The shop's images need Docker, but the program “docker” isn't installed.", hint)
    done = _run(docker, "version", "--format", "{{.Server.Version}}")
    if done.returncode:
        raise WorldError(f"Docker is installed, but its engine doesn't answer: {done.stderr.strip()[-300:]}", hint)
    return docker


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  a fixed program, no shell


def _hash_of(docker: str, image: Image) -> str:
    format_ = f'{{{{index .Config.Labels "{LABEL}"}}}}'
    return _run(docker, "image", "inspect", "--format", format_, image.name).stdout.strip()


def _lay_out(context: Path) -> None:
    for name, file in context_files().items():
        (context / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(file, context / name)
    # In a network with its own certificate authority the build trusts this machine's authorities; the image doesn't.
    certificates = next((Path(os.environ[name]) for name in _CERTIFICATES if os.environ.get(name)), None)
    if certificates and certificates.is_file():
        shutil.copyfile(certificates, context / _AUTHORITIES)


def _build(image: Image, context: Path, progress: Progress | None) -> None:
    arguments = [f"RELEASE={image.release}"] if image.release else []
    arguments += [name for name in _PASSED_ON + _PASSED_ON_LOWER if os.environ.get(name)]
    options = [option for argument in arguments for option in ("--build-arg", argument)]
    labels = ("--label", f"{LABEL}={context_hash()}")
    last: deque[str] = deque(maxlen=SAID)

    def tell(line: str) -> None:
        last.append(line)
        if progress:
            progress(line)

    command = (_docker(), "build", "--target", image.target, "--tag", image.name, *labels, *options, str(context))
    if _follow(command, tell):
        raise WorldError(
            f"The image {image.name} couldn't be built. Docker's last lines: {' '.join(last)[-LAST_WORDS:]}",
            "The build needs Debian's packages and the Python package index. If your network has its own certificate "
            "authority, set SSL_CERT_FILE; for a mirror of the index, set PIP_INDEX_URL.",
        )


def _follow(command: Sequence[str], tell: Progress) -> int:
    """Run a program, pass on its output line by line, and return its exit code."""
    with subprocess.Popen(  # noqa: S603  a fixed program, no shell
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as running:
        for line in running.stdout or ():
            if line.strip():
                tell(line.rstrip())
    return running.returncode
