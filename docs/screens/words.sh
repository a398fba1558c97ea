# The words that screens are written with; `cargo xtask book --record` reads this before each script.
# A script runs in an empty folder, with `set -eu`, the solutions' programs on PATH, and in $PY the
# folder docs/src/python. What it prints becomes the block in the page. Linux, bash 4.4 or later.
#
#   say TEXT                prints a line; without TEXT an empty one
#   try "COMMAND"           prints `$ COMMAND`, runs it in bash, prints what it says; its exit code is in $status
#   serve COMMAND...        starts a server and waits for its READY line; it ends with the script
#   trace CALLS COMMAND...  the same under strace: its calls of that kind go to the file `calls`
#   calls                   prints that file from the first socket() on, without process ids
#   said                    prints what the server that was started last has written by now
#   stop                    ends the server that was started last with SIGTERM; its exit code is in $status
#   workspace               lays out a copy of this workspace here, for `cargo xtask`; its labs can be written to
#   mistake LAB/STAGE/ID    puts a mistake in the place of the stage's file in that copy

status=0
servers=()

# Who calls a tool that is missing is told so by --record, not by the screen.
command_not_found_handle() {
    echo "$1" >>"$TOLD/missing"
    return 127
}
export -f command_not_found_handle

say() {
    printf '%s\n' "$*"
}

try() {
    printf '$ %s\n' "$1"
    status=0
    local output
    output=$(bash --norc --noprofile -c "$1" 2>&1 </dev/null) || status=$?
    [ -z "$output" ] || printf '%s\n' "$output"
    [ ! -e "$TOLD/missing" ]
}

serve() {
    [ $# -gt 1 ] || eval "set -- $1"
    start "$@"
}

trace() {
    local filter=$1
    shift
    [ $# -gt 1 ] || eval "set -- $1"
    # -D: the server, not strace, is the child that is told to leave.
    start strace -D -f -e "trace=$filter" -o calls "$@"
    traced=$!
}

# Starts a server and waits for its READY line, no longer than it lives.
start() {
    type -P "$1" >/dev/null || command_not_found_handle "$1"
    log=$TOLD/server.${#servers[@]}
    # There before the server is, so that it can be looked into.
    : >"$log"
    "$@" </dev/null >"$log" 2>&1 &
    servers+=($!)
    local deadline=$((SECONDS + 20))
    until grep -q '^READY ' "$log"; do
        if ! kill -0 $! 2>/dev/null || [ "$SECONDS" -gt "$deadline" ]; then
            echo "no READY from: $*"
            cat "$log"
            exit 1
        fi
        sleep 0.02
    done
}

calls() {
    settled
    sed -E 's/^[0-9]+ +//' calls | sed -n '/^socket(/,$p'
}

# Waits until the traced server has nothing more to do: each of its threads sleeps, and strace
# writes nothing any more.
settled() {
    local before=-1 now
    [ -n "${traced-}" ] || return 0
    while kill -0 "$traced" 2>/dev/null; do
        now=$(stat -c %s calls)
        if [ "$now" = "$before" ] && ! cat /proc/"$traced"/task/*/stat | grep -qv '^[0-9]* (.*) S'; then
            return
        fi
        before=$now
        sleep 0.1
    done
}

said() {
    cat "$log"
}

stop() {
    local last=${servers[-1]}
    status=0
    kill "$last"
    wait "$last" 2>/dev/null || status=$?
    unset 'servers[-1]'
}

workspace() {
    local part
    for part in .cargo common docs solutions xtask; do
        ln -s "$ROOT/$part" "$part"
    done
    cp "$ROOT/Cargo.toml" "$ROOT/Cargo.lock" .
    cp -r "$ROOT/labs" labs
    export CARGO_TARGET_DIR=${CARGO_TARGET_DIR-$ROOT/target}
}

mistake() {
    local lab stage id
    IFS=/ read -r lab stage id <<<"$1"
    cp "solutions/$lab/mistakes/$id.rs" "labs/$lab/src/${stage//-/_}.rs"
}

leave() {
    local server
    for server in "${servers[@]}"; do
        kill "$server" 2>/dev/null && wait "$server" 2>/dev/null || true
    done
}
trap leave EXIT
