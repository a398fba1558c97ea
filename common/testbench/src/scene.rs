//! What a check's programs and peers share: the transcript, and who is who.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::program::Program;
use crate::transcript::Transcript;

/// How long a check waits for a program that does what it should, before it gives up.
/// Generous: a machine under full load must not make a right program wrong.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// How long a check may take in all. It ends the conversation with a program that is never
/// silent for long and never done.
pub(crate) const CHECK_LIMIT: Duration = Duration::from_secs(60);

#[derive(Debug, Clone)]
pub(crate) struct Scene {
    pub(crate) transcript: Transcript,
    /// When the check must be over.
    pub(crate) deadline: Instant,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    programs: Mutex<Vec<Program>>,
    peers: Mutex<Vec<(SocketAddr, String)>>,
    names: Mutex<Vec<String>>,
    folders: Mutex<Vec<PathBuf>>,
    raw_sockets_denied: AtomicBool,
    ping_sockets_denied: AtomicBool,
}

impl Scene {
    pub(crate) fn new() -> Self {
        Self {
            transcript: Transcript::new(),
            deadline: Instant::now() + CHECK_LIMIT,
            shared: Arc::default(),
        }
    }

    pub(crate) fn enter(&self, program: Program) {
        self.shared
            .programs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(program);
    }

    /// The programs that the check has started, in order; they leave the scene.
    pub(crate) fn dismiss(&self) -> Vec<Program> {
        std::mem::take(
            &mut *self
                .shared
                .programs
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    /// A name for a new peer in that role: `client`, then `client 2`, `client 3`.
    pub(crate) fn name(&self, role: &str) -> String {
        let mut names = self
            .shared
            .names
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let before = names.iter().filter(|name| *name == role).count();
        names.push(role.to_owned());
        if before == 0 {
            role.to_owned()
        } else {
            format!("{role} {}", before + 1)
        }
    }

    /// Remembers who has `addr`, so that the program's connections can be named.
    pub(crate) fn introduce(&self, addr: SocketAddr, name: &str) {
        self.shared
            .peers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((addr, name.to_owned()));
    }

    /// The peers by address.
    pub(crate) fn peers(&self) -> Vec<(SocketAddr, String)> {
        self.shared
            .peers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Denies raw sockets to the programs that start from here on.
    pub(crate) fn deny_raw_sockets(&self) {
        self.shared
            .raw_sockets_denied
            .store(true, Ordering::Relaxed);
    }

    /// Denies ping sockets to the programs that start from here on.
    pub(crate) fn deny_ping_sockets(&self) {
        self.shared
            .ping_sockets_denied
            .store(true, Ordering::Relaxed);
    }

    /// Whether programs may have ping sockets, where their stage is allowed them.
    pub(crate) fn ping_sockets(&self) -> bool {
        !self.shared.ping_sockets_denied.load(Ordering::Relaxed)
    }

    /// Whether programs may have raw sockets, where their stage is allowed them.
    pub(crate) fn raw_sockets(&self) -> bool {
        !self.shared.raw_sockets_denied.load(Ordering::Relaxed)
    }

    /// Lets the programs that start from here on read what is in `folder`.
    pub(crate) fn show(&self, folder: PathBuf) {
        self.shared
            .folders
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(folder);
    }

    /// The folders that programs may read. One that the check has dropped is there no more.
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        let shown = self
            .shared
            .folders
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        shown.iter().filter(|path| path.is_dir()).cloned().collect()
    }
}
