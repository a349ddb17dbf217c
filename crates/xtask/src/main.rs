//! Development commands. `cargo xtask test` is what CI runs: nothing more, nothing less.

mod mariadb;
mod steps;

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
    /// Formatting, clippy, docs and every test on SQLite and MariaDB; installs MariaDB with apt where it is missing.
    Test {
        /// Only what needs no database server.
        #[arg(long)]
        sqlite_only: bool,
    },
    /// Formatting, clippy and docs.
    Check,
    /// Starts a private MariaDB, prints its address and keeps it until interrupted.
    Mariadb,
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Test { sqlite_only } => steps::test(!sqlite_only),
        Command::Check => steps::check(),
        Command::Mariadb => {
            let server = mariadb::Server::start()?;
            println!("{}", server.url());
            println!("Set HAIRLINE_TEST_MYSQL_URL to it. Ctrl-C stops the server.");
            server.wait()
        }
    }
}
