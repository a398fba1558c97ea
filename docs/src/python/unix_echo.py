"""An echo at a Unix socket, as a first try writes it: python3 unix_echo.py PATH"""

import socket
import sys

with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as s:
    s.bind(sys.argv[1])
    s.listen()
    print("READY unix:" + sys.argv[1], flush=True)
    while True:
        connection, _ = s.accept()
        with connection:
            while data := connection.recv(4096):
                connection.sendall(data)
