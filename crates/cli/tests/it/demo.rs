//! `hairline demo` as somebody meets it who has just built it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// From the start to the first page. A build for development in a busy hour takes ten times what people wait for.
const FIRST_PAGE: Duration = Duration::from_secs(30);

/// What the process may hold, in KiB. What is mapped of a program that was not optimised counts too, twice as much as of
/// the one people get.
const MEMORY: u64 = 200_000;

/// What a process holds of the machine's memory, in KiB.
fn memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// A failed assertion must not leave a server behind.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        // A process that ended by itself cannot be killed, and need not be.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn a_demonstration_answers_at_once_and_tells_who_can_sign_in() {
    let folder = tempfile::tempdir().unwrap();
    let begin = Instant::now();
    let child = Command::new(env!("CARGO_BIN_EXE_hairline"))
        .args(["demo", "--bind", "127.0.0.1:0", "--data-dir"])
        .arg(folder.path())
        .current_dir(folder.path())
        .env("HAIRLINE_DEMO_SCALE", "sample")
        .env("HAIRLINE_LOG_LEVEL", "warn")
        // Otherwise the program sets it and begins anew.
        .env("MALLOC_ARENA_MAX", "2")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut demo = Started(child);
    let mut lines = BufReader::new(demo.0.stdout.take().unwrap()).lines().map(Result::unwrap);
    let first = lines.next().unwrap();
    let url = first.split_whitespace().find(|word| word.starts_with("http://")).unwrap().to_owned();
    let page = reqwest::get(&url).await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("Hairline"));
    assert!(begin.elapsed() < FIRST_PAGE, "the first page took {:?}", begin.elapsed());

    // The data is made by another process: this one only answers.
    let held = memory(demo.0.id());
    let told: Vec<String> = lines.by_ref().take_while(|line| !line.contains("oathtool")).collect();
    let told = told.join("\n");
    for part in [server::demo::PASSWORD, server::demo::TOTP_SECRET, "admin@hairline.example", "@patients.example"] {
        assert!(told.contains(part), "{part} is missing:\n{told}");
    }
    let stop = Command::new("kill").args(["-TERM", &demo.0.id().to_string()]).status().unwrap();
    assert!(stop.success());
    assert!(demo.0.wait().unwrap().success());
    assert!(held < MEMORY, "it holds {held} KiB");
}
