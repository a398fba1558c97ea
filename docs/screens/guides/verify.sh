# The gates of one stage.
workspace
cargo xtask verify server-basics/echo >/dev/null 2>&1
try "cargo xtask verify server-basics/echo --seed 00c0ffee00c0ffee"
