//! Stage `engine`: requests that are answered, and one that is not.

use testbench::internet::{echo, hexadecimal};
use testbench::prelude::*;

/// Three requests, each answered after a while.
#[test]
fn every_answer_is_told() -> Graded {
    check(|t| {
        let id = u16::try_from(t.below(65536)).unwrap_or(1);
        let data = t.bytes(7);
        let sends = |n: u16| hexadecimal(&echo(8, id, n, &data));
        let replies: String = [(5, 1), (120, 2), (207, 3)]
            .map(|(at, n)| format!("{at} 10.1.2.3 {}\n", hexadecimal(&echo(0, id, n, &data))))
            .concat();
        let program = t.run_typing(&[
            "engine",
            "10.1.2.3",
            "--id",
            &id.to_string(),
            "--data",
            &hexadecimal(&data),
            "--count",
            "3",
            "--interval",
            "100",
        ])?;
        program.feed(replies)?;
        program
            .expect_output(format!(
                "0 sends {}\n5 reply 1 after 5.000\n100 sends {}\n120 reply 2 after 20.000\n\
                 200 sends {}\n207 reply 3 after 7.000\n\
                 207 ends sent 3 received 3 duplicates 0 times 5.000/10.666/20.000\n",
                sends(1),
                sends(2),
                sends(3)
            ))
            .teaches(
                "Requests are numbered from 1 and leave at 0, interval, 2 intervals; each answer is told \
                 when it comes, with its time; the last answer is the end.",
            )?;
        program.expect_exit(0)
    })
}

/// The second of three requests is never answered.
#[test]
fn the_lost_are_waited_for_and_counted() -> Graded {
    check(|t| {
        let data = t.bytes(4);
        let hex = hexadecimal(&data);
        let sends = |n: u16| hexadecimal(&echo(8, 9, n, &data));
        let replies: String = [(10, 1), (210, 3)]
            .map(|(at, n)| format!("{at} 10.1.2.3 {}\n", hexadecimal(&echo(0, 9, n, &data))))
            .concat();
        let program = t.run_typing(&[
            "engine",
            "10.1.2.3",
            "--id",
            "9",
            "--data",
            &hex,
            "--count",
            "3",
            "--interval",
            "100",
            "--wait",
            "150",
        ])?;
        program.feed(replies)?;
        program
            .expect_output(format!(
                "0 sends {}\n10 reply 1 after 10.000\n100 sends {}\n200 sends {}\n210 reply 3 after 10.000\n\
                 250 ends sent 3 received 2 duplicates 0 times 10.000/10.000/10.000\n",
                sends(1),
                sends(2),
                sends(3)
            ))
            .teaches(
                "The second may still be answered until its own wait is over, at 250: not before that is it \
                 lost, and nothing is to be waited for after it.",
            )?;
        program.expect_exit(0)
    })
}
