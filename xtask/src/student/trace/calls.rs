//! The system calls of a program, as `strace -f -ttt -T -y` writes them.

use std::collections::BTreeMap;

/// A call, a signal or the end of a process.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    /// When it was over, in milliseconds since 1970; when it began, if it never was.
    pub(super) at: f64,
    /// Which process or thread.
    pub(super) task: String,
    /// The call and what it gave back, shortened to what a learner looks for.
    pub(super) text: String,
    /// The error's name, if it was one.
    pub(super) errno: Option<String>,
}

/// What is told of a program that the check has ended.
const STOPPED: &str = "killed by the check";

/// From so many milliseconds on a call is said to have waited.
const WAITED: f64 = 1.0;

/// Calls on any descriptor; only those on sockets, and on the standard streams, are of interest.
const ON_DESCRIPTOR: [&str; 9] = [
    "read", "write", "readv", "writev", "close", "fcntl", "ioctl", "sendfile", "splice",
];

/// Reads what strace wrote about one program and its threads.
pub(super) fn parse(text: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    let mut pending: BTreeMap<&str, (f64, &str)> = BTreeMap::new();
    for line in text.lines() {
        let Some((task, rest)) = line.trim_start().split_once(' ') else {
            continue;
        };
        let Some((seconds, what)) = rest.trim_start().split_once(' ') else {
            continue;
        };
        let Ok(seconds) = seconds.parse::<f64>() else {
            continue;
        };
        let (at, what) = (seconds * 1000.0, what.trim());
        // Of a call in which the program was killed.
        let what = what.strip_suffix(") = ?").unwrap_or(what);
        if let Some(begun) = what.strip_suffix("<unfinished ...>") {
            pending.insert(task, (at, begun.trim_end()));
        } else if what.starts_with("<... ") {
            let behind = what.split_once("resumed>").map_or("", |(_, behind)| behind);
            if let Some((began, begun)) = pending.remove(task) {
                let glue = if begun.ends_with(',') { " " } else { "" };
                let whole = format!("{begun}{glue}{}", behind.trim_start());
                calls.extend(call(task, began, &whole));
            }
        } else {
            calls.extend(call(task, at, what));
        }
    }
    for (task, (at, begun)) in pending {
        if is_of_interest(begun) {
            calls.push(Call {
                at,
                task: task.to_owned(),
                text: format!("{} … and waits", tidy(begun).trim_end_matches([',', ' '])),
                errno: None,
            });
        }
    }
    calls.sort_by(|left, right| left.at.total_cmp(&right.at));
    let mut stopped = false;
    calls.retain(|call| call.text != STOPPED || !std::mem::replace(&mut stopped, true));
    calls
}

/// What happened to `task` from `began` on; nothing, if it is of no interest.
fn call(task: &str, began: f64, what: &str) -> Option<Call> {
    let told = |at: f64, text: String, errno: Option<String>| Call {
        at,
        task: task.to_owned(),
        text,
        errno,
    };
    if let Some(signal) = what.strip_prefix("--- ") {
        let name = signal.split(' ').next().unwrap_or_default();
        // What wakes threads and children that end is no business of sockets.
        return (name != "SIGCHLD").then(|| told(began, format!("{name} arrives"), None));
    }
    if let Some(end) = what.strip_prefix("+++ ") {
        let end = match end.trim_end_matches([' ', '+']) {
            // So a check ends what still runs, and every thread of it tells.
            "killed by SIGKILL" => STOPPED,
            end => end,
        };
        return Some(told(began, end.to_owned(), None));
    }
    if !is_of_interest(what) {
        return None;
    }
    let (what, took) = timed(what);
    let (asked, gave) = what.rsplit_once(" = ")?;
    let gave = without_kinds(gave);
    let mut words = gave.split(' ');
    let (value, name) = (words.next()?, words.next().unwrap_or_default());
    let (value, name) = match name {
        // What the kernel says to itself when a signal comes that has a handler: the program sees
        // EINTR (signal(7), "Interruption of system calls").
        "ERESTARTNOHAND" | "ERESTART_RESTARTBLOCK" => ("-1", "EINTR"),
        name => (value, name),
    };
    let errno = (value == "-1" && name.starts_with('E')).then(|| name.to_owned());
    let value = match &errno {
        Some(name) => format!("-1 {name}"),
        None => value.to_owned(),
    };
    let waited = if took >= WAITED {
        format!(" after {took:.1} ms")
    } else {
        String::new()
    };
    let asked = tidy(asked.trim_end());
    Some(told(
        began + took,
        format!("{asked} = {value}{waited}"),
        errno,
    ))
}

