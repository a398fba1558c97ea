//! The solution against programs that no one here wrote: dig, three name servers, Python.

use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use testbench::prelude::*;
use testbench::tool::{Tool, Work};

/// A zone that a name server reads as `serve` does.
const ZONE: &str = "\
lab.test.   3600 SOA    ns1 admin 2024 7200 900 1209600 300
@           3600 NS     ns1
@           3600 MX     10 mail
@           3600 MX     20 ns1
ns1         3600 A      192.0.2.53
www          300 A      192.0.2.1
www          300 A      192.0.2.2
www          300 AAAA   2001:db8::1
ftp          300 CNAME  www
far          300 CNAME  ftp
gone         300 CNAME  nothing
bare         300 CNAME  mail
mail         300 TXT    \"hello; world\" two
deep.er.down 300 A      192.0.2.9
";

/// Questions about it, and one about something else.
const QUESTIONS: [(&str, &str); 19] = [
    ("www.lab.test", "A"),
    ("www.lab.test", "AAAA"),
    ("wWw.LAB.test", "A"),
    ("www.lab.test", "MX"),
    ("ftp.lab.test", "A"),
    ("ftp.lab.test", "CNAME"),
    ("far.lab.test", "AAAA"),
    ("gone.lab.test", "A"),
    ("bare.lab.test", "A"),
    ("mail.lab.test", "TXT"),
    ("lab.test", "NS"),
    ("lab.test", "SOA"),
    ("lab.test", "MX"),
    ("lab.test", "A"),
    ("er.down.lab.test", "A"),
    ("deep.er.down.lab.test", "A"),
    ("nothing.lab.test", "A"),
    ("x.www.lab.test", "TYPE99"),
    ("www.example", "A"),
];

/// What dig says of a question to `server`: the status, the flags, and the records of the answer and
/// authority sections, each section sorted, with single blanks.
fn dig(tool: &Tool, server: SocketAddr, question: (&str, &str), flags: &[&str]) -> Outcome<String> {
    let (at, port) = (format!("@{}", server.ip()), server.port().to_string());
    let (name, qtype) = question;
    let asked = [
        "-r",
        &at,
        "-p",
        &port,
        name,
        qtype,
        "+tries=1",
        "+time=20",
        "+noall",
        "+comments",
    ];
    let args = [&asked[..], &["+answer", "+authority"], flags].concat();
    let printed = tool.run(&args, "")?;
    let printed = String::from_utf8_lossy(&printed);
    let after = |key: &str, end: char| -> String {
        let rest = printed.split_once(key).map_or("none", |(_, rest)| rest);
        rest.split(end).next().unwrap_or_default().to_owned()
    };
    let head = format!("{} {}", after("status: ", ','), after("flags:", ';'));
    Ok([
        head,
        section(&printed, "ANSWER"),
        section(&printed, "AUTHORITY"),
    ]
    .join("\n"))
}

/// The records of a section of dig's text, sorted, with single blanks.
fn section(printed: &str, name: &str) -> String {
    let begins = format!(";; {name} SECTION:");
    let lines = printed.lines().skip_while(|line| *line != begins).skip(1);
    let mut records: Vec<String> = lines
        .take_while(|line| !line.is_empty())
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    records.sort();
    records.join("\n")
}

/// Waits until somebody answers queries at `addr`.
fn answering(addr: SocketAddr) -> Outcome {
    let deadline = Instant::now() + 4 * PATIENCE;
    let query = b"\0\x07\x01\0\0\x01\0\0\0\0\0\0\x03lab\x04test\0\0\x06\0\x01";
    let answered = || -> std::io::Result<usize> {
        let socket = UdpSocket::bind((addr.ip(), 0))?;
        socket.set_read_timeout(Some(Duration::from_millis(100)))?;
        socket.connect(addr)?;
        socket.send(query)?;
        socket.recv(&mut [0; 512])
    };
    while answered().is_err() {
        if Instant::now() > deadline {
            return Err(Failure::grader("start a name server", "it does not answer"));
        }
    }
    Ok(())
}

/// Where the others listen: a port of the check's own address, which nobody else has.
const PORT: u16 = 5300;

/// A name server of this machine that serves the zone, and its address.
struct Other {
    addr: SocketAddr,
    _folder: Folder,
    _work: Work,
}

