# A client of the lines server.
serve server-basics lines --bind 127.0.0.1:4711
try "printf 'ADD 2 3\nDIV 1 0\n' | nc -N 127.0.0.1 4711"
