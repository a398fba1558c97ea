//! A check's beginning: its id, its seed, its address, the programs it starts.

use std::cell::RefCell;
use std::env;
use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{OnceLock, PoisonError, RwLock};

use fastrand::Rng;

use crate::black_hole::BlackHole;
use crate::capture::Keep;
use crate::closed_port::ClosedPort;
use crate::datagram::{DatagramPeer, Fate};
use crate::descriptors;
use crate::dialogue::Dialogue;
use crate::failure::{Failure, Outcome};
use crate::folder::Folder;
use crate::id::Id;
use crate::listener::{self, Listener};
use crate::network::Network;
use crate::peer::{Peer, Wish};
use crate::program::{Input, Program};
use crate::scene::Scene;
use crate::server::Server;
use crate::settings;
use crate::verdict::{Graded, judge};

/// Checks that need the machine for themselves take this for writing.
static MACHINE: RwLock<()> = RwLock::new(());

/// What a check works with, `t` by custom.
#[derive(Debug)]
pub struct Bench {
    scene: Scene,
    rng: RefCell<Rng>,
    ip: IpAddr,
}

/// Runs a check. Its id is the path of the test function it stands in.
pub fn check<F: FnOnce(&Bench) -> Outcome>(story: F) -> Graded {
    let _shared = MACHINE.read().unwrap_or_else(PoisonError::into_inner);
    run(story)
}

/// As [`check`], while no other check of this process runs: for a story about the whole machine.
pub fn check_alone<F: FnOnce(&Bench) -> Outcome>(story: F) -> Graded {
    let _alone = MACHINE.write().unwrap_or_else(PoisonError::into_inner);
    run(story)
}

fn run<F: FnOnce(&Bench) -> Outcome>(story: F) -> Graded {
    let id = Id::of::<F>();
    let seed = seed();
    descriptors::raise_limit();
    let bench = Bench {
        scene: Scene::new(),
        rng: RefCell::new(Rng::with_seed(mix(seed, id.path))),
        ip: own_address(),
    };
    judge(id, seed, &bench.scene, || story(&bench))
}

impl Bench {
    /// Starts the program as a server of `stage`, on a port of this check's own address, and
    /// waits until it is READY.
    pub fn serve(&self, stage: &str, flags: &[&str]) -> Outcome<Server> {
        self.serve_on(SocketAddr::new(self.ip, 0), stage, flags)
    }

    /// As [`Self::serve`], on an address of the check's choice.
    pub fn serve_on(&self, addr: SocketAddr, stage: &str, flags: &[&str]) -> Outcome<Server> {
        let program = self.start_on(addr, stage, flags)?;
        Server::when_ready(program)
    }

    /// Starts the program as a server of `stage` on `addr`, for checks of how it fails to become READY.
    pub fn start_on(&self, addr: SocketAddr, stage: &str, flags: &[&str]) -> Outcome<Program> {
        self.start_at(&addr.to_string(), stage, flags)
    }

    /// As [`Self::start_on`], at an address as the program is told it.
    pub(crate) fn start_at(&self, addr: &str, stage: &str, flags: &[&str]) -> Outcome<Program> {
        let args: Vec<&str> = [stage, "--bind", addr]
            .into_iter()
            .chain(flags.iter().copied())
            .collect();
        Program::start(&args, Input::Nothing, Keep::Ends, &self.scene)
    }

    /// Starts the program with `args`, as a client; stdin is empty.
    pub fn run(&self, args: &[&str]) -> Outcome<Program> {
        Program::start(args, Input::Nothing, Keep::All, &self.scene)
    }

    /// Starts the program with `args`, as a client whose stdin the check writes: see
    /// [`Program::type_in`], [`Program::feed`].
    pub fn run_typing(&self, args: &[&str]) -> Outcome<Program> {
        Program::start(args, Input::Typed, Keep::All, &self.scene)
    }

    /// Starts the program with `args`, to answer what the check types.
    pub fn converse(&self, args: &[&str]) -> Outcome<Dialogue> {
        self.run_typing(args).map(Dialogue::with)
    }

    /// Starts the program as a client of `stage` and gives it with the server's end of its
    /// connection; its first argument is the server's address. The check writes its stdin.
    pub fn meet(&self, stage: &str, flags: &[&str]) -> Outcome<(Program, Peer)> {
        let listener = self.listen()?;
        let addr = listener.addr().to_string();
        let args = [&[stage, &addr], flags].concat();
        let program = self.run_typing(&args)?;
        let server = listener.accept(&program)?;
        Ok((program, server))
    }

    /// A TCP server for the program to connect to.
    pub fn listen(&self) -> Outcome<Listener> {
        Listener::new(self.ip, &Wish::default())
    }

    /// As [`Self::listen`], with wishes for the connections.
    pub fn listen_as(&self, wish: &Wish) -> Outcome<Listener> {
        Listener::new(self.ip, wish)
    }

    /// As [`Self::listen`], on another address of this machine, such as `::1`: skipped where there
    /// is no such address.
    pub fn listen_at(&self, ip: IpAddr) -> Outcome<Listener> {
        Listener::at(ip, &Wish::default())
    }

    /// A server of both protocols at one port, as DNS has them: a datagram peer in that role, and
    /// a TCP server at its address.
    pub fn server_of_both(&self, role: &str) -> Outcome<(DatagramPeer, Listener)> {
        let (socket, listener) = listener::of_both(self.ip)
            .map_err(|error| Failure::grader("listen on one port for both protocols", error))?;
        Ok((DatagramPeer::over(socket, role, &self.scene)?, listener))
    }

