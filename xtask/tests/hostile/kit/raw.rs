/// System calls from safe code: a hole in the compiler (rust-lang/rust#25860) turns any value into
/// any other, and the program's own relocations tell where libc's `syscall` is.
#[allow(dead_code, reason = "each submission uses its part of it")]
mod raw {
    use std::fs;
    use std::mem::size_of;

    fn keeps<'a, 'b, T: ?Sized>(_: &'a &'b (), value: &'b mut T) -> &'a mut T {
        value
    }

    fn stretched<'b, T: ?Sized>(value: &mut T) -> &'b mut T {
        let keeps: for<'x> fn(_, &'x mut T) -> &'b mut T = keeps;
        keeps(&&(), value)
    }

    #[allow(dead_code, reason = "its content is read as the other")]
    enum Either<A, B> {
        A(Option<Box<A>>),
        B(Option<Box<B>>),
    }

    /// The bytes of a value as another type.
    pub fn transmuted<A, B>(value: A) -> B {
        let mut either: Either<A, B> = Either::B(None);
        let Either::B(other) = &mut either else {
            unreachable!()
        };
        let other = stretched(other);
        either = Either::A(Some(Box::new(value)));
        std::hint::black_box(&either);
        match other.take() {
            Some(other) => *other,
            None => unreachable!(),
        }
    }

    /// What lies at an address.
    pub fn at<T: Copy + 'static>(address: usize) -> T {
        *transmuted::<usize, &'static T>(address)
    }

    /// Where a thing lies.
    pub fn address<T: ?Sized>(thing: &T) -> usize {
        std::ptr::from_ref(thing).cast::<()>().addr()
    }

    /// Where this program begins in memory.
    fn base() -> usize {
        let maps = fs::read_to_string("/proc/self/maps").unwrap_or_default();
        let first = maps.split('-').next().unwrap_or_default();
        usize::from_str_radix(first, 16).unwrap_or_default()
    }

    /// Where libc's function of that name is, from the dynamic section (elf(5)).
    pub fn function(name: &str) -> Option<usize> {
        let base = base();
        let headers = base + at::<u64>(base + 32) as usize;
        let count = usize::from(at::<u16>(base + 56));
        let dynamic = (0..count)
            .map(|index| headers + index * 56)
            .find(|header| at::<u32>(*header) == 2)
            .map(|header| base + at::<u64>(header + 16) as usize)?;
        let entry = |tag: u64| {
            (0..64)
                .map(|index| dynamic + index * 16)
                .find(|entry| at::<u64>(*entry) == tag)
                .map(|entry| at::<u64>(entry + 8) as usize)
        };
        let placed = |address: usize| {
            if address < base {
                base + address
            } else {
                address
            }
        };
        let (symbols, texts) = (placed(entry(6)?), placed(entry(5)?));
        let tables = [(entry(7), entry(8)), (entry(23), entry(2))];
        for (table, bytes) in tables {
            let (Some(table), Some(bytes)) = (table.map(placed), bytes) else {
                continue;
            };
            for relocation in (table..table + bytes).step_by(24) {
                let symbol = (at::<u64>(relocation + 8) >> 32) as usize;
                let text = texts + at::<u32>(symbols + symbol * 24) as usize;
                let same = name.bytes().chain([0]).enumerate();
                if same
                    .into_iter()
                    .all(|(index, byte)| at::<u8>(text + index) == byte)
                {
                    let slot = base + at::<u64>(relocation) as usize;
                    return Some(at::<u64>(slot) as usize);
                }
            }
        }
        None
    }

    type Syscall = extern "C" fn(i64, i64, i64, i64, i64, i64, i64) -> i64;

    /// Makes a system call; -1 when it fails, and `std::io::Error::last_os_error` says why.
    pub fn call<const N: usize>(number: i64, given: [i64; N]) -> i64 {
        let mut all = [0; 6];
        all[..N].copy_from_slice(&given);
        static FOUND: std::sync::OnceLock<usize> = std::sync::OnceLock::new();
        let found = FOUND.get_or_init(|| function("syscall").unwrap_or_default());
        let syscall: Syscall = transmuted(*found);
        let [a, b, c, d, e, f] = all;
        syscall(number, a, b, c, d, e, f)
    }

    /// Says on stderr what came of a system call that must not work.
    pub fn attempt<const N: usize>(what: &str, number: i64, given: [i64; N]) -> i64 {
        let result = call(number, given);
        if result == -1 {
            eprintln!("refused: {what}: {}", std::io::Error::last_os_error());
        } else {
            eprintln!("SUCCEEDED: {what}: {result}");
        }
        result
    }

    /// An address as an argument of a system call.
    pub fn pointer<T: ?Sized>(thing: &T) -> i64 {
        address(thing) as i64
    }

    const _: () = assert!(size_of::<usize>() == 8);
}
