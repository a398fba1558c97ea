#!/usr/bin/env bash
# Runs once, while Gradescope builds the image: tools, compiler, and everything that can be built ahead.
set -euo pipefail
root=${AUTOGRADER_ROOT:-/autograder}
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends bubblewrap ca-certificates curl gcc libc6-dev python3
if ! command -v cargo >/dev/null; then
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal
fi
export PATH="$HOME/.cargo/bin:$PATH"
cd "$root/source/course"
cargo fetch --locked
# Builds the runner and the checks, and shows in the build's log that the solutions have all points.
mapfile -t labs <"$root/source/labs.txt"
cargo xtask grade --solutions "${labs[@]}"
