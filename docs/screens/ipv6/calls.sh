# A dual-stack server, and a client of each family.
trace socket,setsockopt,bind,listen,accept4,sendto,write,close ipv6 dual --bind '[::]:4711'
nc -p 50601 ::1 4711 >/dev/null
nc -p 50604 127.0.0.1 4711 >/dev/null
# The kernel's flow label and scope are zero here; what reads the files of the loader is left out.
calls | sed -n '/^socket(AF_INET6/,$p' | sed '$d' | sed -E \
    -e 's/ sin6_flowinfo=htonl\(0\),//' -e 's/, sin6_scope_id=0\}/}/' -e 's/(sin6_port=htons\([0-9]+\),) /\1\n    /' \
    -e 's/\}, \[28\], SOCK_CLOEXEC\)/}, ...)/' -e 's/, \[128 => 28\], SOCK_CLOEXEC\)/, ...)/'
