# One IPv6 socket, a client of each family, and a server that comes too late for its port.
cp "$PY/both.py" .
say '$ python3 both.py 4711 &'
serve python3 both.py 4711
said
try "nc ::1 4711"
try "nc 127.0.0.1 4711"
try "nc -l 127.0.0.1 4711"
try "ipv6 echo --bind [::1]:4711"
