//! What the kernel tells of a program, seen from outside.
//!
//! Sources: proc(5): `/proc/PID/{status,stat,task,fd}`, `task/TID/{schedstat,syscall}`, and the
//! socket tables `/proc/PID/net/tcp` and `tcp6`. Where there is no such `/proc` (macOS) every question is
//! answered with a [`Saw::Lack`](crate::failure::Saw::Lack), which skips the check.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Pid;
use rustix::time::{ClockId, clock_gettime};

use crate::failure::{Failure, Outcome};
use crate::scene::PATIENCE;

mod syscalls;

/// What given code calls a thread that only waits for signals.
const SIGNALS: &str = "signals";

/// The kernel's tables of TCP sockets, one a family.
const TCP_TABLES: [&str; 2] = ["net/tcp", "net/tcp6"];

/// How often a table of sockets is looked at for those that listen.
const LOOKS: usize = 3;

/// The facts about one process.
#[derive(Debug, Clone)]
pub struct Facts {
    proc: PathBuf,
}

/// A row of the tables of TCP sockets. An IPv4 address of an IPv6 socket stands as what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct TcpSocket {
    local: SocketAddr,
    remote: SocketAddr,
    listening: bool,
    connecting: bool,
    unread: u32,
    inode: u64,
}

impl Facts {
    /// The facts about the process `pid`.
    pub fn of(pid: Pid) -> Self {
        Self {
            proc: PathBuf::from(format!("/proc/{}", pid.as_raw_nonzero())),
        }
    }

    /// How many threads it has.
    pub fn threads(&self) -> Outcome<usize> {
        self.count("task")
    }

    /// How many descriptors it has open.
    pub fn descriptors(&self) -> Outcome<usize> {
        self.count("fd")
    }

    /// Memory in use, in bytes (the resident set, VmRSS).
    pub fn memory(&self) -> Outcome<u64> {
        self.status("VmRSS:")
    }

    /// The most memory that was ever in use, in bytes (VmHWM).
    pub fn peak_memory(&self) -> Outcome<u64> {
        self.status("VmHWM:")
    }

    /// Processor time of all its threads.
    pub fn cpu(&self) -> Outcome<Duration> {
        let tasks =
            fs::read_dir(self.proc.join("task")).map_err(|error| self.missing("task", &error))?;
        let spent = |task: &Path| -> Option<u64> {
            fs::read_to_string(task.join("schedstat"))
                .ok()?
                .split_ascii_whitespace()
                .next()?
                .parse()
                .ok()
        };
        // A thread that ends between the listing and the reading has spent its time already.
        Ok(Duration::from_nanos(
            tasks.flatten().filter_map(|task| spent(&task.path())).sum(),
        ))
    }

