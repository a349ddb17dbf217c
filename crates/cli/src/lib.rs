//! What the `hairline` executable does: it serves, works, migrates and looks after an installation.

mod args;
mod commands;
mod context;
mod memory;

use std::process::ExitCode;

use clap::Parser;

/// What each thread has for its stack, in bytes.
const STACK: usize = 8 * 1024 * 1024;

/// A reader that goes away (`| head`) ends a command without a word: nobody is left to read one.
fn end_with_reader() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let said = info.payload_as_str().unwrap_or_default();
        if said.starts_with("failed printing to stdout") && said.contains("Broken pipe") {
            std::process::exit(0);
        }
        usual(info);
    }));
}

/// Runs the command the process was started with; its exit code. Errors are told on standard error.
#[must_use]
pub fn run() -> ExitCode {
    end_with_reader();
    let cli = args::Cli::parse();
    memory::settle(&cli.command);
    // The futures of a whole case are deep where nothing is optimised; what is not touched costs no memory.
    let threads = tokio::runtime::Builder::new_multi_thread().thread_stack_size(STACK).enable_all().build();
    let runtime = match threads {
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
