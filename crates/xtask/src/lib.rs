//! Development commands: what `cargo xtask` runs. `cargo xtask test` is what CI runs: nothing more, nothing less.

mod browser;
mod docs;
mod lint;
#[cfg(test)]
mod manifests;
mod mariadb;
mod pool;
mod python;
mod scratch;
mod steps;
mod tools;

use anyhow::bail;

/// What is said to whoever asks. The words are read without a crate for it: everything the tests need waits for this
/// program, and such a crate takes longer to compile than all of it.
const USAGE: &str = "Development commands of Hairline

Usage: cargo xtask <COMMAND>

Commands:
  test         Formatting, clippy, docs and every test on SQLite, MariaDB and in a browser;
               installs with apt what is missing
                 --sqlite-only  Only what needs no database server
                 --no-browser   Only what needs no browser
  check        Formatting, clippy and docs
  screenshots  The case in a browser, with pictures of its pages written to docs/screenshots
  mariadb      Starts a private MariaDB, prints its address and keeps it until interrupted";

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
    let words = std::env::args().skip(1).collect::<Vec<_>>();
    let words = words.iter().map(String::as_str).collect::<Vec<_>>();
    match words.as_slice() {
        ["test", flags @ ..] if flags.iter().all(|flag| ["--sqlite-only", "--no-browser"].contains(flag)) => {
            steps::test(!flags.contains(&"--sqlite-only"), !flags.contains(&"--no-browser"))
        }
        ["screenshots"] => steps::screenshots(),
        ["check"] => steps::check(),
        ["mariadb"] => {
            let server = mariadb::Server::start()?;
            println!("{}", server.url());
            println!("Set HAIRLINE_TEST_MYSQL_URL to it. Ctrl-C stops the server.");
            server.wait()
        }
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        other => bail!("there is no command `{}`\n\n{USAGE}", other.join(" ")),
    }
}
