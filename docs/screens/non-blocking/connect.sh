# Three kinds of answer: somebody listens, nobody does, and a backlog of 1 that is never emptied.
serve server-basics echo --bind 127.0.0.1:4711
serve server-basics by-hand --bind 127.0.0.1:4713 --backlog 1 --hold
try "non-blocking connect --deadline 300 127.0.0.1:4711 127.0.0.1:4712 127.0.0.1:4713 127.0.0.1:4713 127.0.0.1:4713"
