"""Sends a datagram and waits for one: python3 udp_client.py PORT [HOST] [TEXT]"""

import socket
import sys

port = int(sys.argv[1])
host = sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1"
text = sys.argv[3] if len(sys.argv) > 3 else "ping"

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.settimeout(10)
    # Nothing is sent by this; but now only that peer is heard, and a closed port is told.
    s.connect((host, port))
    s.send(text.encode())
    try:
        print(s.recv(65507).decode())
    except OSError as error:
        sys.exit(f"{host}:{port}: {error}")
