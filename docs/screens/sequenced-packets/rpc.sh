# Stage rpc, spoken to by a dozen lines of Python and by socat; the third has the wrong type of socket.
cp "$PY/packets.py" .
say '$ sequenced-packets rpc --bind unix:rpc.sock &'
serve sequenced-packets rpc --bind unix:rpc.sock
said
try "python3 packets.py rpc.sock 'PUT hits 7' 'INCR hits' \$'PUT text two\nlines' 'GET text'"
try "printf 'GET hits' | socat - UNIX-CONNECT:rpc.sock,type=5; echo"
try "printf 'GET hits' | socat - UNIX-CONNECT:rpc.sock 2>&1 | sed 's/.* E //'"
