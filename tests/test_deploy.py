"""What `deploy/` holds is read by the tools that will read it, where they are installed, and fits the program."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import requests
import websocket

from tests.conftest import Serve
from tests.support.server import ROOT, free_port, run

DEPLOY = ROOT / "deploy"


def options() -> set[str]:
    """The long options of `serve`, and their environment variables."""
    told = run("serve", "--help").stdout
    return set(re.findall(r"--[a-z-]+", told)) | set(re.findall(r"MODERATOR_[A-Z_]+", told))


@pytest.mark.parametrize("name", ["nginx.conf", "moderator.service", "moderator@.service", "compose.yaml"])
def test_it_names_options_that_there_are(name: str) -> None:
    text = (DEPLOY / name).read_text()
    known = options() | {"MODERATOR_SECRET"}
    foreign = {"--appendonly", "--appendfsync", "--maxmemory-policy", "--save", "--now"}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+|MODERATOR_[A-Z_]+", text)) - foreign
    assert named <= known, named - known


@pytest.mark.parametrize("path", ["Dockerfile", ".dockerignore"])
def test_the_image_holds_what_the_program_needs(path: str) -> None:
    text = (ROOT / path).read_text()
    for needed in ("requirements.txt", "run.py", "moderator", "static", "templates", "translations"):
        assert needed in text
        assert (ROOT / needed).exists()


def test_the_image_runs_without_rights_and_is_watched() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert "USER 10001" in lines
    assert any("--uid 10001" in line for line in lines)
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    assert not any(line.startswith(("ADD ", "RUN sudo")) for line in lines)


def test_redis_is_not_published_and_keeps_what_it_acknowledges() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    redis = text[text.index("\n  redis:") :]
    assert "ports:" not in redis
    assert "internal: true" in redis
    for word in ("--appendonly", "always", "noeviction"):
        assert word in redis


def tool(name: str) -> str:
    """A program that requirements-dev.txt brought."""
    found = shutil.which(name, path=os.path.dirname(sys.executable)) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def test_the_image_is_written_as_images_should_be() -> None:
    done = subprocess.run(
        [tool("hadolint"), "--no-color", str(ROOT / "Dockerfile")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")


def test_compose_understands_its_file() -> None:
    done = subprocess.run(
        [tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(DEPLOY / "compose.yaml")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
@pytest.mark.parametrize("name", ["moderator.service", "moderator@.service"])
def test_systemd_understands_the_unit(name: str, tmp_path: Path) -> None:
    unit = (DEPLOY / name).read_text().replace("/opt/moderator/.venv/bin/python", "/bin/true")
    file = tmp_path / name.replace("@", "@5000")
    file.write_text(unit)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(file)], capture_output=True, text=True, timeout=60, check=False
    )
    said = [line for line in (done.stdout + done.stderr).splitlines() if file.name in line]
    assert said == []


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[Callable[[int], int]]:
    """Start a real nginx with our file in front of a server's port; gives the port that speaks TLS."""
    if shutil.which("nginx") is None or shutil.which("openssl") is None:
        pytest.skip("nginx or openssl is not installed")
    running: list[subprocess.Popen[bytes]] = []

    def start(port: int) -> int:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
             "-subj", "/CN=webinar.example.org",
             "-keyout", str(tmp_path / "privkey.pem"), "-out", str(tmp_path / "fullchain.pem")],
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip
        plain, secure = free_port(), free_port()
        text = (DEPLOY / "nginx.conf").read_text().replace("/etc/ssl/webinar/", f"{tmp_path}/")
        text = re.sub(r"(?m)^ *listen \[::\].*$", "", text)
        text = text.replace("listen 80", f"listen 127.0.0.1:{plain}")
        text = text.replace("listen 443", f"listen 127.0.0.1:{secure}")
        text = text.replace("server 127.0.0.1:5000", f"server 127.0.0.1:{port}")
        scratch = " ".join(
            f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        whole = f"pid {tmp_path}/pid; error_log stderr; daemon off; master_process off; events {{}}\n"
        file = tmp_path / "nginx.conf"
        file.write_text(whole + f"http {{ access_log off; {scratch}\n{text} }}\n")
        at = ["-c", str(file), "-p", str(tmp_path)]
        done = subprocess.run(["nginx", "-t", *at], capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, done.stderr
        with open(tmp_path / "nginx.out", "wb") as out:
            running.append(subprocess.Popen(["nginx", *at], stdout=out, stderr=out, stdin=subprocess.DEVNULL))
        give_up = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", secure), 1).close()
                return secure
            except OSError:
                assert time.monotonic() < give_up, (tmp_path / "nginx.out").read_text()
                time.sleep(0.05)

    yield start
    for process in running:
        process.terminate()
        process.wait(10)


@pytest.mark.server
def test_pages_and_websockets_pass_through_nginx(nginx: Callable[[int], int], serve: Serve) -> None:
    server = serve("--public-url", "https://webinar.example.org", "--proxies", "1")
    port = nginx(server.port)
    named = {"Host": "webinar.example.org"}
    with requests.Session() as session:
        address = f"https://127.0.0.1:{port}"
        ask = partial(session.get, headers=named, timeout=10, allow_redirects=False, verify=False)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the certificate is ours, and names another host
            assert ask(f"{address}/healthz").status_code == 200
            assert ask(f"{address}/w/{server.webinar}").status_code == 200
            polled = ask(f"{address}/socket.io/?EIO=4&transport=polling")
            assert polled.text.startswith("0{")
    made = websocket.create_connection(
        f"wss://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket",
        sslopt={"cert_reqs": ssl.CERT_NONE},
        host="webinar.example.org",
        origin="https://webinar.example.org",
        timeout=10,
    )
    try:
        assert str(made.recv()).startswith("0{")
        auth = {"webinar": server.webinar, "role": "attendee", "attendee": server.join()}
        made.send("40" + json.dumps(auth))
        frames = [str(made.recv()) for _ in range(2)]
        assert frames[0].startswith("40{")
        assert frames[1].startswith('42["snapshot"')
    finally:
        made.close()
