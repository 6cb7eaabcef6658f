# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy for apt that hands on so many bytes, and then is gone. Runs on the host.

It stands for a mirror that goes away in the middle: apt's own proxy setting leads to it.
"""

from __future__ import annotations

import http.server
import os
import shutil
import sys
import typing as t
import urllib.request

_left = int(sys.argv[2])


class Measured:
    """A connection that takes part in the count."""

    def __init__(self, file: t.BinaryIO) -> None:
        self._file = file

    def write(self, data: bytes) -> None:
        global _left
        self._file.write(data[:_left])
        _left -= len(data)
        if _left <= 0:
            os._exit(0)


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(self.path, timeout=20) as answer:
                self.send_response(200)
                for name in ("Content-Length", "Last-Modified"):
                    if answer.headers.get(name):
                        self.send_header(name, answer.headers[name])
                self.end_headers()
                shutil.copyfileobj(answer, t.cast("t.Any", Measured(t.cast("t.BinaryIO", self.wfile))))
        except urllib.error.HTTPError as error:
            self.send_error(error.code)

    def log_message(self, *_args: t.Any) -> None:
        pass


if __name__ == "__main__":
    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Proxy).serve_forever()
