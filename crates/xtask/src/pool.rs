//! Running what is independent of each other side by side.
//!
//! Cargo runs one test binary after the other, and examples of documentation one crate after the other: at the end of each
//! a single slow test keeps every core but one waiting. Here the binaries share the cores.

use std::collections::VecDeque;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

/// A test binary as cargo built it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binary {
    /// The package and the target: `hairline-payments it`.
    pub name: String,
    /// Where it lies.
    pub file: PathBuf,
    /// The folder of its package, where cargo would run it.
    pub folder: PathBuf,
}

/// The test binaries a `cargo test --no-run` command built, from what it says in JSON.
///
/// # Errors
/// Where cargo cannot be started or fails.
pub fn binaries(mut cargo: Command) -> Result<Vec<Binary>> {
    cargo.args(["--no-run", "--message-format", "json"]).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = cargo.spawn().context("asking cargo for the test binaries")?;
    let mut said = String::new();
    child.stdout.take().context("cargo says nothing")?.read_to_string(&mut said)?;
    if !child.wait()?.success() {
        bail!("the tests did not build");
    }
    Ok(said.lines().filter_map(binary).collect())
}

fn binary(line: &str) -> Option<Binary> {
    let said: Value = serde_json::from_str(line).ok()?;
    let text = |path: &str| said.pointer(path).and_then(Value::as_str);
    let is_test =
        text("/reason") == Some("compiler-artifact") && said.pointer("/profile/test") == Some(&Value::Bool(true));
    let file = text("/executable").filter(|_| is_test)?;
    let folder = PathBuf::from(text("/manifest_path")?).parent()?.to_owned();
    let package = folder.file_name()?.to_string_lossy().into_owned();
    let name = format!("{package} {}", text("/target/name")?);
    Some(Binary { name, file: PathBuf::from(file), folder })
}

/// Something to run, and what it is called.
pub struct Task {
    /// For the log.
    pub name: String,
    /// What is run.
    pub command: Command,
}

/// What a task did.
#[derive(Debug)]
pub struct Outcome {
    /// Its name.
    pub name: String,
    /// What it wrote, errors included.
    pub output: String,
    /// Whether it ended well.
    pub succeeded: bool,
    /// How long it took.
    pub took: Duration,
}

/// Runs tasks, `at_once` at a time, in their order; each outcome is handed over as soon as it is there.
///
/// # Errors
/// Where one of them could not be started. Those that run end first.
pub fn run(tasks: Vec<Task>, at_once: usize, mut seen: impl FnMut(&Outcome) + Send) -> Result<()> {
    let waiting = Mutex::new(VecDeque::from(tasks));
    let seen = Mutex::new(&mut seen);
    thread::scope(|scope| {
        let worker = || {
            loop {
                let next = waiting.lock().map_err(|_| anyhow!("another worker ended"))?.pop_front();
                let Some(task) = next else { return Ok(()) };
                let outcome = one(task)?;
                (seen.lock().map_err(|_| anyhow!("another worker ended"))?)(&outcome);
            }
        };
        let workers: Vec<_> = (0..at_once.max(1)).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| anyhow!("a worker ended"))?)
    })
}

fn one(mut task: Task) -> Result<Outcome> {
    let begin = Instant::now();
    let (mut output, written) = std::io::pipe().context("a pipe")?;
    let errors = written.try_clone().context("a pipe")?;
    let mut child = task.command.stdin(Stdio::null()).stdout(written).stderr(errors).spawn();
    // The command keeps its end of the pipe open until it is gone.
    drop(task.command);
    let child = child.as_mut().map_err(|error| anyhow!("running {}: {error}", task.name))?;
    let mut said = Vec::new();
    output.read_to_end(&mut said)?;
    let succeeded = child.wait()?.success();
    let output = String::from_utf8_lossy(&said).into_owned();
    Ok(Outcome { name: task.name, output, succeeded, took: begin.elapsed() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_binaries_are_found_among_what_cargo_says() {
        let built = r#"{"reason":"compiler-artifact","manifest_path":"/x/crates/payments/Cargo.toml","target":{"name":"it"},"profile":{"test":true},"executable":"/x/target/it-1"}"#;
        let found = binary(built).unwrap();
        assert_eq!(
            (found.name.as_str(), found.folder.as_path()),
            ("payments it", std::path::Path::new("/x/crates/payments"))
        );
        assert_eq!(binary(&built.replace("true", "false")), None, "a program is no test");
        assert_eq!(binary("warning: something"), None);
    }

    #[test]
    fn what_fails_says_so_and_keeps_nobody_from_running() {
        let shell = |name: &str, script: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", script]);
            Task { name: name.to_owned(), command }
        };
        let tasks = vec![shell("bad", "echo oh >&2; exit 3"), shell("good", "echo yes"), shell("also", "true")];
        let mut seen = Vec::new();
        run(tasks, 2, |outcome| seen.push((outcome.name.clone(), outcome.output.clone(), outcome.succeeded))).unwrap();
        seen.sort();
        let wanted = [("also", "", true), ("bad", "oh\n", false), ("good", "yes\n", true)];
        assert_eq!(seen, wanted.map(|(name, output, well)| (name.to_owned(), output.to_owned(), well)));
    }
}
