# A socket that is a file, spoken to by two tools; its server ends, and the file stays.
cp "$PY/unix_echo.py" .
say '$ python3 unix_echo.py echo.sock &'
serve python3 unix_echo.py echo.sock
said
try "stat -c '%A %n' echo.sock"
try "echo ping | nc -N -U echo.sock"
try "echo ping | socat - UNIX-CONNECT:echo.sock"
say '$ kill %1'
stop
try "stat -c '%A %n' echo.sock"
try "echo ping | nc -N -U echo.sock"
try "python3 unix_echo.py echo.sock 2>&1 | tail -n 1"
