"""A client of stage `greet`: python3 client.py PORT [HOST]"""

import socket
import sys

port = int(sys.argv[1])
host = sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1"

with socket.create_connection((host, port)) as s:
    print(s.recv(1024).decode())
