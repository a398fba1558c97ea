# A sender without a name is recorded; one that is bound is answered, too.
say '$ unix-sockets datagrams --bind unix:log.sock --log log &'
serve unix-sockets datagrams --bind unix:log.sock --log log
said
try "printf 'disk full' | socat - UNIX-SENDTO:log.sock"
try "printf 'two\nlines' | socat - UNIX-SENDTO:log.sock,bind=me.sock; echo"
try "cat log"
