# What `webget` does, call by call; the address is shortened, and what the loader does is left out.
serve python3 "$PY/page.py" 4711

FILTER=socket,connect,sendto,recvfrom,write,close
try "strace -o calls -s 28 -e trace=$FILTER \\
    client-basics webget http://127.0.0.1:4711/; echo"
say
ADDRESS='\{sa_family=AF_INET, sin_port=htons\(([0-9]+)\), sin_addr=inet_addr\("([0-9.]+)"\)\}'
calls | sed -n '/^socket(AF_INET/,$p' | sed -E "s/$ADDRESS/{\2:\1}/; s/ +=/ =/; / = /!d"
