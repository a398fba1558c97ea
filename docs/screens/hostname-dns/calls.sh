# What `dig` does when the answer is too long for a datagram; addresses are shortened, and what
# the loader does is left out. The id differs in each run.
{
    echo 'lab.test. 3600 SOA ns1 admin 1 7200 900 1209600 300'
    for host in $(seq 40); do echo "many 300 A 192.0.2.$host"; done
} >zone
serve hostname-dns serve --zone zone --bind 127.0.0.1:5300

FILTER=socket,bind,connect,sendto,recvfrom,poll,close
try "strace -o calls -s 12 \\
    -e trace=$FILTER \\
    hostname-dns dig @127.0.0.1:5300 many.lab.test A | wc -l"
say
ADDRESS='\{sa_family=AF_INET, sin_port=htons\(([0-9]+)\), sin_addr=inet_addr\("([0-9.]+)"\)\}'
calls | sed -n '/^socket(AF_INET/,$p' | sed -E "s/$ADDRESS/{\2:\1}/; s/ +=/ =/; / = /!d"