    /// How much processor time it uses, as a share of what a thread gets that computes all the
    /// time: near 0 when it waits, near 1 when one of its threads spins. The yardstick is a thread
    /// that burns `sample` of processor time meanwhile, so a busy machine slows both alike. While
    /// the program wants to run and has not got half as much, others keep it from a processor: then
    /// it is watched on.
    pub fn busy_share(&self, sample: Duration) -> Outcome<f64> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let before = self.cpu()?;
            let spent = burn(sample);
            let used = self.cpu()?.saturating_sub(before);
            let share = used.as_secs_f64() / spent.as_secs_f64();
            if share > 0.5 || !self.wants_to_run() || Instant::now() > deadline {
                return Ok(share);
            }
        }
    }

    /// Whether it is stopped by a signal (state T).
    pub(crate) fn is_stopped(&self) -> bool {
        state(&self.proc) == Some('T')
    }

    /// Whether a thread of it runs, or would if it got a processor (state R).
    fn wants_to_run(&self) -> bool {
        fs::read_dir(self.proc.join("task"))
            .is_ok_and(|tasks| tasks.flatten().any(|task| state(&task.path()) == Some('R')))
    }

    /// Whether every thread of it waits for something (state S): none runs, or wants to.
    pub fn is_asleep(&self) -> bool {
        let Ok(tasks) = fs::read_dir(self.proc.join("task")) else {
            return false;
        };
        tasks.flatten().all(|task| state(&task.path()) == Some('S'))
    }

    /// Whether it did nothing at all for a moment: asleep at every look, and no processor time used.
    pub(crate) fn rests(&self) -> bool {
        let before = self.cpu().ok();
        let asleep = (0..LOOKS).all(|_| {
            thread::sleep(Duration::from_millis(2));
            self.is_asleep()
        });
        asleep && before.is_some() && before == self.cpu().ok()
    }

    /// The addresses at which it listens for TCP connections, in order.
    pub fn listening(&self) -> Outcome<Vec<SocketAddr>> {
        let descriptors = fs::read_dir(self.proc.join("fd"));
        let descriptors = descriptors.map_err(|error| self.missing("fd", &error))?;
        let inodes: Vec<u64> = descriptors
            .flatten()
            .filter_map(|descriptor| socket_inode(&descriptor.path()))
            .collect();
        // The kernel's table is read in pieces, and others' sockets come and go meanwhile: a row can
        // stand in it twice, or be passed over. Each socket counts once, if one of several looks finds it.
        let mut found = BTreeMap::new();
        for _ in 0..LOOKS {
            let sockets = self.tcp_sockets().into_iter();
            let own = sockets.filter(|socket| socket.listening && inodes.contains(&socket.inode));
            found.extend(own.map(|socket| (socket.inode, socket.local)));
        }
        let mut addrs: Vec<SocketAddr> = found.into_values().collect();
        addrs.sort();
        Ok(addrs)
    }

    /// How many connections to `remote` are being made and not yet answered, by whomever.
    pub fn connecting_to(&self, remote: SocketAddr) -> usize {
        let under_way = |socket: &TcpSocket| socket.remote == remote && socket.connecting;
        self.tcp_sockets().into_iter().filter(under_way).count()
    }

    /// Bytes that came from anyone to `local` and were not yet read.
    pub(crate) fn unread_at(&self, local: SocketAddr) -> u64 {
        let here = |socket: &TcpSocket| socket.local == local && !socket.listening;
        let sockets = self.tcp_sockets().into_iter().filter(here);
        sockets.map(|socket| u64::from(socket.unread)).sum()
    }

    /// Bytes that came from `peer` and were not yet read, or nothing when there is no such
    /// connection, or no way to know.
    pub(crate) fn unread_from(&self, peer: SocketAddr) -> Option<u32> {
        // Table by table: the kernel takes a while to write one.
        TCP_TABLES
            .iter()
            .flat_map(|table| self.tcp_table(table))
            .find(|socket| socket.remote == peer && !socket.listening)
            .map(|socket| socket.unread)
    }

    /// What its threads are doing, for people: `in accept()`, `in recv() from client 2`.
    /// `peers` names the other ends of its connections.
    pub fn doing(&self, peers: &[(SocketAddr, String)]) -> Option<String> {
        let sockets = self.tcp_sockets();
        let mut doing: Vec<String> = Vec::new();
        for task in fs::read_dir(self.proc.join("task")).ok()?.flatten() {
            let read = |file| fs::read_to_string(task.path().join(file));
            // It waits for SIGTERM always, and that explains nothing.
            if read("comm").is_ok_and(|name| name.trim_end() == SIGNALS) {
                continue;
            }
            let Ok(line) = read("syscall") else {
                continue;
            };
            let what = self.call(&line, &sockets, peers);
            if !doing.contains(&what) {
                doing.push(what);
            }
        }
        doing.sort();
        let shown = doing.len().min(4);
        (shown > 0).then(|| doing[..shown].join(" and "))
    }

    /// A line of `task/TID/syscall` (proc_pid_syscall(5)): the number and the arguments of the
    /// call that the thread is blocked in, or `running`.
    fn call(&self, line: &str, sockets: &[TcpSocket], peers: &[(SocketAddr, String)]) -> String {
        let mut words = line.split_ascii_whitespace();
        let Some(number) = words.next().and_then(|word| word.parse().ok()) else {
            return "computing".to_owned();
        };
        let Some((name, on_descriptor)) = syscalls::name(number) else {
            return format!("in system call {number}");
        };
        if name == "futex" {
            return "waiting for another of its threads".to_owned();
        }
        let descriptor = words
            .next()
            .filter(|_| on_descriptor)
            .and_then(|word| u64::from_str_radix(word.trim_start_matches("0x"), 16).ok());
        let peer = descriptor.and_then(|descriptor| self.peer_of(descriptor, sockets, peers));
        match peer {
            Some(peer) => format!("in {name}() on the connection with {peer}"),
            None => format!("in {name}()"),
        }
    }

    fn peer_of(
        &self,
        descriptor: u64,
        sockets: &[TcpSocket],
        peers: &[(SocketAddr, String)],
    ) -> Option<String> {
        let inode = socket_inode(&self.proc.join("fd").join(descriptor.to_string()))?;
        let socket = sockets
            .iter()
            .find(|socket| socket.inode == inode && !socket.listening)?;
        let known = peers.iter().find(|(addr, _)| *addr == socket.remote);
        Some(known.map_or_else(|| socket.remote.to_string(), |(_, name)| name.clone()))
    }

    fn tcp_sockets(&self) -> Vec<TcpSocket> {
        let tables = TCP_TABLES.iter();
        tables.flat_map(|table| self.tcp_table(table)).collect()
    }

    fn tcp_table(&self, table: &str) -> Vec<TcpSocket> {
        let text = fs::read_to_string(self.proc.join(table)).unwrap_or_default();
        text.lines().skip(1).filter_map(tcp_socket).collect()
    }

    fn count(&self, folder: &str) -> Outcome<usize> {
        Ok(fs::read_dir(self.proc.join(folder))
            .map_err(|error| self.missing(folder, &error))?
            .count())
    }

    /// A line of `status` that counts kibibytes, in bytes.
    fn status(&self, name: &str) -> Outcome<u64> {
        let status = fs::read_to_string(self.proc.join("status"))
            .map_err(|error| self.missing("status", &error))?;
        let kibibytes = status
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .and_then(|rest| {
                rest.trim()
                    .trim_end_matches("kB")
                    .trim()
                    .parse::<u64>()
                    .ok()
            });
        // A process that has just ended has no memory any more.
        Ok(kibibytes.unwrap_or(0) * 1024)
    }

    fn missing(&self, file: &str, error: &io::Error) -> Failure {
        if Path::new("/proc/self/status").exists() {
            let path = self.proc.join(file);
            Failure::new(
                crate::failure::Saw::Exit,
                format!(
                    "the program ended while it was looked at ({}: {error})",
                    path.display()
                ),
            )
        } else {
            Failure::lack("this machine has no /proc to look into the program with")
        }
    }
}

