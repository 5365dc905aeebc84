"""The rules for w3id.org, as Apache itself follows them."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APACHE = shutil.which("apache2") or shutil.which("httpd")
MODULES = Path("/usr/lib/apache2/modules")
RULES = ROOT / "ontology" / "w3id.htaccess"
TARGET = "https://example.org/aikg"
CONFIGURATION = """
ServerName localhost
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/error.log
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule rewrite_module {modules}/mod_rewrite.so
DocumentRoot {folder}/root
<Directory {folder}/root>
  AllowOverride All
  Require all granted
</Directory>
"""

pytestmark = pytest.mark.skipif(not (APACHE and MODULES.is_dir()), reason="no Apache of Debian's")


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("apache")
    folder.chmod(0o755)
    for above in (folder, *folder.parents[:3]):
        above.chmod(above.stat().st_mode | 0o011)  # Apache's workers are of another user
    (folder / "root" / "aikg").mkdir(parents=True)
    shutil.copy(RULES, folder / "root" / "aikg" / ".htaccess")
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = int(free.getsockname()[1])
    configuration = folder / "apache.conf"
    configuration.write_text(
        CONFIGURATION.format(port=number, folder=folder, modules=MODULES), "utf-8")
    with subprocess.Popen([str(APACHE), "-X", "-f", str(configuration)]) as server:
        try:
            for _ in range(100):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", number)) == 0:
                        break
                time.sleep(0.05)
            yield number
        finally:
            server.terminate()


@pytest.mark.parametrize(("path", "target"), [
    ("/aikg/", "/"),
    ("/aikg/thing/openai", "/thing/openai"),
    ("/aikg/claim/bitpush-024", "/claim/bitpush-024"),
    ("/aikg/source/bitpush-openai-financing/I.p3.s1", "/source/bitpush-openai-financing/I.p3.s1"),
    ("/aikg/ontology", "/ontology"),
    ("/aikg/ontology/ComputeSupplier", "/ontology/ComputeSupplier"),
    ("/aikg/ontology/0.1.0", "/ontology"),
    ("/aikg/module/agents/0.1.0", "/module/agents"),
    ("/aikg/graph/main", "/graph/main"),
    ("/aikg/graph/outside/2026-01-01", "/graph/outside/2026-01-01"),
    ("/aikg/thing/openai.ttl", "/thing/openai.ttl"),
])
def test_each_iri_leads_to_its_document(port: int, path: str, target: str) -> None:
    assert asked(port, path) == (303, TARGET + target)


@pytest.mark.parametrize("path", [
    "/aikg/nothing", "/aikg/thing/a/b/c", "/aikg/thing/%0d%0aSet-Cookie:x",
    "/aikg/thing/%2e%2e/%2e%2e/x/y"])
def test_nothing_else_leads_anywhere(port: int, path: str) -> None:
    status, location = asked(port, path)
    assert status in (400, 403, 404)
    assert location is None


def asked(port: int, path: str) -> tuple[int, str | None]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Accept": "text/turtle"})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, response.getheader("Location")
