"""Many echo clients in one thread: HOST PORT COUNT.

All connect before any speaks; then each sends words and longer messages, reads them back, half-closes, and
waits for the end of the stream. Prints how many found everything as it should be.
"""

import asyncio
import resource
import sys


async def exchange(reader, writer, message):
    writer.write(message)
    back = await reader.readexactly(len(message))
    return back == message


async def talk(number, reader, writer, everyone):
    await everyone.wait()
    good = True
    for size in (1, 100, 5_000, 40_000 if number % 10 == 0 else 10):
        good &= await exchange(reader, writer, bytes((number + i) % 256 for i in range(size)))
    writer.write_eof()
    good &= await reader.read() == b""
    writer.close()
    return good


async def main(host, port, count):
    connections = []
    for _ in range(count):
        connections.append(await asyncio.open_connection(host, port))
    everyone = asyncio.Event()
    tasks = [
        asyncio.create_task(talk(number, *connection, everyone))
        for number, connection in enumerate(connections)
    ]
    everyone.set()
    found = await asyncio.gather(*tasks)
    print(f"{sum(found)} of {count}")


_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 4096), most))
asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
