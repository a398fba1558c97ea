"""A page in chunks, for stage `webget`: python3 page.py [PORT]"""

import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else 0

PAGE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"6\r\nhello \r\n5;name=value\r\nworld\r\n0\r\nExpires: 0\r\n\r\n"
)

with socket.create_server(("127.0.0.1", port)) as s:
    print("READY %s:%d" % s.getsockname(), flush=True)
    while True:
        connection, peer = s.accept()
        with connection, connection.makefile("rb") as request:
            # The request ends with an empty line; GET has no body.
            while request.readline() not in (b"\r\n", b""):
                pass
            connection.sendall(PAGE)
