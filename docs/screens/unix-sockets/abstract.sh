# A name that is no file: ls does not know it, the kernel's table does.
say '$ unix-sockets abstract --bind abstract:labs-4711 &'
serve unix-sockets abstract --bind abstract:labs-4711
said
try "echo ping | socat - ABSTRACT-CONNECT:labs-4711"
try "ls"
try "grep -o '@labs-4711' /proc/net/unix | sort -u"
