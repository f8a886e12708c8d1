//! Every promise at a small scale, on both databases. The full scale is for `make lanes`.

use std::{path::Path, process::Command};

/// Runs the program; what it says is shown when it does not end well.
fn proves(arguments: &[&str]) {
    for database in ["sqlite", "postgres"] {
        if database == "postgres" && !Path::new("/usr/lib/postgresql").exists() {
            let required = std::env::var_os("THUNDERLINE_REQUIRE_POSTGRES").is_some_and(|value| value == "1");
            assert!(!required, "PostgreSQL is not installed, and THUNDERLINE_REQUIRE_POSTGRES is set");
            eprintln!(
                "\n*** PostgreSQL is not installed: THIS TEST DID NOT RUN on it (apt-get install postgresql) ***\n"
            );
            continue;
        }
        let mut run = Command::new(env!("CARGO_BIN_EXE_lanes"));
        let said = run.args(arguments).args(["--database", database, "--seed", "7"]).output().expect("it starts");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(said.status.success(), "{database}: {}{}", text(&said.stdout), text(&said.stderr));
    }
}

// Q02, Q05
#[test]
fn whatever_is_killed_each_record_is_done_or_dead() {
    proves(&["kills", "--records", "300", "--kills", "5", "--brisk"]);
}

// Q04, Q10
#[test]
fn two_processes_never_hold_one_record_and_each_takes_over_from_the_other() {
    proves(&["takeover", "--records", "300", "--under-way", "240", "--brisk"]);
}

// Q05, Q14
#[test]
fn poison_is_tried_three_times_and_holds_nothing_up() {
    proves(&["poison", "--records", "400", "--poison", "20"]);
}

// "Nothing lost" 8
#[test]
fn what_a_killed_process_acknowledged_is_there_whole() {
    proves(&["posts", "--posts", "600", "--kills", "3", "--senders", "16"]);
}
