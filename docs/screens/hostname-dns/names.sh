# What the system's resolver makes of a name.
try "python3 $PY/resolve.py localhost"
