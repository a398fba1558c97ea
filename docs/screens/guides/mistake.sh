# One mistake, and what a student who made it would read.
workspace
cargo xtask verify server-basics/echo/echo-trims >/dev/null 2>&1
try "cargo xtask verify server-basics/echo/echo-trims --seed 00c0ffee00c0ffee"
