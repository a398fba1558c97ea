# The client's end of stream, said and not said.
serve server-basics lines --bind 127.0.0.1:4711

try "printf 'ADD 2 3\\n' | nc -N 127.0.0.1 4711; echo \"exit code \$?\""
try "printf 'ADD 2 3\\n' | timeout 2 nc 127.0.0.1 4711; echo \"exit code \$?\""
