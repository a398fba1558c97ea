# A workspace in which greet and echo are done, lines takes one read for one line, and the rest is not written.
workspace
cp solutions/server-basics/src/{greet,echo}.rs labs/server-basics/src
mistake server-basics/lines/lines-one-read-one-message
# Once without a screen: it may have to compile the checks.
cargo xtask grade server-basics >/dev/null 2>&1
try "cargo xtask grade server-basics --seed 00c0ffee00c0ffee"
