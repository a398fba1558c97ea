"""What this machine says of a name, or of its own: python3 resolve.py [NAME]"""

import socket
import sys

if len(sys.argv) > 1:
    try:
        # The hosts file first, then DNS, as the system is told: one call for both families.
        found = socket.getaddrinfo(sys.argv[1], None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        sys.exit(f"{sys.argv[1]}: {error}")
    for family, kind, protocol, canonical, address in found:
        print(address[0])
else:
    print(socket.gethostname())
