"""A client of stage `pass-file`: python3 receive_file.py SOCKET NAME"""

import os
import socket
import sys

path, name = sys.argv[1:]

with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as s:
    s.connect(path)
    s.sendall(b"OPEN " + name.encode() + b"\n")
    # Room for one descriptor of 4 bytes beside the reply; what has no room is closed.
    reply, beside, flags, _ = s.recvmsg(4096, socket.CMSG_SPACE(4))
    print("reply ", reply)
    for level, kind, data in beside:
        rights = (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS)
        print("beside", "SCM_RIGHTS" if rights else (level, kind), data)
        if rights:
            with open(int.from_bytes(data, sys.byteorder), "rb") as file:
                print("file  ", file.read())
