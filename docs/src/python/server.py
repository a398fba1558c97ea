"""What stage `greet` does: python3 server.py [PORT]"""

import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else 0

# create_server sets SO_REUSEADDR, binds and listens.
with socket.create_server(("127.0.0.1", port), backlog=5) as s:
    print("READY %s:%d" % s.getsockname(), flush=True)
    while True:
        connection, peer = s.accept()
        print("Connecting with", peer, file=sys.stderr)
        with connection:
            connection.sendall(b"Connection is successful")
