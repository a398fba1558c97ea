# A request typed by hand, and the bytes that come back.
serve python3 "$PY/page.py" 4711

try "printf 'GET / HTTP/1.1\\r\\nHost: 127.0.0.1:4711\\r\\n\\r\\n' |
  nc 127.0.0.1 4711 | od -A d -t x1z"
