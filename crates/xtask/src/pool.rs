//! Running what is independent of each other side by side.
//!
//! Cargo runs one test binary after the other, and examples of documentation one crate after the other: at the end of each
//! a single slow test keeps every core but one waiting. Here the binaries share the cores.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
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

/// Builds with a `cargo test --no-run` command and hands over each test binary as soon as it is there.
///
/// # Errors
/// Where cargo cannot be started or fails: it says why itself.
pub fn binaries(mut cargo: Command, mut built: impl FnMut(Binary)) -> Result<()> {
    cargo.args(["--no-run", "--message-format", "json-render-diagnostics"]);
    let mut child = cargo.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("starting cargo")?;
    let mut order = Order::default();
    for line in BufReader::new(child.stdout.take().context("cargo says nothing")?).lines() {
        if let Some(artifact) = artifact(&line?) {
            order.next(artifact).into_iter().for_each(&mut built);
        }
    }
    if !child.wait()?.success() {
        bail!("the tests did not build");
    }
    order.held.into_iter().for_each(built);
    Ok(())
}

/// What cargo says it has built.
#[derive(Debug, PartialEq, Eq)]
enum Artifact {
    Test {
        binary: Binary,
        /// Whether it starts the program of its own package.
        starts_program: bool,
    },
    /// The program of the package in this folder.
    Program(PathBuf),
}

/// Test binaries in the order in which they can run. Cargo may build the tests of a program before the program.
#[derive(Debug, Default)]
struct Order {
    programs: Vec<PathBuf>,
    held: Vec<Binary>,
}

impl Order {
    /// What can run now that this is there.
    fn next(&mut self, artifact: Artifact) -> Vec<Binary> {
        match artifact {
            Artifact::Test { binary, starts_program } if starts_program && !self.programs.contains(&binary.folder) => {
                self.held.push(binary);
                Vec::new()
            }
            Artifact::Test { binary, .. } => vec![binary],
            Artifact::Program(folder) => {
                let (now, later) = self.held.drain(..).partition(|binary| binary.folder == folder);
                self.held = later;
                self.programs.push(folder);
                now
            }
        }
    }
}

fn artifact(line: &str) -> Option<Artifact> {
    let said: Value = serde_json::from_str(line).ok()?;
    let text = |path: &str| said.pointer(path).and_then(Value::as_str);
    if text("/reason") != Some("compiler-artifact") {
        return None;
    }
    let (file, kind) = (text("/executable")?, text("/target/kind/0")?);
    let folder = PathBuf::from(text("/manifest_path")?).parent()?.to_owned();
    let is_test = said.pointer("/profile/test") == Some(&Value::Bool(true));
    // Benchmarks are built as tests too, but they measure.
    match (is_test, kind) {
        (false, "bin") => Some(Artifact::Program(folder)),
        (true, kind) if kind != "bench" => {
            let package = folder.file_name()?.to_string_lossy().into_owned();
            let name = format!("{package} {}", text("/target/name")?);
            let starts_program = kind == "test" && folder.join("src/main.rs").exists();
            Some(Artifact::Test { binary: Binary { name, file: PathBuf::from(file), folder }, starts_program })
        }
        _ => None,
    }
}

/// Something to run, and what it is called.
pub struct Task {
    /// For the log.
    pub name: String,
    /// What is run.
    pub command: Command,
    /// Of those that wait, the one with the lowest begins first.
    pub rank: usize,
}

/// What is to be run. It may be added to while others run already.
#[derive(Default)]
pub struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    tasks: Vec<Task>,
    is_complete: bool,
}

impl Queue {
    /// Adds a task.
    pub fn push(&self, task: Task) {
        self.waiting().tasks.push(task);
        self.changed.notify_all();
    }

    /// Says that nothing more comes: from now on all workers take from it.
    pub fn complete(&self) {
        self.waiting().is_complete = true;
        self.changed.notify_all();
    }

    /// Forgets what has not begun.
    pub fn abandon(&self) {
        self.waiting().tasks.clear();
        self.complete();
    }

