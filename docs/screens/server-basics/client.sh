# Two clients of the Python server.
serve python3 "$PY/server.py" 4711
try "nc 127.0.0.1 4711"
say
try "python3 $PY/client.py 4711"
