# The first address refuses, the second answers.
say '$ ipv6 dual --bind [::]:4711 &'
serve ipv6 dual --bind '[::]:4711'
said
try "ipv6 fallback [::1]:4719 127.0.0.1:4711 | sed 's/:[0-9]*$/:PORT/'"
try "ipv6 fallback [::1]:4719 127.0.0.1:4719"
