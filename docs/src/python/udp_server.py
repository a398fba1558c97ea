"""What stage `echo` of the lab udp does: python3 udp_server.py [PORT]"""

import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else 0

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.bind(("127.0.0.1", port))
    print("READY %s:%d" % s.getsockname(), flush=True)
    while True:
        # One call, one datagram: who sent it comes with it, for there is no connection.
        datagram, sender = s.recvfrom(65507)
        s.sendto(datagram, sender)
