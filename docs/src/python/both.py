"""One socket for both families tells each client its address: python3 both.py PORT"""

import socket
import sys

# An IPv6 socket at [::], with IPV6_V6ONLY off.
with socket.create_server(
    ("::", int(sys.argv[1])), family=socket.AF_INET6, dualstack_ipv6=True
) as s:
    print("READY [::]:%d" % s.getsockname()[1], flush=True)
    while True:
        connection, peer = s.accept()
        with connection:
            connection.sendall(b"%s\n" % peer[0].encode())
