//! The steps of `cargo xtask test`, in the order in which they fail fastest.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};

use crate::pool::{self, Task};
use crate::{browser, docs, lint, mariadb, python, scratch};

/// Formatting, clippy and docs, for those who want no more.
pub fn check() -> Result<()> {
    step("formatting", cargo(&["fmt", "--all", "--check"]))?;
    step("clippy", cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    let mut docs = cargo(&["doc", "--quiet", "--workspace", "--no-deps", "--document-private-items"]);
    docs.env("RUSTDOCFLAGS", "-D warnings");
    step("docs", docs)
}

/// Everything: the checks, then every test on SQLite and, when asked, on MariaDB and in a browser.
pub fn test(with_mariadb: bool, with_browser: bool) -> Result<()> {
    // Fetching programs waits for others most of the time: the compiler works meanwhile. It has the thread of its own,
    // because what is fetched ends with the thread that started it.
    let building = thread::spawn(build);
    let tools = Tools::fetch(with_mariadb, with_browser);
    building.join().map_err(|_| anyhow!("building the tests failed"))??;
    let tools = tools?;
    println!("== docs and tests");
    let begin = Instant::now();
    // One more than there are cores: a browser and servers that are killed make their tests wait most of the time.
    let at_once = thread::available_parallelism().map_or(1, usize::from) + 1;
    let mut sum = Counted::default();
    let mut broken = Vec::new();
    pool::run(tasks(&tools)?, at_once, |outcome| {
        let counted = Counted::of(&outcome.output);
        let word = if outcome.succeeded { "passed" } else { "FAILED" };
        println!("== {} {word} in {} s", outcome.name, outcome.took.as_secs());
        if !outcome.succeeded || counted.passed + counted.failed > 0 {
            print!("{}", outcome.output);
        }
        if !outcome.succeeded && counted.failed == 0 {
            broken.push(outcome.name.clone());
        }
        sum.passed += counted.passed;
        sum.failed += counted.failed;
    })?;
    println!("== docs and tests took {} s", begin.elapsed().as_secs());
    drop(tools);
    // The closing line: the sum over all test binaries.
    println!("{} passed, {} failed", sum.passed, sum.failed);
    if sum.failed > 0 {
        bail!("{} tests failed", sum.failed);
    }
    if !broken.is_empty() {
        bail!("did not end well: {}", broken.join(", "));
    }
    Ok(())
}

/// What takes longest comes first, so that nothing long is left when all else is done.
const LONG: [&str; 7] = ["server browser", "server it", "docs", "server pages", "cli it", "payments it", "identity it"];

/// The documentation and every test binary, the longest first.
fn tasks(tools: &Tools) -> Result<Vec<Task>> {
    let mut docs = linting(&["test", "--quiet", "--workspace"])?;
    docs::instead_of_tests(&mut docs)?;
    let mut tasks = vec![Task { name: "docs".to_owned(), command: docs }];
    for binary in pool::binaries(linting(&["test", "--quiet", "--workspace", "--lib", "--bins", "--tests"])?)? {
        let mut command = Command::new(&binary.file);
        command.current_dir(&binary.folder);
        if binary.name == BROWSER {
            // Its tests are left out wherever no browser is.
            let Some(driver) = &tools.driver else { continue };
            command.arg("--ignored").envs(driver.settings());
        }
        tools.settle(&mut command);
        tasks.push(Task { name: binary.name, command });
    }
    let place = |task: &Task| LONG.iter().position(|name| *name == task.name).unwrap_or(LONG.len());
    tasks.sort_by_key(place);
    Ok(tasks)
}

/// The binary of the browser tests.
const BROWSER: &str = "server browser";

/// Formatting, then clippy and the compiler in one go.
fn build() -> Result<()> {
    step("formatting", cargo(&["fmt", "--all", "--check"]))?;
    step("clippy, and building the tests", linting(&["test", "--quiet", "--workspace", "--all-targets", "--no-run"])?)
}

/// Cargo with clippy for the compiler of the workspace's crates: what `cargo clippy` does, but clippy compiles them too
/// instead of only looking, so that everything is read once and not twice. Warnings are errors.
fn linting(args: &[&str]) -> Result<Command> {
    let mut cargo = cargo(args);
    lint::while_building(&mut cargo)?;
    Ok(cargo)
}

/// What the tests need beside Rust, running.
struct Tools {
    server: Option<mariadb::Server>,
    driver: Option<browser::Driver>,
    python: Option<PathBuf>,
    folder: scratch::Folder,
}

impl Tools {
    fn fetch(with_mariadb: bool, with_browser: bool) -> Result<Self> {
        let server = if with_mariadb { Some(mariadb::Server::start()?) } else { None };
        let driver = if with_browser { Some(browser::Driver::start()?) } else { None };
        // Without it one test of the OAuth server says that it was skipped; not where everything is to be seen.
        let python = match python::with_authlib() {
            Err(error) if std::env::var_os("CI").is_none() => {
                println!("== Authlib cannot be had: {error:#}");
                None
            }
            outcome => Some(outcome?),
        };
        Ok(Self { server, driver, python, folder: scratch::Folder::new("tests")? })
    }

    fn settle(&self, tests: &mut Command) {
        tests.env("TMPDIR", self.folder.path());
        if let Some(server) = &self.server {
            tests.env("HAIRLINE_TEST_MYSQL_URL", server.url());
        }
        if let Some(python) = &self.python {
            tests.env("HAIRLINE_TEST_PYTHON", python);
        }
    }
}

/// The browser tests alone, which write pictures of the pages for the README.
pub fn screenshots() -> Result<()> {
    let driver = browser::Driver::start()?;
    let mut tests = cargo(&["test", "--workspace", "--test", "browser", "--", "--ignored", "--nocapture"]);
    tests.envs(driver.settings()).env("HAIRLINE_SCREENSHOTS", std::path::absolute("docs/screenshots")?);
    step("the browser tests", tests)
}

fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args);
    if std::env::var_os("CI").is_some() {
        // What is built once needs no notes for the next time, and nobody steps through it: a panic names its line anyway.
        command.env("CARGO_INCREMENTAL", "0").env("CARGO_PROFILE_DEV_DEBUG", "none");
    }
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

/// What test binaries reported.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counted {
    passed: u64,
    failed: u64,
}

impl Counted {
    /// What one of them wrote, added up.
    fn of(output: &str) -> Self {
        let mut counted = Self::default();
        for result in output.lines().filter_map(|line| line.strip_prefix("test result: ")) {
            counted.passed += number_before(result, " passed");
            counted.failed += number_before(result, " failed");
        }
        counted
    }
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
        let output = "test a ... ok\ntest result: FAILED. 15 passed; 2 failed; 0 ignored; finished in 0.01s\n";
        assert_eq!(Counted::of(output), Counted { passed: 15, failed: 2 });
        assert_eq!(Counted::of("running 0 tests"), Counted::default());
    }
}
