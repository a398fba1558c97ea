# One request over a raw socket on loopback, in a network of its own whose ping_group_range names nobody.
# Of each packet the first byte and, behind the rest of the header, the first two of the message are shown.
unshare --user --map-root-user --net sh -c 'ip link set lo up
    exec strace -e trace=network,ppoll -e write=none -xx -s 22 -o calls raw-sockets ping 127.0.0.1 --count 1' >/dev/null 2>&1
ADDRESS='\{sa_family=AF_INET, sin_port=htons\(([0-9]+)\), sin_addr=inet_addr\("[^"]+"\)\}'
calls | grep -v '^+++' | sed -E "s/$ADDRESS/{127.0.0.1}/g; s/ +=/ =/; s/tv_nsec=[0-9]+/tv_nsec=.../; s/left \{[^}]*\}/left {...}/
    s/(recvfrom\(3, \"\\\\x45)(\\\\x..){19}/\1 ... /; s/(sendto\(3, \"\\\\x08\\\\x00)(\\\\x..)*\"/\1\"/"
