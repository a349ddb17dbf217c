//! The `hairline` executable.

use std::process::ExitCode;

fn main() -> ExitCode {
    hairline::run()
}