impl Other {
    /// Starts `name` with its settings in a file; in them `ADDR` and `FOLDER` stand for what they say.
    fn start(t: &Bench, name: &str, args: &[&str], settings: &str) -> Outcome<Self> {
        let tool = Tool::find(name)?;
        let folder = t.folder()?;
        folder.write("zone", ZONE)?;
        let fill_in = |text: &str| {
            text.replace("ADDR", &t.ip().to_string())
                .replace("FOLDER", &folder.path().display().to_string())
        };
        folder.write("settings", fill_in(settings))?;
        let args: Vec<String> = args.iter().map(|arg| fill_in(arg)).collect();
        let work = tool.start(&args, "")?;
        let addr = SocketAddr::new(t.ip(), PORT);
        answering(addr)?;
        Ok(Self {
            addr,
            _folder: folder,
            _work: work,
        })
    }

    /// NSD, an authority and nothing else.
    fn nsd(t: &Bench) -> Outcome<Self> {
        let settings = r#"
server:
    ip-address: ADDR@5300
    username: ""
    zonesdir: FOLDER
    database: ""
    pidfile: FOLDER/pid
    xfrdfile: FOLDER/xfrd
    zonelistfile: FOLDER/zones
    server-count: 1
remote-control:
    control-enable: no
zone:
    name: lab.test
    zonefile: zone
"#;
        Self::start(t, "nsd", &["-d", "-c", "FOLDER/settings"], settings)
    }

    /// Unbound, a resolver that is an authority for this zone, and asks nobody else.
    fn unbound(t: &Bench) -> Outcome<Self> {
        let settings = r#"
server:
    interface: ADDR@5300
    access-control: 127.0.0.0/8 allow
    directory: "FOLDER"
    username: ""
    chroot: ""
    pidfile: ""
    use-syslog: no
    num-threads: 1
    module-config: "iterator"
    do-not-query-address: 0.0.0.0/0
    do-not-query-address: ::/0
    local-zone: "test." nodefault
    local-zone: "example." refuse
remote-control:
    control-enable: no
auth-zone:
    name: "lab.test"
    zonefile: "zone"
    for-downstream: yes
    for-upstream: no
    fallback-enabled: no
"#;
        Self::start(t, "unbound", &["-d", "-c", "FOLDER/settings"], settings)
    }

    /// dnsmasq, which has its records on the command line.
    fn dnsmasq(t: &Bench) -> Outcome<Self> {
        let args = [
            "--keep-in-foreground",
            "--conf-file=FOLDER/settings",
            "--listen-address=ADDR",
            "--port=5300",
            "--bind-interfaces",
            "--pid-file=FOLDER/pid",
            "--no-resolv",
            "--no-hosts",
            "--local=/test/",
            "--local-ttl=60",
            "--host-record=www.lab.test,192.0.2.1,2001:db8::1",
            "--cname=ftp.lab.test,www.lab.test",
            "--mx-host=lab.test,mail.lab.test,10",
            "--txt-record=mail.lab.test,hello; world,two",
        ];
        Self::start(t, "dnsmasq", &args, "")
    }
}

/// The stage prints what dig prints, and leaves as dig's status says, for every question.
fn agrees_about(t: &Bench, other: &Other) -> Outcome {
    let tool = Tool::find("dig")?;
    let at = format!("@{}", other.addr);
    for question in QUESTIONS {
        let theirs = dig(&tool, other.addr, question, &["+noauthority", "+noedns"])?;
        let (head, records) = theirs.split_once('\n').unwrap_or_default();
        let (name, qtype) = question;
        let program = t.run(&["dig", &at, name, qtype, "--retry-ms", "20000"])?;
        let printed = String::from_utf8_lossy(&program.output()?).into_owned();
        let mut ours: Vec<&str> = printed.lines().collect();
        ours.sort_unstable();
        let code = match head.split(' ').next() {
            Some("NOERROR") => 0,
            Some("NXDOMAIN") => 1,
            _ => 3,
        };
        program.expect_exit(code)?;
        // After a no dig prints the aliases that led there; the stage prints answers only.
        let theirs = if code == 0 { records.trim_end() } else { "" };
        differs(&format!("{name} {qtype}"), theirs, ours.join("\n"))?;
    }
    Ok(())
}

#[test]
fn the_dig_stage_agrees_with_dig_about_nsd() -> Graded {
    check(|t| agrees_about(t, &Other::nsd(t)?))
}

