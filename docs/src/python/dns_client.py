"""Asks a name server for the addresses of a name: python3 dns_client.py NAME PORT [HOST]"""

import secrets
import socket
import struct
import sys

name, port = sys.argv[1], int(sys.argv[2])
host = sys.argv[3] if len(sys.argv) > 3 else "127.0.0.1"

labels = [label.encode() for label in name.split(".")]
question = b"".join(bytes([len(label)]) + label for label in labels) + b"\0\0\1\0\1"
query = struct.pack("!6H", secrets.randbelow(65536), 0x0100, 1, 0, 0, 0) + question

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.settimeout(10)
    s.connect((host, port))
    s.send(query)
    reply = s.recv(512)
    # The answer to this query, and to no other: its id, and its question.
    while reply[:2] != query[:2] or reply[12 : len(query)] != question:
        reply = s.recv(512)

at = len(query)
for _ in range(struct.unpack_from("!H", reply, 6)[0]):
    while 0 < reply[at] < 192:
        at += 1 + reply[at]
    at += 2 if reply[at] else 1  # a name ends with a pointer, or with the root
    kind, _, _, length = struct.unpack_from("!HHIH", reply, at)
    at += 10 + length
    if kind == 1:
        print(socket.inet_ntoa(reply[at - length : at]))
