# The same sends over three types, into a buffer that is too short for the first.
cat >script <<'END'
send "hello"
send ""
send "bye"
end
receive 4
receive 4
receive 4
receive 4
END
try "cat script"
try "sequenced-packets compare < script"
