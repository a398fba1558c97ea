# The Python server, as its terminal shows it.
serve python3 "$PY/server.py" 4711
say "\$ python3 $PY/server.py 4711"
said
