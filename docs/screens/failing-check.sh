# What a student reads who took one read for one line; the overview above it is left out.
workspace
mistake server-basics/lines/lines-one-read-one-message
grade="cargo xtask grade server-basics/lines/answers_a_line_cut_in_two"
# Once without a screen: it may have to compile the checks.
$grade >/dev/null 2>&1
say "\$ $grade"
say "..."
$grade | sed -n '/fail.*a line in two/,$p'
