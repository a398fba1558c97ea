"""What calls say that do not wait: python3 would_block.py"""

import select
import socket


def told(call, *arguments):
    try:
        return call(*arguments)
    except OSError as error:
        return "%s, errno %d" % (type(error).__name__, error.errno)


def wait_until_readable(socket):
    select.select([socket], [], [])


with socket.create_server(("127.0.0.1", 0)) as listener:
    listener.setblocking(False)
    print("accept, and nobody is there  ", told(listener.accept))
    client = socket.create_connection(listener.getsockname())
    wait_until_readable(listener)
    server, _ = listener.accept()
    server.setblocking(False)
    print("recv, and nothing has come   ", told(server.recv, 100))
    wanted = 100_000_000
    taken = server.send(bytes(wanted))
    print("send of 100 megabytes        ", "took some of it" if taken < wanted else "took all")
    # The client's kernel takes some more, and then no more.
    while (said := told(server.send, b"x")) == 1:
        pass
    print("send, and there is no room   ", said)
    client.shutdown(socket.SHUT_WR)
    wait_until_readable(server)
    print("recv, after the client's end ", told(server.recv, 100))