/// A call without the time that it took, and that time in milliseconds.
fn timed(what: &str) -> (&str, f64) {
    let timed = what
        .strip_suffix('>')
        .and_then(|what| what.rsplit_once(" <"));
    match timed.and_then(|(what, seconds)| Some((what, seconds.parse::<f64>().ok()?))) {
        Some((what, seconds)) => (what, seconds * 1000.0),
        None => (what, 0.0),
    }
}

fn is_of_interest(what: &str) -> bool {
    let Some((name, arguments)) = what.split_once('(') else {
        return false;
    };
    // What every Rust program does first: it looks whether its standard streams are open.
    if name == "poll" && arguments.starts_with("[{fd=0") && arguments.contains(", 3, 0)") {
        return false;
    }
    // How given code, signal-hook, finds out whether its pipe is a socket.
    if name == "sendto" && arguments.contains("<pipe:[") && arguments.contains(", \"\", 0,") {
        return false;
    }
    // How std makes sure that a descriptor is open before it closes it.
    if name == "fcntl" && arguments.contains(", F_GETFD)") {
        return false;
    }
    if !ON_DESCRIPTOR.contains(&name) {
        return true;
    }
    let Some((descriptor, kind)) = arguments.split_once('<') else {
        return false;
    };
    let standard = matches!(descriptor, "0" | "1" | "2");
    kind.starts_with("socket:") || standard && kind.starts_with("pipe:") && name != "close"
}

/// A call as a learner would write it: no kinds of descriptors, addresses as people write them.
fn tidy(call: &str) -> String {
    let mut tidied = without_kinds(call).replace("|SOCK_CLOEXEC", "");
    while let Some((before, address, after)) = address(&tidied) {
        tidied = format!("{before}{address}{after}");
    }
    for left_out in [
        ", NULL, NULL)",
        ", NULL, 0)",
        ", SOCK_CLOEXEC)",
        ", MSG_NOSIGNAL)",
    ] {
        tidied = tidied.replace(left_out, ")");
    }
    let flagless = ["recvfrom(", "sendto("];
    if flagless.iter().any(|name| tidied.starts_with(name)) {
        tidied = tidied.replace(", 0)", ")");
    }
    tidied
}

/// `text` without what `-y` says of descriptors: `3<socket:[12345]>` is `3`.
fn without_kinds(text: &str) -> String {
    let mut left = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('<') {
        left.push_str(before);
        let kinds = ["socket:", "pipe:", "anon_inode:", "/"];
        let is_kind = before.ends_with(|c: char| c.is_ascii_digit())
            && kinds.iter().any(|kind| behind.starts_with(kind));
        match behind.split_once('>') {
            Some((_, after)) if is_kind => rest = after,
            _ => {
                left.push('<');
                rest = behind;
            }
        }
    }
    left + rest
}

/// The first address in `text`, as people write it, and what stands around it. Its length, which
/// may follow in brackets, is left out.
fn address(text: &str) -> Option<(&str, String, &str)> {
    let (before, behind) = text.split_once("{sa_family=")?;
    let (fields, after) = behind.split_once('}')?;
    let between = |from: &str, to: &str| -> Option<&str> {
        Some(fields.split_once(from)?.1.split_once(to)?.0)
    };
    let written = if fields.starts_with("AF_INET6") {
        let (ip, port) = (
            between("AF_INET6, \"", "\"")?,
            between("sin6_port=htons(", ")")?,
        );
        format!("[{ip}]:{port}")
    } else if fields.starts_with("AF_INET") {
        let (ip, port) = (
            between("inet_addr(\"", "\"")?,
            between("sin_port=htons(", ")")?,
        );
        format!("{ip}:{port}")
    } else {
        fields
            .split_once("sun_path=")
            .map_or("AF_UNIX", |(_, path)| path)
            .to_owned()
    };
    Some((before, written, without_length(after)))
}

