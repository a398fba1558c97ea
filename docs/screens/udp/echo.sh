# A datagram there and back, by a tool and by Python, and one that finds nobody.
serve python3 "$PY/udp_server.py" 4711

try "printf 'ping\\n' | nc -u -w 1 127.0.0.1 4711"
try "python3 $PY/udp_client.py 4711"
try "python3 $PY/udp_client.py 4799"