    /// An address where connections hang: neither accepted nor refused.
    pub fn black_hole(&self) -> Outcome<BlackHole> {
        BlackHole::new(self.ip)
    }

    /// An address where connections are refused.
    pub fn closed_port(&self) -> Outcome<ClosedPort> {
        ClosedPort::new(self.ip)
    }

    /// An address where datagrams are refused.
    pub fn closed_datagram_port(&self) -> Outcome<ClosedPort> {
        ClosedPort::for_datagrams(self.ip)
    }

    /// A peer with a datagram socket, in that role: `server`, `stranger`.
    pub fn datagram_peer(&self, role: &str) -> Outcome<DatagramPeer> {
        DatagramPeer::new(self.ip, role, &self.scene)
    }

    /// As [`Self::datagram_peer`], on another address of the check's.
    pub fn datagram_peer_at(&self, ip: IpAddr, role: &str) -> Outcome<DatagramPeer> {
        DatagramPeer::new(ip, role, &self.scene)
    }

    /// An empty folder for the programs that start from here on: what they may do in it, the
    /// rubric says of their stage (`allow`). They start in the first one. It is deleted at the end of
    /// the check.
    pub fn folder(&self) -> Outcome<Folder> {
        let folder = Folder::new()?;
        self.scene.show(folder.path().to_path_buf());
        Ok(folder)
    }

    /// A network of the check's own, whose hosts and routers the check plays. Skipped where there is
    /// none. It is shared with the other checks of this process: for [`check_alone`].
    pub fn network(&self) -> Outcome<Network> {
        Network::new(&self.scene)
    }

    /// What becomes of each of `count` datagrams, from the seed: as often as not it arrives.
    pub fn fates(&self, count: usize) -> Vec<Fate> {
        let fates = [
            Fate::Delivered,
            Fate::Delivered,
            Fate::Delivered,
            Fate::Lost,
            Fate::Doubled,
            Fate::Overtaken,
        ];
        (0..count).map(|_| fates[self.below(fates.len())]).collect()
    }

    /// This check's own address: a freed port comes round again, and here nobody else can have it.
    pub fn ip(&self) -> IpAddr {
        self.ip
    }

    /// A neighbour of [`Self::ip`] on the same machine, where no program was told to listen.
    pub fn other_ip(&self) -> Outcome<IpAddr> {
        match self.ip {
            IpAddr::V4(ip) if ip != Ipv4Addr::LOCALHOST => {
                let [a, b, c, _] = ip.octets();
                Ok(Ipv4Addr::new(a, b, c, 2).into())
            }
            _ => Err(Failure::lack("this machine has one loopback address only")),
        }
    }

    /// The name that this machine, or the box that check and program are in, calls itself
    /// (gethostname(2)).
    pub fn host_name(&self) -> String {
        let system = rustix::system::uname();
        system.nodename().to_string_lossy().into_owned()
    }

    /// A random number below `limit`, from the seed.
    pub fn below(&self, limit: usize) -> usize {
        self.rng.borrow_mut().usize(..limit)
    }

    /// A random number of that range, from the seed.
    pub fn number(&self, range: std::ops::RangeInclusive<i64>) -> i64 {
        self.rng.borrow_mut().i64(range)
    }

    /// Random bytes, from the seed: every value may occur.
    pub fn bytes(&self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.rng.borrow_mut().fill(&mut bytes);
        bytes
    }

    /// Random letters and digits, from the seed.
    pub fn word(&self, length: usize) -> String {
        let mut rng = self.rng.borrow_mut();
        (0..length).map(|_| rng.alphanumeric()).collect()
    }

    /// The same things in another order, from the seed.
    pub fn shuffled<T>(&self, mut things: Vec<T>) -> Vec<T> {
        self.rng.borrow_mut().shuffle(&mut things);
        things
    }

    /// Sizes of pieces to cut a message into, each from 1 to `most` bytes, from the seed.
    pub fn piece_sizes(&self, most: usize) -> Vec<usize> {
        (0..64).map(|_| 1 + self.below(most)).collect()
    }
}

/// The seed of this run: the runner's, else a fresh one.
fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| {
        let told = env::var(settings::SEED)
            .ok()
            .and_then(|text| u64::from_str_radix(&text, 16).ok());
        told.unwrap_or_else(|| RandomState::new().hash_one(std::process::id()))
    })
}

/// The seed of one check: the same whatever else runs, and in which order (FNV-1a).
fn mix(seed: u64, id: &str) -> u64 {
    let offset = 0xcbf2_9ce4_8422_2325 ^ seed;
    id.bytes().fold(offset, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// A loopback address that no other check of this process has; other processes seldom.
fn own_address() -> IpAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    if !cfg!(target_os = "linux") {
        // Elsewhere only 127.0.0.1 is configured.
        return Ipv4Addr::LOCALHOST.into();
    }
    let process = std::process::id() % 200;
    let check = NEXT.fetch_add(1, Ordering::Relaxed) % 250;
    // Both are below 256.
    let octet = |value: u32| u8::try_from(value + 1).unwrap_or(u8::MAX);
    Ipv4Addr::new(127, octet(process), octet(check.into()), 1).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_check_has_a_seed_of_its_own_and_the_same_each_time() {
        assert_eq!(mix(7, "lines::a"), mix(7, "lines::a"));
        assert_ne!(mix(7, "lines::a"), mix(7, "lines::b"));
        assert_ne!(mix(7, "lines::a"), mix(8, "lines::a"));
    }

    #[test]
    fn addresses_are_loopback_and_differ() {
        let (one, two) = (own_address(), own_address());
        assert!(one.is_loopback() && two.is_loopback());
        assert_ne!(one, two);
    }
}
