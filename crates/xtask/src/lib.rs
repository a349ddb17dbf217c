//! Development commands: what `cargo xtask` runs. `cargo xtask test` is what CI runs: nothing more, nothing less.

mod browser;
mod docs;
mod lint;
mod mariadb;
mod pool;
mod python;
mod scratch;
mod steps;
mod tools;

use clap::{Parser, Subcommand};

/// Development commands of Hairline.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Formatting, clippy, docs and every test on SQLite, MariaDB and in a browser; installs with apt what is missing.
    Test {
        /// Only what needs no database server.
        #[arg(long)]
        sqlite_only: bool,
        /// Only what needs no browser.
        #[arg(long)]
        no_browser: bool,
    },
    /// Formatting, clippy and docs.
    Check,
    /// The case in a browser, with pictures of its pages written to docs/screenshots.
    Screenshots,
    /// Starts a private MariaDB, prints its address and keeps it until interrupted.
    Mariadb,
}

/// Runs the command the process was started with, or stands in for the compiler or for rustdoc where it was
/// called as one of them.
///
/// # Errors
/// What kept a step from passing.
pub fn run() -> anyhow::Result<()> {
    if let Some(compiled) = lint::stand_in() {
        return compiled.map(|never| match never {});
    }
    if let Some(checked) = docs::stand_in() {
        return checked;
    }
    match Cli::parse().command {
        Command::Test { sqlite_only, no_browser } => steps::test(!sqlite_only, !no_browser),
        Command::Screenshots => steps::screenshots(),
        Command::Check => steps::check(),
        Command::Mariadb => {
            let server = mariadb::Server::start()?;
            println!("{}", server.url());
            println!("Set HAIRLINE_TEST_MYSQL_URL to it. Ctrl-C stops the server.");
            server.wait()
        }
    }
}
