//! What every program may do, and what some may be allowed.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{self, UnixListener, UnixStream};
use std::time::Duration;
use std::{env, process, thread};

use super::raw::{call, raise};
use super::trial::{Attempt, folder};

pub(crate) const ATTEMPTS: &[Attempt] = &[
    ("talk over IPv4", || talk([127, 0, 0, 1].into())),
    ("talk over IPv6", || {
        talk(std::net::Ipv6Addr::LOCALHOST.into())
    }),
    ("send datagrams", || {
        let receiver = UdpSocket::bind("127.0.0.1:0")?;
        let sender = UdpSocket::bind("127.0.0.1:0")?;
        sender.send_to(b"hello", receiver.local_addr()?)?;
        receiver.set_read_timeout(Some(Duration::from_secs(5)))?;
        same(receiver.recv(&mut [0; 16])?, 5)
    }),
    ("talk in a pair", || {
        let (mut left, mut right) = UnixStream::pair()?;
        left.write_all(b"hello")?;
        same(right.read(&mut [0; 16])?, 5)
    }),
    ("start threads", || {
        let threads: Vec<_> = (0..32).map(|n| thread::spawn(move || n)).collect();
        same(
            threads
                .into_iter()
                .filter_map(|t| t.join().ok())
                .sum::<usize>(),
            496,
        )
    }),
    ("panic in a thread", || {
        same(
            usize::from(thread::spawn(|| panic!("on purpose")).join().is_err()),
            1,
        )
    }),
    ("signal itself", || {
        call(libc::SYS_kill, [process::id().into(), 0])?;
        raise(0)
    }),
    ("limit itself", || {
        let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
        Ok(rustix::process::setrlimit(
            rustix::process::Resource::Nofile,
            limit,
        )?)
    }),
    ("use a hundred megabytes", || {
        same(std::hint::black_box(vec![1_u8; 100 << 20]).len(), 100 << 20)
    }),
    // What a rubric may allow.
    ("talk by an abstract name", || {
        let name = net::SocketAddr::from_abstract_name(format!("hostile-{}", process::id()))?;
        let listener = UnixListener::bind_addr(&name)?;
        UnixStream::connect_addr(&name)?.write_all(b"hello")?;
        same(listener.accept()?.0.read(&mut [0; 16])?, 5)
    }),
    ("keep a path socket in its folder", || {
        let path = folder().join("socket");
        let listener = UnixListener::bind(&path)?;
        fs::set_permissions(&path, Permissions::from_mode(0o600))?;
        UnixStream::connect(&path)?.write_all(b"hello")?;
        same(listener.accept()?.0.read(&mut [0; 16])?, 5)?;
        fs::remove_file(&path)
    }),
    ("make a file in its folder", || {
        fs::File::create_new(folder().join("made")).map(drop)
    }),
    ("read its file", || {
        fs::read(folder().join("file")).map(drop)
    }),
    ("write its file", || {
        OpenOptions::new()
            .append(true)
            .open(folder().join("file"))?
            .write_all(b"more")
    }),
    // These end the process.
    ("panic", || panic!("on purpose")),
    ("abort", || process::abort()),
    ("overflow the stack", || same(deeper(0), 0)),
    ("raise SIGTERM", || raise(libc::SIGTERM)),
    ("exit with 7", || process::exit(7)),
    ("spin", || {
        loop {
            std::hint::spin_loop();
        }
    }),
    // These tell, on a line of their own.
    ("count threads", || count_threads(256 << 10)),
    ("count small threads", || count_threads(16 << 10)),
    ("count descriptors", || {
        let opened: Vec<_> = std::iter::from_fn(|| UdpSocket::bind("127.0.0.1:0").ok()).collect();
        println!("{} descriptors", opened.len());
        Ok(())
    }),
    ("tell about itself", || {
        println!("environment: {:?}", env::vars_os().collect::<Vec<_>>());
        println!("folder: {}", env::current_dir()?.display());
        println!(
            "leads its session: {}",
            rustix::process::getsid(None)? == rustix::process::getpid()
        );
        println!("user: {}", rustix::process::getuid());
        println!(
            "open: {:?}",
            (3..1024).filter(|fd| open(*fd)).collect::<Vec<i64>>()
        );
        let sets = rustix::thread::capabilities(None)?;
        println!("capabilities: {:?}", sets.permitted);
        Ok(())
    }),
    ("wait for a client", || {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        println!("{}", listener.local_addr()?);
        listener.accept().map(drop)
    }),
];

/// Starts threads, which sleep until this process is gone, until it can start no more.
fn count_threads(stack: usize) -> io::Result<()> {
    let started = (0..5000)
        .map_while(|_| {
            let wait = || thread::sleep(Duration::from_secs(60));
            thread::Builder::new().stack_size(stack).spawn(wait).ok()
        })
        .count();
    println!("{started} threads");
    process::exit(0)
}

fn talk(host: std::net::IpAddr) -> io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::new(host, 0))?;
    let mut client = TcpStream::connect(listener.local_addr()?)?;
    client.set_nodelay(true)?;
    client.write_all(b"hello")?;
    same(listener.accept()?.0.read(&mut [0; 16])?, 5)
}

fn open(fd: i64) -> bool {
    call(libc::SYS_fcntl, [fd, libc::F_GETFD.into()]).is_ok()
}

#[allow(unconditional_recursion, reason = "it is there to overflow the stack")]
fn deeper(depth: usize) -> usize {
    deeper(std::hint::black_box(depth) + 1) + std::hint::black_box(1)
}

fn same(seen: usize, expected: usize) -> io::Result<()> {
    if seen == expected {
        return Ok(());
    }
    Err(io::Error::other(format!("{seen} instead of {expected}")))
}
