# The head of a record, and one check of it without its transcript.
workspace
mistake server-basics/lines/lines-one-read-one-message
record="cargo xtask grade server-basics/lines/answers_a_line_cut_in_two --seed 00c0ffee00c0ffee --format json"
$record >/dev/null 2>&1
say "\$ $record"
$record | sed -e 's,"kernel": "Linux [^"]*,"kernel": "Linux 6.12,' -e '/"transcript": \[$/,/^          \]/c\          "transcript": [ ... ],' -e 's/^\( *"stderr_head": "\).*/\1...",/'
