# An echo request: its sum, its bytes, and read again.
try "echo 'sum 0800 0000 0001 0002 6869' | raw-sockets checksum"
try "echo 'make-request 1 2 6869' | raw-sockets packets"
try "echo 'icmp 08008f93000100026869' | raw-sockets packets"