/// `text` without the length of an address that it begins with: `, 16` or `, [128 => 16]`.
fn without_length(text: &str) -> &str {
    let Some(length) = text.strip_prefix(", ") else {
        return text;
    };
    let is_length = |c: char| c.is_ascii_digit() || " =>[]".contains(c);
    let rest = length.trim_start_matches(is_length);
    if rest.starts_with([',', ')']) {
        rest
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        parse(text).into_iter().map(|call| call.text).collect()
    }

    #[test]
    fn calls_on_sockets_are_kept_and_read_as_one_would_write_them() {
        let text = r#"7 1.000000 read(3</lib/libc.so.6>, "\177ELF", 832) = 832 <0.000010>
7 1.001000 poll([{fd=0, events=0}, {fd=1, events=0}, {fd=2, events=0}], 3, 0) = 0 (Timeout) <0.000005>
7 1.002000 socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 3<socket:[71]> <0.000017>
7 1.003000 bind(3<socket:[71]>, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("127.0.0.1")}, 16) = 0 <0.000013>
7 1.004000 accept4(3<socket:[71]>, {sa_family=AF_INET6, sin6_port=htons(5), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, [28 => 28], SOCK_CLOEXEC) = 4<socket:[72]> <0.012500>
7 1.017000 recvfrom(4<socket:[72]>, "a <b> = c", 64, 0, NULL, NULL) = 9 <0.000003>
7 1.018000 write(1<pipe:[9]>, "READY 1\n", 8) = 8 <0.000003>
7 1.019000 connect(5<socket:[73]>, {sa_family=AF_UNIX, sun_path="/tmp/x"}, 110) = -1 ECONNREFUSED (Connection refused) <0.000003>
7 1.020000 close(4<socket:[72]>)  = 0 <0.000003>
7 1.020100 fcntl(4<socket:[72]>, F_GETFD) = 0x1 <0.000003>
7 1.021000 accept4(3<socket:[71]>,  <unfinished ...>) = ?
"#;
        assert_eq!(
            texts(text),
            [
                "socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3",
                "bind(3, 127.0.0.1:0) = 0",
                "accept4(3, [::1]:5) = 4 after 12.5 ms",
                r#"recvfrom(4, "a <b> = c", 64) = 9"#,
                r#"write(1, "READY 1\n", 8) = 8"#,
                r#"connect(5, "/tmp/x") = -1 ECONNREFUSED"#,
                "close(4) = 0",
                "accept4(3 … and waits",
            ]
        );
        let last = parse(text).into_iter().rfind(|call| call.errno.is_some());
        assert_eq!(
            last.and_then(|call| call.errno).as_deref(),
            Some("ECONNREFUSED")
        );
    }

    #[test]
    fn what_a_program_does_not_see_is_not_told() {
        let text = r#"7 1.000 sendto(6<pipe:[71]>, "", 0, MSG_DONTWAIT, NULL, 0) = -1 ENOTSOCK (Socket operation on non-socket) <0.000003>
7 1.001 ppoll([{fd=3<socket:[70]>, events=POLLIN}], 1, NULL, NULL, 0) = ? ERESTARTNOHAND (To be restarted if no handler) <0.009900>
7 1.011 --- SIGTERM {si_signo=SIGTERM, si_code=SI_USER} ---
7 1.020 +++ killed by SIGKILL +++
8 1.020 +++ killed by SIGKILL +++
"#;
        assert_eq!(
            texts(text),
            [
                "ppoll([{fd=3, events=POLLIN}], 1, NULL) = -1 EINTR after 9.9 ms",
                "SIGTERM arrives",
                "killed by the check",
            ]
        );
        let interrupted = parse(text).into_iter().find_map(|call| call.errno);
        assert_eq!(interrupted.as_deref(), Some("EINTR"));
    }

    #[test]
    fn a_call_stands_where_it_ended_and_one_without_end_where_it_began() {
        let text = "7 1.000 accept4(3<socket:[71]>,  <unfinished ...>\n\
             8 1.001 recvfrom(5<socket:[75]>,  <unfinished ...>\n\
             7 1.050 <... accept4 resumed>NULL, NULL, SOCK_CLOEXEC) = 4<socket:[72]> <0.050000>\n\
             7 1.060 --- SIGTERM {si_signo=SIGTERM, si_code=SI_USER} ---\n\
             7 1.061 +++ killed by SIGTERM +++\n";
        let calls = parse(text);
        assert_eq!(
            texts(text),
            [
                "recvfrom(5 … and waits",
                "accept4(3, NULL, NULL) = 4 after 50.0 ms",
                "SIGTERM arrives",
                "killed by SIGTERM",
            ]
        );
        assert_eq!((calls[0].task.as_str(), calls[1].task.as_str()), ("8", "7"));
        assert!((calls[1].at - 1050.0).abs() < 0.001);
    }
}
