# What passes on a connection of stage pass-file: the client's side in bytes, then the server's calls.
cp "$PY/receive_file.py" .
mkdir files
echo 'be kind' >files/motd.txt
trace socket,bind,listen,accept4,recvfrom,sendmsg,openat,close unix-sockets pass-file --bind unix:open.sock --root files
try "python3 receive_file.py open.sock motd.txt"
say
# Up to the last close: behind it the server waits, in the middle of a line.
calls | sed -n '1,/^close(7)/p' | sed -e "s,$PWD/,/labs/," -e 's/, \(msg_control\(len\)\?=\)/,\n    \1/g'
