# A server with one thread and two clients: one silent, one that says a word and leaves.
trace socket,ppoll,poll,accept4,recvfrom,sendto,close non-blocking poll --bind 127.0.0.1:4711
# The silent one.
exec 9<>/dev/tcp/127.0.0.1/4711
until [ "$(grep -c accept4 calls)" = 2 ]; do sleep 0.02; done
# Its word and its end are kept apart, so that each is a turn of its own.
{
    printf 'ping\n'
    until grep -q sendto calls; do sleep 0.02; done
} | nc -N 127.0.0.1 4711 >/dev/null
calls | sed -n '/^ppoll/,$p' | sed -E \
    -e 's/\{sa_family[^}]*\}, \[128 => 16\]/.../' -e 's/0x[0-9a-f]+, \[128\]/.../' \
    -e 's/, NULL, NULL, 8\)/, ...)/' -e 's/(\], [0-9], )NULL, NULL, 8$/\1.../' -e 's/\) = 1 \(/)\n    = 1 (/'
