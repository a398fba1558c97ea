//! What a box shows to the process in it.

use std::{env, fs, io};

/// Prints it, a line for each thing.
pub(crate) fn look() -> io::Result<()> {
    let mut root: Vec<_> = fs::read_dir("/")?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    root.sort();
    println!("root: {}", root.join(" "));
    for name in ["tcp_rmem", "tcp_wmem", "ping_group_range"] {
        let value = fs::read_to_string(format!("/proc/sys/net/ipv4/{name}"))?;
        println!(
            "{name}: {}",
            value.split_whitespace().collect::<Vec<_>>().join(" ")
        );
    }
    println!(
        "hostname: {}",
        fs::read_to_string("/proc/sys/kernel/hostname")?.trim()
    );
    println!("environment: {:?}", env::vars().collect::<Vec<_>>());
    println!("user: {}", rustix::process::getuid());
    println!(
        "capabilities: {:?}",
        rustix::thread::capabilities(None)?.permitted
    );
    println!(
        "interfaces: {}",
        fs::read_to_string("/proc/net/dev")?.lines().count() - 2
    );
    println!("may write the root: {}", fs::write("/made", "").is_ok());
    println!("may write /tmp: {}", fs::write("/tmp/made", "").is_ok());
    println!(
        "may write a kernel setting: {}",
        fs::write("/proc/sys/kernel/hostname", "x").is_ok()
    );
    println!(
        "may write a network setting: {}",
        fs::write("/proc/sys/net/ipv6/bindv6only", "1").is_ok()
    );
    println!(
        "/tmp holds 33 MiB: {}",
        fs::write("/tmp/large", vec![1; 33 << 20]).is_ok()
    );
    println!(
        "/tmp holds 30 MiB: {}",
        fs::write("/tmp/large", vec![1; 30 << 20]).is_ok()
    );
    println!(
        "/tmp holds 8000 files: {}",
        (0..8000).all(|number| fs::write(format!("/tmp/{number}"), "").is_ok())
    );
    println!(
        "/tmp holds 17 000 files: {}",
        (8000..17_000).all(|number| fs::write(format!("/tmp/{number}"), "").is_ok())
    );
    for process in fs::read_dir("/proc")?.flatten() {
        if let Ok(told) = fs::read_to_string(process.path().join("cmdline")) {
            println!("process: {}", told.replace('\0', " "));
        }
    }
    Ok(())
}