    /// The next task; nothing when there will be none. Until the queue is complete only one worker gets any: who still
    /// fills it needs the cores, and what he leaves of them is enough for one.
    fn next(&self, worker: usize) -> Option<Task> {
        let mut waiting = self.waiting();
        loop {
            if worker == 0 || waiting.is_complete {
                let first = waiting.tasks.iter().enumerate().min_by_key(|(_, task)| task.rank);
                match first.map(|(place, _)| place) {
                    Some(place) => return Some(waiting.tasks.remove(place)),
                    None if waiting.is_complete => return None,
                    None => {}
                }
            }
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // Nothing that is done under the lock leaves half of it behind.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
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

/// Runs what is in the queue until it is complete and empty, `at_once` at a time; each outcome is handed over as soon as
/// it is there.
///
/// # Errors
/// Where one of them could not be started. Those that run end first.
pub fn run(queue: &Queue, at_once: usize, mut seen: impl FnMut(&Outcome) + Send) -> Result<()> {
    let seen = Mutex::new(&mut seen);
    let work = |worker| {
        while let Some(task) = queue.next(worker) {
            let outcome = one(task)?;
            (seen.lock().map_err(|_| anyhow!("another worker ended"))?)(&outcome);
        }
        Ok(())
    };
    let work = &work;
    thread::scope(|scope| {
        let workers: Vec<_> = (0..at_once.max(1)).map(|worker| scope.spawn(move || work(worker))).collect();
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
        let built = r#"{"reason":"compiler-artifact","manifest_path":"/x/crates/payments/Cargo.toml","target":{"kind":["test"],"name":"it"},"profile":{"test":true},"executable":"/x/target/it-1"}"#;
        let Some(Artifact::Test { binary: found, .. }) = artifact(built) else { panic!("a test") };
        assert_eq!(
            (found.name.as_str(), found.folder.as_path()),
            ("payments it", std::path::Path::new("/x/crates/payments"))
        );
        assert_eq!(artifact(&built.replace("true", "false")), None, "a library is no test");
        assert_eq!(artifact(&built.replace("[\"test\"]", "[\"bench\"]")), None, "a benchmark is no test");
        let program = built.replace("true", "false").replace("[\"test\"]", "[\"bin\"]");
        assert_eq!(artifact(&program), Some(Artifact::Program("/x/crates/payments".into())));
        assert_eq!(artifact("warning: something"), None);
    }

    #[test]
    fn tests_of_a_program_wait_for_it() {
        let binary = |folder: &str| Binary { name: "it".into(), file: "/x/it".into(), folder: folder.into() };
        let test = |folder: &str, starts_program| Artifact::Test { binary: binary(folder), starts_program };
        let mut order = Order::default();
        assert_eq!(order.next(test("/x/quoting", false)), [binary("/x/quoting")]);
        assert_eq!(order.next(test("/x/cli", true)), []);
        assert_eq!(order.next(Artifact::Program("/x/other".into())), []);
        assert_eq!(order.next(Artifact::Program("/x/cli".into())), [binary("/x/cli")]);
        assert_eq!(order.next(test("/x/cli", true)), [binary("/x/cli")], "the program is there");
    }

    fn shell(name: &str, script: &str, rank: usize) -> Task {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Task { name: name.to_owned(), command, rank }
    }

    #[test]
    fn what_fails_says_so_and_keeps_nobody_from_running() {
        let queue = Queue::default();
        for (name, script) in [("bad", "echo oh >&2; exit 3"), ("good", "echo yes"), ("also", "true")] {
            queue.push(shell(name, script, 0));
        }
        queue.complete();
        let mut seen = Vec::new();
        run(&queue, 2, |outcome| seen.push((outcome.name.clone(), outcome.output.clone(), outcome.succeeded))).unwrap();
        seen.sort();
        let wanted = [("also", "", true), ("bad", "oh\n", false), ("good", "yes\n", true)];
        assert_eq!(seen, wanted.map(|(name, output, well)| (name.to_owned(), output.to_owned(), well)));
    }

    #[test]
    fn what_comes_first_begins_first_and_one_worker_begins_before_all_is_there() {
        let queue = Queue::default();
        queue.push(shell("later", "true", 9));
        queue.push(shell("sooner", "true", 1));
        assert_eq!(queue.next(0).unwrap().name, "sooner");
        assert_eq!(queue.next(0).unwrap().name, "later");
        thread::scope(|scope| {
            let second = scope.spawn(|| queue.next(1).map(|task| task.name));
            queue.push(shell("last", "true", 0));
            queue.complete();
            assert_eq!(second.join().unwrap().as_deref(), Some("last"));
        });
        assert!(queue.next(0).is_none(), "complete and empty");
    }

    #[test]
    fn what_is_abandoned_never_begins() {
        let queue = Queue::default();
        queue.push(shell("never", "true", 0));
        queue.abandon();
        let mut seen = 0;
        run(&queue, 2, |_| seen += 1).unwrap();
        assert_eq!(seen, 0);
    }
}