#[test]
fn the_dig_stage_agrees_with_dig_about_unbound() -> Graded {
    check(|t| agrees_about(t, &Other::unbound(t)?))
}

#[test]
fn the_dig_stage_agrees_with_dig_about_dnsmasq() -> Graded {
    check(|t| agrees_about(t, &Other::dnsmasq(t)?))
}

/// `serve` with the zone.
fn serving(t: &Bench) -> Outcome<(Folder, Server)> {
    let folder = t.folder()?;
    folder.write("zone", ZONE)?;
    let server = t.serve("serve", &["--zone", &folder.arg("zone")])?;
    Ok((folder, server))
}

#[test]
fn dig_gets_the_same_from_serve_as_from_nsd() -> Graded {
    check(|t| {
        let (tool, nsd) = (Tool::find("dig")?, Other::nsd(t)?);
        let (_folder, server) = serving(t)?;
        for flags in [
            &["+noedns"][..],
            &["+tcp", "+noedns"],
            &["+noedns", "+norecurse"],
        ] {
            for question in QUESTIONS {
                // NSD adds the zone's servers to its answers; that is allowed, and not asked for.
                let authority = |text: String| {
                    let records = text.lines().filter(|line| !line.contains(" IN NS "));
                    // It also writes owners in the asker's letters, by a pointer to the question.
                    records.collect::<Vec<_>>().join("\n").to_lowercase()
                };
                let theirs = dig(&tool, nsd.addr, question, flags)?;
                let ours = dig(&tool, server.addr(), question, flags)?;
                let (name, qtype) = question;
                differs(
                    &format!("{name} {qtype} {flags:?}"),
                    authority(theirs),
                    authority(ours),
                )?;
            }
        }
        Ok(())
    })
}

#[test]
fn dig_is_content_with_serve_over_udp_and_tcp_with_edns_and_without() -> Graded {
    check(|t| {
        let tool = Tool::find("dig")?;
        let (_folder, server) = serving(t)?;
        let addresses = "www.lab.test. 300 IN A 192.0.2.1\nwww.lab.test. 300 IN A 192.0.2.2";
        let soa = "lab.test. 300 IN SOA ns1.lab.test. admin.lab.test. 2024 7200 900 1209600 300";
        for flags in [
            &[][..],
            &["+tcp"],
            &["+noedns"],
            &["+nocookie"],
            &["+bufsize=512"],
        ] {
            for (name, status, answers, authority) in [
                ("www.lab.test", "NOERROR  qr aa rd", addresses, ""),
                (
                    "wwW.Lab.test",
                    "NOERROR  qr aa rd",
                    &addresses.replace("www.lab", "wwW.Lab"),
                    "",
                ),
                ("nothing.lab.test", "NXDOMAIN  qr aa rd", "", soa),
                ("mail.lab.test", "NOERROR  qr aa rd", "", soa),
                ("www.example", "REFUSED  qr rd", "", ""),
            ] {
                let told = dig(&tool, server.addr(), (name, "A"), flags)?;
                let expected = [status, answers, authority].join("\n");
                // The owner is written as in the zone; dig shows it so.
                differs(
                    &format!("{name} {flags:?}"),
                    expected.to_lowercase(),
                    told.to_lowercase(),
                )?;
            }
        }
        Ok(())
    })
}

#[test]
fn dig_goes_over_to_tcp_when_serve_truncates() -> Graded {
    check(|t| {
        let tool = Tool::find("dig")?;
        let folder = t.folder()?;
        let hosts: String = (1..=60)
            .map(|d| format!("many 60 A 192.0.2.{d}\n"))
            .collect();
        folder.write(
            "zone",
            format!("lab.test. 60 SOA ns1 admin 1 2 3 4 5\n{hosts}"),
        )?;
        let server = t.serve("serve", &["--zone", &folder.arg("zone")])?;
        let told = dig(&tool, server.addr(), ("many.lab.test", "A"), &[])?;
        let count = told.lines().filter(|line| line.contains(" IN A ")).count();
        wrong(count == 60, Saw::Wrong, || {
            format!("dig printed {count} of 60 records")
        })
    })
}

/// One of the course's Python programs.
fn companion(file: &str) -> String {
    format!(
        "{}/../../docs/src/python/{file}",
        env!("CARGO_MANIFEST_DIR")
    )
}

