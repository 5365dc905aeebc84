"""Load a file of N-Triples into a Virtuoso of its own and say how long that took.

    python benchmarks/virtuoso.py FILE FOLDER

Takes the commands virtuoso-t and isql-vt (or isql), as Debian's virtuoso-opensource has them. Part
of benchmarks/scale.py, which measures this process with the server that it starts.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

INI = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{port}
DisableUnixSocket = 1
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
DirsAllowed = {folder}
"""
COUNT = ("set banner off; set verbose off; set types off; set blobs on; SPARQL SELECT COUNT(*) "
         "FROM <https://w3id.org/aikg/graph/main> WHERE { ?s ?p ?o };")
LOAD = ("log_enable(2, 1); DB.DBA.TTLP_MT(file_to_string_output('{path}'), '', "
        "'https://w3id.org/aikg/graph/main', 255); checkpoint;")


def main() -> None:
    """Start, load, stop."""
    path, folder = (Path(argument).resolve() for argument in sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "virtuoso.ini").write_text(INI.format(port=port, folder=path.parent), "utf-8")
    server = subprocess.Popen(["virtuoso-t", "-f", "-c", "virtuoso.ini"], cwd=folder,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        begin = time.perf_counter()
        _tell(port, LOAD.format(path=path))
        seconds = time.perf_counter() - begin
        print(json.dumps({"seconds": seconds, "triples": int(_tell(port, COUNT).split()[-1])}))
    finally:
        server.terminate()
        server.wait(60)


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("virtuoso-t does not start")


def _tell(port: int, commands: str) -> str:
    tool = shutil.which("isql-vt") or shutil.which("isql") or "isql-vt"
    done = subprocess.run([tool, str(port), "dba", "dba", f"exec={commands}"], text=True,
                          capture_output=True, env=dict(os.environ), timeout=3600)
    if done.returncode or "Error" in done.stdout + done.stderr:
        raise SystemExit(f"virtuoso: {(done.stdout + done.stderr)[-300:]}")
    return done.stdout


if __name__ == "__main__":
    main()
