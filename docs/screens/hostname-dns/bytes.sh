# A query made by hand, and the bytes of its answer.
serve python3 "$PY/dns_server.py" 5300

try "printf '\\0\\7\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\3www\\3lab\\4test\\0\\0\\1\\0\\1' |
  nc -u -w 1 127.0.0.1 5300 | od -A d -t x1z"
