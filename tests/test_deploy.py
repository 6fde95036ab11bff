"""What `deploy/` holds is read by the tools that will read it, where they are installed, and fits the program."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.server import ROOT, run

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
    assert "USER moderator" in lines
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    assert not any(line.startswith(("ADD ", "RUN sudo")) for line in lines)


def test_redis_is_not_published_and_keeps_what_it_acknowledges() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    redis = text[text.index("\n  redis:") :]
    assert "ports:" not in redis
    assert "internal: true" in redis
    for word in ("--appendonly", "always", "noeviction"):
        assert word in redis


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


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_nginx_understands_its_file(tmp_path: Path) -> None:
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=webinar.example.org",
         "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    text = (DEPLOY / "nginx.conf").read_text().replace("/etc/ssl/webinar/", f"{tmp_path}/")
    text = text.replace("listen 80", "listen 18080").replace("[::]:80", "[::]:18080")
    text = text.replace("listen 443", "listen 18443").replace("[::]:443", "[::]:18443")
    whole = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {text} }}"
    (tmp_path / "nginx.conf").write_text(whole)
    done = subprocess.run(
        ["nginx", "-t", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
