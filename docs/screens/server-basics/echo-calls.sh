# The calls of an echo server that serves one client.
trace network,write,close server-basics echo --bind 127.0.0.1:4712
try "printf 'ping\n' | nc -N 127.0.0.1 4712"
say
calls
