# What calls say that do not wait.
cp "$PY/would_block.py" .
try "python3 would_block.py"
