//! The steps of `cargo xtask test`, in the order in which they fail fastest.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::{browser, mariadb, python};

/// Formatting, clippy and docs.
pub fn check() -> Result<()> {
    step("formatting", cargo(&["fmt", "--all", "--check"]))?;
    step("clippy", cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    let mut docs = cargo(&["doc", "--quiet", "--workspace", "--no-deps", "--document-private-items"]);
    docs.env("RUSTDOCFLAGS", "-D warnings");
    step("docs", docs)
}

/// Everything: the checks, then every test on SQLite and, when asked, on MariaDB and in a browser.
pub fn test(with_mariadb: bool, with_browser: bool) -> Result<()> {
    check()?;
    let server = if with_mariadb { Some(mariadb::Server::start()?) } else { None };
    let driver = if with_browser { Some(browser::Driver::start()?) } else { None };
    let mut tests = cargo(&["test", "--workspace", "--no-fail-fast"]);
    if let Some(server) = &server {
        tests.env("HAIRLINE_TEST_MYSQL_URL", server.url());
    }
    if let Some(driver) = &driver {
        tests.env("HAIRLINE_TEST_WEBDRIVER", driver.url()).env("HAIRLINE_TEST_AXE", driver.axe());
    }
    // Without it one test of the OAuth server says that it was skipped.
    match python::with_authlib() {
        Ok(python) => {
            tests.env("HAIRLINE_TEST_PYTHON", python);
        }
        Err(error) => println!("== Authlib cannot be had: {error:#}"),
    }
    let (passed, failed) = counted(tests)?;
    drop((server, driver));
    // The closing line: the sum over all test binaries.
    println!("{passed} passed, {failed} failed");
    if failed > 0 {
        bail!("{failed} tests failed");
    }
    Ok(())
}

/// The browser tests alone, which write pictures of the pages for the README.
pub fn screenshots() -> Result<()> {
    let driver = browser::Driver::start()?;
    let mut tests = cargo(&["test", "--package", "hairline-server", "--test", "browser", "--", "--nocapture"]);
    let folder = std::path::absolute("docs/screenshots")?;
    tests
        .env("HAIRLINE_TEST_WEBDRIVER", driver.url())
        .env("HAIRLINE_TEST_AXE", driver.axe())
        .env("HAIRLINE_SCREENSHOTS", folder);
    step("the browser tests", tests)
}

fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args);
    command
}

fn step(name: &str, mut command: Command) -> Result<()> {
    let begin = Instant::now();
    println!("== {name}");
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("running {name}"))?;
    if !status.success() {
        bail!("{name} failed");
    }
    println!("== {name} passed in {} s", begin.elapsed().as_secs());
    Ok(())
}

/// Runs the tests, passing their output on and adding up what the test binaries report.
fn counted(mut command: Command) -> Result<(u64, u64)> {
    let begin = Instant::now();
    println!("== tests");
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("running the tests")?;
    let output = child.stdout.take().context("the tests have no output")?;
    let (mut passed, mut failed) = (0, 0);
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        if let Some(result) = line.strip_prefix("test result: ") {
            passed += number_before(result, " passed");
            failed += number_before(result, " failed");
        }
    }
    let status = child.wait()?;
    println!("== tests took {} s", begin.elapsed().as_secs());
    if !status.success() && failed == 0 {
        bail!("the tests did not build or did not end: {status}");
    }
    Ok((passed, failed))
}

fn number_before(text: &str, word: &str) -> u64 {
    text.split(word)
        .next()
        .and_then(|before| before.rsplit(|c: char| !c.is_ascii_digit()).next())
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_counts_of_a_test_binary() {
        let line = "ok. 15 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!((number_before(line, " passed"), number_before(line, " failed")), (15, 2));
    }
}
