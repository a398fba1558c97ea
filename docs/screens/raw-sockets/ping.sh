# Loopback: the kernel answers.
try "raw-sockets ping 127.0.0.1 --count 2 --interval 100 2>/dev/null"
