//! The load generator: see `README.md`.

use std::process::ExitCode;

use clap::Parser;
use load::options::Options;

fn main() -> ExitCode {
    match load::run(Options::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("A promise was broken; see the audit above.");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
