"""A client of sequenced packets: python3 packets.py SOCKET MESSAGE..."""

import socket
import sys

path, *messages = sys.argv[1:]

with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
    s.connect(path)
    for message in messages:
        s.send(message.encode())
    s.shutdown(socket.SHUT_WR)
    # One receive is one reply. No reply is empty, so b"" is the end.
    while reply := s.recv(65536):
        print(reply)