/// The state of a process or a thread, from its `stat`: R runs, S waits, T is stopped.
fn state(folder: &Path) -> Option<char> {
    let stat = fs::read_to_string(folder.join("stat")).ok()?;
    // The name in parentheses can hold anything; the state stands behind the last one.
    stat.rsplit_once(')')?.1.trim_start().chars().next()
}

/// The inode of the socket that a descriptor's link, `socket:[4711]`, names, if it is one.
fn socket_inode(descriptor: &Path) -> Option<u64> {
    let link = fs::read_link(descriptor).ok()?;
    let inode = link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?;
    inode.parse().ok()
}

/// Computes until this thread has used `time` of a processor; gives what it used.
fn burn(time: Duration) -> Duration {
    let now = || {
        let now = clock_gettime(ClockId::ThreadCPUTime);
        // Both are non-negative: it is a clock of elapsed time.
        Duration::new(
            now.tv_sec.unsigned_abs(),
            u32::try_from(now.tv_nsec).unwrap_or(0),
        )
    };
    let began = now();
    // However starved this thread is, a check has to end.
    let limit = Instant::now() + Duration::from_secs(20).max(time * 20);
    loop {
        for _ in 0..10_000 {
            std::hint::spin_loop();
        }
        let spent = now().saturating_sub(began);
        if spent >= time || Instant::now() > limit {
            return spent.max(Duration::from_micros(1));
        }
    }
}

/// A line of `/proc/net/tcp`: `sl local remote st tx:rx tr:when retrnsmt uid timeout inode`.
fn tcp_socket(line: &str) -> Option<TcpSocket> {
    const SYN_SENT: &str = "02";
    const LISTEN: &str = "0A";
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let unread = words.get(4)?.split_once(':')?.1;
    Some(TcpSocket {
        local: hex_addr(words.get(1)?)?,
        remote: hex_addr(words.get(2)?)?,
        listening: *words.get(3)? == LISTEN,
        connecting: *words.get(3)? == SYN_SENT,
        unread: u32::from_str_radix(unread, 16).ok()?,
        inode: words.get(9)?.parse().ok()?,
    })
}

