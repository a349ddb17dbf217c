//! A private MariaDB for tests: own data folder, own port, gone when dropped.

#![expect(clippy::disallowed_methods, reason = "another program starts")]

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::scratch::Folder;
use crate::tools::{bound, find, free_port, install};

/// How long the server may take until it answers.
const START_LIMIT: Duration = Duration::from_secs(60);

/// A running server; dropping it stops it and removes its data.
pub struct Server {
    child: Child,
    folder: Folder,
    port: u16,
}

impl Server {
    /// Starts a server on a free port of the loopback address, installing MariaDB first where that is possible.
    pub fn start() -> Result<Self> {
        let binary = find_or_install()?;
        let kept = Folder::new("mariadb")?;
        let folder = kept.path();
        install_tables(folder)?;
        let port = free_port()?;
        let log = fs::File::create(folder.join("server.log"))?;
        let child = bound(&binary)
            .arg("--no-defaults")
            .arg(format!("--datadir={}", folder.join("data").display()))
            .arg(format!("--socket={}", folder.join("server.sock").display()))
            .arg(format!("--pid-file={}", folder.join("server.pid").display()))
            .arg(format!("--port={port}"))
            .args([
                "--bind-address=127.0.0.1",
                "--skip-log-bin",
                "--skip-name-resolve",
                "--max-connections=500",
                // The data lives as long as the tests: durability would only cost time.
                "--innodb-flush-log-at-trx-commit=0",
                "--innodb-doublewrite=0",
                "--innodb-buffer-pool-size=256M",
                "--table-open-cache=8000",
                "--table-definition-cache=8000",
                "--innodb-lock-wait-timeout=20",
                "--character-set-server=utf8mb4",
                "--collation-server=utf8mb4_unicode_ci",
            ])
            .args(as_root())
            .stdout(log.try_clone()?)
            .stderr(log)
            .stdin(Stdio::null())
            .spawn()
            .context("starting mariadbd")?;
        let mut server = Self { child, folder: kept, port };
        server.await_ready()?;
        Ok(server)
    }

    /// Address of the server, without a database.
    pub fn url(&self) -> String {
        format!("mysql://root@127.0.0.1:{}/", self.port)
    }

    /// Waits until the server ends.
    pub fn wait(mut self) -> Result<()> {
        self.child.wait()?;
        Ok(())
    }

    fn await_ready(&mut self) -> Result<()> {
        let begin = Instant::now();
        while begin.elapsed() < START_LIMIT {
            if let Some(status) = self.child.try_wait()? {
                bail!("mariadbd ended with {status}:\n{}", self.log_tail());
            }
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return Ok(());
            }
            sleep(Duration::from_millis(100));
        }
        bail!("mariadbd does not answer after {START_LIMIT:?}:\n{}", self.log_tail())
    }

    fn log_tail(&self) -> String {
        let log = fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines.iter().skip(lines.len().saturating_sub(20)).copied().collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing can be done about a server that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What tells MariaDB that root is meant: it refuses to run as root unasked, and anybody else may not name a user.
fn as_root() -> Option<&'static str> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let user = status.lines().find_map(|line| line.strip_prefix("Uid:"))?.split_whitespace().nth(1)?;
    (user == "0").then_some("--user=root")
}

fn install_tables(folder: &Path) -> Result<()> {
    let output = Command::new("mariadb-install-db")
        .arg("--no-defaults")
        .arg(format!("--datadir={}", folder.join("data").display()))
        .args(["--auth-root-authentication-method=normal", "--skip-test-db"])
        .args(as_root())
        .output()
        .context("running mariadb-install-db")?;
    if !output.status.success() {
        bail!("mariadb-install-db failed:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

fn find_or_install() -> Result<PathBuf> {
    if let Some(binary) = find("mariadbd") {
        return Ok(binary);
    }
    println!("MariaDB is missing: installing the package mariadb-server");
    let installed = install(&["mariadb-server"]);
    match find("mariadbd") {
        Some(binary) if installed => Ok(binary),
        _ => bail!(
            "MariaDB is needed for the tests on both databases. Install the package mariadb-server \
             (Debian, Ubuntu: apt-get install mariadb-server) or run `cargo xtask test --sqlite-only`."
        ),
    }
}
