//! The steps of `cargo xtask test`, in the order in which they fail fastest.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};

use crate::pool::{self, Binary, Outcome, Queue, Task};
use crate::{browser, docs, lint, mariadb, python, scratch};

/// Formatting, clippy and docs, for those who want no more.
pub fn check() -> Result<()> {
    step("formatting", cargo(&["fmt", "--all", "--check"]))?;
    step("clippy", cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    let mut docs = cargo(&["doc", "--quiet", "--workspace", "--no-deps", "--document-private-items"]);
    docs.env("RUSTDOCFLAGS", "-D warnings");
    step("docs", docs)
}

/// Everything: the checks, and every test on SQLite and, when asked, on MariaDB and in a browser. What is built is run
/// while the rest is being built: towards its end the compiler has work for one core only.
pub fn test(with_mariadb: bool, with_browser: bool) -> Result<()> {
    // Fetching programs waits for others most of the time: the compiler works meanwhile. It has the thread of its own,
    // because what is fetched ends with the thread that started it.
    let (built, binaries) = mpsc::channel();
    let building = thread::spawn(move || build(&built));
    let tools = match Tools::fetch(with_mariadb, with_browser) {
        Ok(tools) => tools,
        Err(error) => return ended(building).and(Err(error)),
    };
    let queue = Queue::default();
    let mut sum = Counted::default();
    let mut broken = Vec::new();
    let seen = |outcome: &Outcome| {
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
    };
    // One more than there are cores: a browser and servers that are killed make their tests wait most of the time.
    let at_once = thread::available_parallelism().map_or(1, usize::from) + 1;
    let queue = &queue;
    thread::scope(|scope| {
        let running = scope.spawn(move || pool::run(queue, at_once, seen));
        for binary in binaries {
            tools.test(binary).into_iter().for_each(|task| queue.push(task));
        }
        let outcome = ended(building).and_then(|()| documentation());
        match outcome {
            Ok(docs) => {
                queue.push(docs);
                queue.complete();
                println!("== the rest of the tests, and docs");
                running.join().map_err(|_| anyhow!("running the tests failed"))?
            }
            Err(error) => {
                queue.abandon();
                Err(error)
            }
        }
    })?;
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

fn ended(building: JoinHandle<Result<()>>) -> Result<()> {
    building.join().map_err(|_| anyhow!("building the tests failed"))?
}

/// What takes longest comes first, so that nothing long is left when all else is done.
const LONG: [&str; 7] = ["server browser", "server it", "docs", "server pages", "cli it", "payments it", "identity it"];

fn rank(name: &str) -> usize {
    LONG.iter().position(|long| *long == name).unwrap_or(LONG.len())
}

/// Reading the documentation for errors. It needs cargo, which lets nobody else in while it builds.
fn documentation() -> Result<Task> {
    let mut command = linting(&["test", "--quiet", "--workspace"])?;
    docs::instead_of_tests(&mut command)?;
    Ok(Task { name: "docs".to_owned(), command, rank: rank("docs") })
}

/// The binary of the browser tests.
const BROWSER: &str = "server browser";

/// Formatting, then clippy and the compiler in one go. Each test binary is sent on when it is there.
fn build(built: &Sender<Binary>) -> Result<()> {
    step("formatting", cargo(&["fmt", "--all", "--check"]))?;
    timed("clippy, and building the tests", || {
        // Whoever receives them is there until the last one.
        pool::binaries(linting(&["test", "--quiet", "--workspace", "--all-targets"])?, |binary| {
            built.send(binary).unwrap_or_default();
        })
    })
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

    /// The run of a test binary; none of one that needs what is not there.
    fn test(&self, binary: Binary) -> Option<Task> {
        let mut command = Command::new(&binary.file);
        command.current_dir(&binary.folder).env("TMPDIR", self.folder.path());
        if binary.name == BROWSER {
            // Its tests are left out wherever no browser is.
            command.arg("--ignored").envs(self.driver.as_ref()?.settings());
        }
        if let Some(server) = &self.server {
            command.env("HAIRLINE_TEST_MYSQL_URL", server.url());
        }
        if let Some(python) = &self.python {
            command.env("HAIRLINE_TEST_PYTHON", python);
        }
        Some(Task { rank: rank(&binary.name), name: binary.name, command })
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
    timed(name, || {
        let status = command.stdin(Stdio::null()).status().with_context(|| format!("running {name}"))?;
        if !status.success() {
            bail!("{name} failed");
        }
        Ok(())
    })
}

fn timed(name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    let begin = Instant::now();
    println!("== {name}");
    work()?;
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
