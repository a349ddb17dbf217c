//! What the `hairline` executable does: it serves, works, migrates and looks after an installation.

mod args;
mod commands;
mod context;
mod memory;

use std::process::ExitCode;

use clap::Parser;

/// Runs the command the process was started with; its exit code. Errors are told on standard error.
#[must_use]
pub fn run() -> ExitCode {
    let cli = args::Cli::parse();
    memory::settle(&cli.command);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(err) => {
            eprintln!("error: cannot start: {err}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(commands::run(cli)) {
        Ok(code) => code,
        Err(err) => {
            eprintln!("error: {err:#}");
            ExitCode::FAILURE
        }
    }
}