#[test]
fn dns_client_py_gets_addresses_from_serve() -> Graded {
    check(|t| {
        let python = Tool::find("python3")?;
        let (_folder, server) = serving(t)?;
        let (port, host) = (
            server.addr().port().to_string(),
            server.addr().ip().to_string(),
        );
        let two = "192.0.2.1\n192.0.2.2\n";
        for (name, expected) in [
            ("www.lab.test", two),
            ("ftp.lab.test", two),
            ("nothing.lab.test", ""),
            ("mail.lab.test", ""),
        ] {
            let printed = python.run(&[&companion("dns_client.py"), name, &port, &host], "")?;
            differs(name, expected, printed)?;
        }
        Ok(())
    })
}

#[test]
fn dig_reads_the_pointers_of_dns_server_py() -> Graded {
    check(|t| {
        let python = Tool::find("python3")?;
        let work = python.start(&[&companion("dns_server.py")], "")?;
        let said = work.wait_for_output(|said| said.ends_with(b"\n"))?;
        let said = String::from_utf8_lossy(&said).into_owned();
        let at = format!("@{}", said.trim().trim_start_matches("READY "));
        for (name, qtype, expected) in [
            ("www.lab.test", "A", "www.lab.test. 300 IN A 192.0.2.1\n"),
            ("www.lab.test", "AAAA", ""),
            (".", "A", ". 300 IN A 192.0.2.1\n"),
        ] {
            let program = t.run(&["dig", &at, name, qtype, "--retry-ms", "20000"])?;
            program.expect_output(expected)?;
            program.expect_exit(0)?;
        }
        Ok(())
    })
}

#[test]
fn resolve_py_knows_the_same_name_of_this_machine_and_the_same_localhost() -> Graded {
    check(|t| {
        let python = Tool::find("python3")?;
        let program = t.run(&["lookup", "--self"])?;
        let printed = python.run(&[companion("resolve.py")], "")?;
        differs("the name of this machine", printed, program.output()?)?;

        // Which loopback addresses it has, and in which order, is the system's to say.
        let printed = python.run(&[&companion("resolve.py"), "localhost"], "")?;
        let found = t.run(&["lookup", "localhost"])?.output()?;
        let found = String::from_utf8_lossy(&found).into_owned();
        let shared = String::from_utf8_lossy(&printed)
            .lines()
            .any(|addr| found.lines().any(|other| other == addr));
        wrong(shared, Saw::Wrong, || {
            format!("the stage found {found:?}, python3 {printed:?}")
        })
    })
}

#[test]
fn python_tells_the_same_of_addresses() -> Graded {
    check(|t| {
        let python = Tool::find("python3")?;
        let script = "import ipaddress, sys\n\
                      private = [ipaddress.ip_network(n) for n in\n\
                      \x20 ('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7')]\n\
                      for line in sys.stdin:\n\
                      \x20 ip = ipaddress.ip_address(line.strip())\n\
                      \x20 inside = getattr(ip, 'ipv4_mapped', None) or ip\n\
                      \x20 yes = lambda fact: 'yes' if fact else 'no'\n\
                      \x20 print('loopback=' + yes(inside.is_loopback))\n\
                      \x20 print('private=' + yes(any(inside in n for n in private)))\n";
        let mut addresses = Vec::new();
        for first in [9, 10, 126, 127, 172, 192, 203] {
            addresses.push(format!(
                "{first}.{}.{}.{}",
                t.below(256),
                t.below(256),
                t.below(256)
            ));
            addresses.push(format!("::ffff:{first}.168.1.1"));
        }
        for block in [
            "::1",
            "fbff::",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "2001:db8::",
        ] {
            addresses.push(block.to_owned());
        }
        let theirs = python.run(&["-c", script], addresses.join("\n"))?;
        let mut ours = String::new();
        for ip in &addresses {
            let text = if ip.contains(':') {
                format!("[{ip}]:80")
            } else {
                format!("{ip}:80")
            };
            let printed = t.run(&["endpoint", &text])?.output()?;
            let told = String::from_utf8_lossy(&printed).into_owned();
            let facts = told
                .lines()
                .filter(|line| line.starts_with("loopback=") || line.starts_with("private="));
            ours.extend(facts.map(|fact| fact.to_owned() + "\n"));
        }
        differs("what is told of addresses", theirs, ours)
    })
}
