//! A program to be judged in the testbench's own tests: each stage goes wrong in one way.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::{env, process};

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let [_, stage, _, addr, ..] = &arguments[..] else {
        process::exit(2)
    };
    if stage == "never-ready" {
        eprintln!("no address for me");
        process::exit(1);
    }
    if stage == "todo" {
        todo!("accept clients at {addr:?}");
    }
    let listener = TcpListener::bind(addr).expect("an address");
    println!("READY {}", listener.local_addr().expect("an address"));
    let mut kept = Vec::new();
    for stream in listener.incoming().flatten() {
        match stage.as_str() {
            "echo" => echo(stream),
            "mute" => kept.push(stream),
            "shout" => shout(stream),
            "panic" => panic!("a client came: \u{1b}]0;title\u{7}"),
            "abort" => process::abort(),
            "hang-up" => drop(stream),
            "spin" => loop {
                std::hint::spin_loop();
            },
            "pour" => while (&stream).write_all(&[b'x'; 4096]).is_ok() {},
            "flood" => loop {
                eprintln!("{}", "x".repeat(100_000));
            },
            other => panic!("no stage {other}"),
        }
    }
}

fn echo(mut stream: TcpStream) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        if stream.write_all(&buffer[..count]).is_err() {
            return;
        }
    }
}

fn shout(mut stream: TcpStream) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        buffer[..count].make_ascii_uppercase();
        if stream.write_all(&buffer[..count]).is_err() {
            return;
        }
    }
}
