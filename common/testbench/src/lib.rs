//! What checks are written with.
//!
//! A check is an ordinary `#[test]` that plays the program's peer and says, in its
//! last words, what to learn when the program answers wrongly:
//!
//! ```no_run
//! use testbench::prelude::*;
//!
//! /// The line comes in two segments; TCP keeps no message boundaries.
//! # /*
//! #[test]
//! # */
//! fn answers_a_line_cut_in_two() -> Graded {
//!     check(|t| {
//!         let server = t.serve("lines", &[])?;
//!         let mut client = server.connect()?;
//!         client.send("ADD 2")?;
//!         client.pause();
//!         client.send(" 3\n")?;
//!         client.expect("5\n").teaches("TCP gave you part of the line; keep what you have and read again until the newline arrives.")
//!     })
//! }
//! # answers_a_line_cut_in_two();
//! ```
//!
//! The program is a child process and is judged from outside only: by what it sends
//! ([`peer`]), by what the kernel tells of it ([`facts`]), by how it ends ([`program`]).
//! Every wait has a deadline, and a failure says who waited for what ([`failure`]).
//! Verdicts leave on a channel that no program can reach ([`verdict`]).

pub mod allowance;
pub mod bench;
pub mod black_hole;
pub mod bytes;
mod capture;
pub mod closed_port;
pub mod credentials;
pub mod datagram;
mod descriptors;
pub mod dialogue;
pub mod facts;
pub mod failure;
mod fifo;
pub mod folder;
mod id;
pub mod internet;
pub mod ipv6;
pub mod listener;
pub mod network;
pub mod packet_listener;
pub mod packet_peer;
pub mod peer;
pub mod program;
pub mod record;
pub mod rights;
pub mod scene;
pub mod server;
pub mod settings;
pub mod source;
mod text;
pub mod tftp;
pub mod tool;
pub mod transcript;
pub mod unix_address;
pub mod unix_listener;
pub mod unix_sender;
pub mod unix_server;
pub mod verdict;

/// What a check's file imports.
pub mod prelude {
    pub use crate::bench::{Bench, check, check_alone};
    pub use crate::datagram::{DatagramPeer, Fate};
    pub use crate::dialogue::Dialogue;
    pub use crate::failure::{Failure, Outcome, Saw, Teaches, differs, wrong};
    pub use crate::folder::Folder;
    pub use crate::ipv6::V6OnlyByDefault;
    pub use crate::listener::Listener;
    pub use crate::network::Network;
    pub use crate::packet_peer::PacketPeer;
    pub use crate::peer::{Peer, Wish};
    pub use crate::program::Program;
    pub use crate::scene::PATIENCE;
    pub use crate::server::Server;
    pub use crate::unix_address::UnixAddr;
    pub use crate::unix_sender::UnixSender;
    pub use crate::unix_server::UnixServer;
    pub use crate::verdict::Graded;
}