/// `0100007F:1F90`: the address is words of 32 bits as they lie in memory, one for IPv4 and four
/// for IPv6; the port is a number.
fn hex_addr(text: &str) -> Option<SocketAddr> {
    let (addr, port) = text.split_once(':')?;
    let word = |at: usize| {
        let digits = addr.get(8 * at..8 * at + 8)?;
        Some(u32::from_str_radix(digits, 16).ok()?.to_ne_bytes())
    };
    let ip = if addr.len() == 8 {
        IpAddr::V4(Ipv4Addr::from(word(0)?))
    } else {
        let words = [word(0)?, word(1)?, word(2)?, word(3)?];
        let bytes: [u8; 16] = words.concat().try_into().ok()?;
        IpAddr::V6(Ipv6Addr::from(bytes)).to_canonical()
    };
    Some(SocketAddr::new(ip, u16::from_str_radix(port, 16).ok()?))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::io::Write;
    use std::net::{TcpListener, TcpStream};

    fn own() -> Facts {
        Facts::of(rustix::process::getpid())
    }

    #[test]
    fn a_waiting_process_is_idle_and_a_spinning_one_is_busy() {
        let mut sleeper = std::process::Command::new("sleep")
            .arg("100")
            .spawn()
            .expect("sleep");
        let mut spinner = std::process::Command::new("sh")
            .args(["-c", "while :; do :; done"])
            .spawn()
            .expect("sh");
        let share = |child: &std::process::Child| {
            Facts::of(Pid::from_child(child))
                .busy_share(Duration::from_millis(50))
                .expect("a share")
        };
        let idle = share(&sleeper);
        let busy = share(&spinner);
        for child in [&mut sleeper, &mut spinner] {
            child.kill().and_then(|()| child.wait()).expect("an end");
        }
        assert!(idle < 0.5, "a sleeping process used {idle} of a processor");
        assert!(busy > 0.5, "a spinning process used {busy} of a processor");
    }

    #[test]
    fn who_waits_sleeps_and_who_spins_does_not() {
        let mut sleeper = std::process::Command::new("sleep")
            .arg("100")
            .spawn()
            .expect("sleep");
        let mut spinner = std::process::Command::new("sh")
            .args(["-c", "while :; do :; done"])
            .spawn()
            .expect("sh");
        let facts = |child: &std::process::Child| Facts::of(Pid::from_child(child));
        let deadline = Instant::now() + Duration::from_secs(10);
        while !(facts(&sleeper).is_asleep() && facts(&sleeper).rests()) {
            assert!(Instant::now() < deadline, "it never fell asleep");
        }
        assert!(!facts(&spinner).is_asleep());
        assert!(!facts(&spinner).rests());
        for child in [&mut sleeper, &mut spinner] {
            child.kill().and_then(|()| child.wait()).expect("an end");
        }
    }

    #[test]
    fn unread_bytes_are_told_until_they_are_read() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
        let mut client =
            TcpStream::connect(listener.local_addr().expect("an address")).expect("a client");
        let (mut accepted, peer) = listener.accept().expect("a connection");
        client.write_all(b"seven b").expect("room");
        let deadline = Instant::now() + Duration::from_secs(10);
        while own().unread_from(peer) != Some(7) {
            assert!(Instant::now() < deadline, "7 unread bytes never showed");
        }
        io::Read::read_exact(&mut accepted, &mut [0; 7]).expect("7 bytes");
        assert_eq!(own().unread_from(peer), Some(0));
        let local = accepted.local_addr().expect("an address");
        client.write_all(b"five!").expect("room");
        while own().unread_at(local) != 5 {
            assert!(Instant::now() < deadline, "5 unread bytes never showed");
        }
    }

    #[test]
    fn a_blocked_thread_is_told_with_its_peer() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
        let client =
            TcpStream::connect(listener.local_addr().expect("an address")).expect("a client");
        let (mut accepted, peer) = listener.accept().expect("a connection");
        let reader = std::thread::spawn(move || io::Read::read(&mut accepted, &mut [0; 1]));
        let deadline = Instant::now() + Duration::from_secs(10);
        let expected = "on the connection with client";
        while !own()
            .doing(&[(peer, "client".to_owned())])
            .is_some_and(|text| text.contains(expected))
        {
            assert!(Instant::now() < deadline, "the reading thread never showed");
        }
        drop(client);
        assert_eq!(
            reader.join().expect("no panic").expect("an end of stream"),
            0
        );
    }

    #[test]
    fn addresses_of_both_families_are_read() {
        let read = |text| hex_addr(text).map(|addr| addr.to_string());
        if cfg!(target_endian = "little") {
            let ipv6 = "B80D0120000000000000000001000000:0050";
            assert_eq!(read(ipv6).as_deref(), Some("[2001:db8::1]:80"));
            let mapped = "0000000000000000FFFF00000100007F:1F90";
            assert_eq!(read(mapped).as_deref(), Some("127.0.0.1:8080"));
            assert_eq!(read("0100007F:1F90").as_deref(), Some("127.0.0.1:8080"));
        }
        assert_eq!(read("0100007F"), None);
        assert_eq!(read("0100007F0100007F:0050"), None);
    }

    #[test]
    fn listeners_are_found_by_their_descriptors() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
        let addr = listener.local_addr().expect("an address");
        assert!(own().listening().expect("a list").contains(&addr));
        drop(listener);
        assert!(!own().listening().expect("a list").contains(&addr));
    }

    #[test]
    fn threads_descriptors_and_memory_are_counted() {
        let before = own().descriptors().expect("a count");
        let files: Vec<_> = (0..10)
            .map(|_| fs::File::open("/dev/null").expect("a file"))
            .collect();
        // Other tests open and close some at the same time.
        assert!(own().descriptors().expect("a count") + 8 >= before + files.len());
        assert!(own().threads().expect("a count") >= 1);
        let memory = own().memory().expect("a size");
        assert!(memory > 100_000 && own().peak_memory().expect("a size") >= memory / 2);
    }
}
