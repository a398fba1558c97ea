//! What the program can be asked to do. Given.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use berkeley::Addr;
use lexopt::prelude::*;

/// How to call the program, in two lines.
pub const USAGE: &str = "\
usage: unix-sockets path|datagrams|abstract|credentials|pass-file
       --bind ADDR [OPTIONS], or --help";

/// What `--help` prints.
pub const HELP: &str = "\
usage: unix-sockets STAGE --bind ADDR [OPTIONS]

stages and their options:
  path                         an echo; ADDR is unix:/path
  datagrams    --log FILE      where datagrams are appended, one a line
  abstract                     an echo; ADDR is abstract:name
               --connect ADDR  instead of --bind: its client, stdin to stdout
  credentials  --allow-uid N   the one user who may ask (everyone)
  pass-file    --root DIR      the folder whose files are passed

every stage:
               --bind ADDR     where to listen: unix:/path, at most 107 bytes
                               (macOS: 103), or, on Linux, abstract:name, where
                               %XX stands for any byte

`READY ADDR` on stdout says that a connection will succeed. SIGTERM ends the
program.
";

/// How many bytes a path or an abstract name may have: `sun_path` without the zero byte that ends a
/// path, or begins an abstract name; unix(7).
const LONGEST: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Explain the command line.
    Help,
    /// Be a server, or a client.
    Run(Stage),
}

/// A stage with its options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// `path`
    Path {
        /// Where to listen.
        path: PathBuf,
    },
    /// `datagrams`
    Datagrams {
        /// Where to receive.
        bind: Addr,
        /// Where datagrams are appended.
        log: PathBuf,
    },
    /// `abstract`
    #[cfg(target_os = "linux")]
    Abstract {
        /// Where to listen, 1 to 107 bytes.
        name: Vec<u8>,
    },
    /// `abstract --connect`
    #[cfg(target_os = "linux")]
    AbstractClient {
        /// Where to connect to, 1 to 107 bytes.
        name: Vec<u8>,
    },
    /// `credentials`
    Credentials {
        /// Where to listen.
        bind: Addr,
        /// The one user who may ask; nothing, and everyone may.
        allow_uid: Option<u32>,
    },
    /// `pass-file`
    PassFile {
        /// Where to listen.
        bind: Addr,
        /// The folder whose files are passed.
        root: PathBuf,
    },
}

/// What stands on the command line behind the stage.
#[derive(Debug, Default)]
struct Options {
    bind: Option<Addr>,
    connect: Option<Addr>,
    log: Option<PathBuf>,
    allow_uid: Option<u32>,
    root: Option<PathBuf>,
}

/// Reads the command line. The error is a sentence for who typed it.
pub fn parse(mut parser: lexopt::Parser) -> Result<Request, lexopt::Error> {
    let name = match parser.next()? {
        Some(Value(name)) => name,
        Some(Long("help")) => return Ok(Request::Help),
        Some(other) => return Err(other.unexpected()),
        None => return Err("which stage?".into()),
    };
    let name = name.to_string_lossy();
    let mut options = Options::default();
    while let Some(argument) = parser.next()? {
        match (&*name, argument) {
            (_, Long("help")) => return Ok(Request::Help),
            (_, Long("bind")) => options.bind = Some(address(parser.value()?)?),
            ("abstract", Long("connect")) => options.connect = Some(address(parser.value()?)?),
            ("datagrams", Long("log")) => options.log = Some(parser.value()?.into()),
            ("credentials", Long("allow-uid")) => {
                options.allow_uid = Some(parser.value()?.parse()?);
            }
            ("pass-file", Long("root")) => options.root = Some(parser.value()?.into()),
            (_, other) => return Err(other.unexpected()),
        }
    }
    stage(&name, options).map(Request::Run)
}

/// The stage of this name with its options.
fn stage(name: &str, options: Options) -> Result<Stage, lexopt::Error> {
    let bind = options.bind.ok_or("--bind says where to listen");
    Ok(match name {
        "path" => match bind? {
            Addr::Path(path) => Stage::Path { path },
            _ => return Err("this stage listens at a path: --bind unix:/path".into()),
        },
        "datagrams" => Stage::Datagrams {
            bind: bind?,
            log: options.log.ok_or("--log says where datagrams go")?,
        },
        #[cfg(target_os = "linux")]
        "abstract" => match (bind, options.connect) {
            (Err(_), Some(addr)) => Stage::AbstractClient {
                name: abstract_name(addr)?,
            },
            (Ok(addr), None) => Stage::Abstract {
                name: abstract_name(addr)?,
            },
            _ => return Err("this stage takes either --bind or --connect".into()),
        },
        #[cfg(not(target_os = "linux"))]
        "abstract" => return Err("abstract names are Linux's alone, unix(7)".into()),
        "credentials" => Stage::Credentials {
            bind: bind?,
            allow_uid: options.allow_uid,
        },
        "pass-file" => Stage::PassFile {
            bind: bind?,
            root: options.root.ok_or("--root says which files are passed")?,
        },
        _ => return Err(format!("no stage is named {name}").into()),
    })
}

/// An address of a Unix socket that fits `sun_path`.
fn address(value: OsString) -> Result<Addr, lexopt::Error> {
    let text = value.string()?;
    let addr: Addr = text
        .parse()
        .map_err(|error| format!("{text:?} is no address: {error}"))?;
    let length = match &addr {
        Addr::Path(path) => path.as_os_str().as_bytes().len(),
        #[cfg(target_os = "linux")]
        Addr::Abstract(name) => name.len(),
        _ => return Err(format!("{text} is no address of a Unix socket").into()),
    };
    match length {
        0 => Err(format!("{text} has no name").into()),
        1..=LONGEST => Ok(addr),
        _ => Err(format!("{text} has {length} bytes, and {LONGEST} fit an address").into()),
    }
}

#[cfg(target_os = "linux")]
fn abstract_name(addr: Addr) -> Result<Vec<u8>, lexopt::Error> {
    match addr {
        Addr::Abstract(name) => Ok(name),
        _ => Err("this stage is about abstract names: abstract:name".into()),
    }
}
