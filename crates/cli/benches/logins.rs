//! What a flood of logins costs everybody else: 200 at once against the demonstration in a process of its own, while
//! others read on. Ends with an error when their p99 is above 250 ms.
//!
//! `cargo bench --package hairline --bench logins`

#![expect(clippy::disallowed_methods, reason = "another process answers over the network")]
#![allow(clippy::print_stdout, reason = "a benchmark tells what it measured")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::json;

/// Logins that are begun at the same moment.
const FLOOD: usize = 200;
/// What the 99th of a hundred other requests may take at most.
const BOUND: Duration = Duration::from_millis(250);
/// How many read at the same time, each one request after the other with a short pause.
const READERS: usize = 4;
const PAUSE: Duration = Duration::from_millis(20);

#[tokio::main(flavor = "multi_thread", worker_threads = 1)]
async fn main() -> anyhow::Result<ExitCode> {
    let folder = tempfile::tempdir()?;
    let server = Demo::start(folder.path())?;
    let http = reqwest::Client::builder().timeout(Duration::from_mins(5)).build()?;
    let token = sign_in(&http, &server).await?;
    let quiet = read_until(&http, &server.url, &token, Arc::new(AtomicBool::new(true))).await?;
    println!("reading alone:      {quiet}");
    let ended = Arc::new(AtomicBool::new(false));
    let (flood, busy) = tokio::join!(
        async {
            let took = flood(&http, &server.url).await;
            ended.store(true, Ordering::Relaxed);
            took
        },
        read_until(&http, &server.url, &token, Arc::clone(&ended)),
    );
    let (took, busy) = (flood?, busy?);
    println!("beside the flood:   {busy}");
    println!("{FLOOD} logins:         {:.1} s, {:.1} a second", took.as_secs_f64(), FLOOD as f64 / took.as_secs_f64());
    Ok(if busy.p99 <= BOUND { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The demonstration with its data made, believing the address a proxy tells: every login comes from a network of its own.
struct Demo {
    child: Child,
    url: String,
    /// One of its patients.
    patient: String,
}

impl Demo {
    fn start(folder: &std::path::Path) -> anyhow::Result<Self> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hairline"))
            .args(["demo", "--bind", "127.0.0.1:0"])
            .current_dir(folder)
            .env("HAIRLINE_HTTP_TRUSTED_PROXIES", "127.0.0.1")
            .env("HAIRLINE_LIMITS_REQUESTS_PER_MINUTE", "1000000")
            .env("HAIRLINE_LOG_LEVEL", "warn")
            .stdout(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("its output")?).lines();
        let (mut url, mut patient) = (None, None);
        // The logins are printed when the data is made.
        while patient.is_none() {
            let line = lines.next().context("the demonstration ended early")??;
            let word = |fits: fn(&str) -> bool| line.split_whitespace().find(|word| fits(word)).map(str::to_owned);
            url = url.or_else(|| word(|word| word.starts_with("http://")));
            patient = word(|word| word.ends_with("@patients.example"));
        }
        // What it still says must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        let (Some(url), Some(patient)) = (url, patient) else { bail!("the demonstration did not say where it is") };
        Ok(Self { child, url, patient })
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // A process that ended by itself cannot be killed, and need not be.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn sign_in(http: &reqwest::Client, server: &Demo) -> anyhow::Result<String> {
    let body = json!({ "login": server.patient, "password": server::demo::PASSWORD });
    let reply = http.post(format!("{}/api/v1/patient/auth/login", server.url)).json(&body).send().await?;
    let status = reply.status();
    let reply: serde_json::Value = reply.json().await?;
    ensure!(status.is_success(), "signing in answered {status}: {reply}");
    Ok(reply.get("access_token").and_then(|token| token.as_str()).context("a token")?.to_owned())
}

/// All logins at once, each with a wrong password: these cost what right ones cost, and nobody's session list grows.
async fn flood(http: &reqwest::Client, url: &str) -> anyhow::Result<Duration> {
    let begin = Instant::now();
    let mut all = tokio::task::JoinSet::new();
    for number in 0..FLOOD {
        let body = json!({ "login": format!("nobody{number}@example.com"), "password": "Wrong-Horse-battery7!" });
        let request = http
            .post(format!("{url}/api/v1/patient/auth/login"))
            .header("X-Forwarded-For", format!("203.0.113.{number}"))
            .json(&body);
        all.spawn(async move { request.send().await.map(|reply| reply.status().as_u16()) });
    }
    while let Some(reply) = all.join_next().await {
        let status = reply??;
        ensure!(status == 401, "a login answered {status}");
    }
    Ok(begin.elapsed())
}

/// Reads pages and API answers until `end` says so, and for ten seconds at least.
async fn read_until(http: &reqwest::Client, url: &str, token: &str, end: Arc<AtomicBool>) -> anyhow::Result<Times> {
    let least = Instant::now() + Duration::from_secs(10);
    let mut all = tokio::task::JoinSet::new();
    for reader in 0..READERS {
        let (http, url, token, end) = (http.clone(), url.to_owned(), token.to_owned(), Arc::clone(&end));
        all.spawn(async move {
            let paths = ["/api/v1/me", "/", "/api/v1/inquiries", "/clinics", "/health/live"];
            let mut times = Vec::new();
            for path in paths.iter().cycle().skip(reader) {
                if Instant::now() >= least && end.load(Ordering::Relaxed) {
                    break;
                }
                let begin = Instant::now();
                let reply = http
                    .get(format!("{url}{path}"))
                    .bearer_auth(&token)
                    .header("X-Forwarded-For", format!("198.51.100.{reader}"))
                    .send()
                    .await?;
                let status = reply.status();
                reply.bytes().await?;
                ensure!(status.is_success(), "{path} answered {status}");
                times.push(begin.elapsed());
                tokio::time::sleep(PAUSE).await;
            }
            Ok(times)
        });
    }
    let mut times = Vec::new();
    while let Some(of_one) = all.join_next().await {
        times.extend(of_one??);
    }
    Ok(Times::of(times))
}

/// What a number of requests took.
struct Times {
    number: usize,
    median: Duration,
    p99: Duration,
    longest: Duration,
}

impl Times {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1))).copied();
        let (median, p99) = (at(50).unwrap_or_default(), at(99).unwrap_or_default());
        Self { number: times.len(), median, p99, longest: times.last().copied().unwrap_or_default() }
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        let Self { number, median, p99, longest } = self;
        write!(
            f,
            "{number} requests, median {:.1} ms, p99 {:.1} ms, longest {:.1} ms",
            ms(*median),
            ms(*p99),
            ms(*longest)
        )
    }
}
