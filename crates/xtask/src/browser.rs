//! A headless browser for the tests: Chromium and its driver from apt, axe-core from npm, all outside the project.
//!
//! Debian has Chromium without windows as a package of its own, which needs half of the time for the same pages.

#![expect(clippy::disallowed_methods, reason = "another program starts")]

use std::ffi::OsString;
use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::tools::{bound, find, free_port, install, run};

/// The release of axe-core the accessibility tests run.
const AXE: &str = "axe-core@4";

/// A running driver; dropping it stops it and the browsers it started.
pub struct Driver {
    child: Child,
    port: u16,
    browser: PathBuf,
    axe: PathBuf,
}

impl Driver {
    /// Starts a driver on a free port, installing what is missing where that is possible.
    pub fn start() -> Result<Self> {
        let driver = binary("chromedriver", "chromium-driver")?;
        let browser = shell().map_or_else(|| binary("chromium", "chromium"), Ok)?;
        // The pages ask for Inter first: pictures of them should look as they do for most people.
        if !Path::new("/usr/share/fonts/opentype/inter").exists()
            && !Path::new("/usr/share/fonts/truetype/inter").exists()
        {
            install(&["fonts-inter", "fonts-dejavu-core"]);
        }
        let axe = axe()?;
        let port = free_port()?;
        let child = bound(&driver)
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting chromedriver")?;
        let mut started = Self { child, port, browser, axe };
        started.await_ready()?;
        Ok(started)
    }

    /// What the tests must know of it: its address, the browser it starts, and the script that looks for barriers.
    pub fn settings(&self) -> [(&'static str, OsString); 3] {
        let url = format!("http://127.0.0.1:{}", self.port);
        [
            ("HAIRLINE_TEST_WEBDRIVER", url.into()),
            ("HAIRLINE_TEST_BROWSER", self.browser.clone().into_os_string()),
            ("HAIRLINE_TEST_AXE", self.axe.clone().into_os_string()),
        ]
    }

    fn await_ready(&mut self) -> Result<()> {
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(30) {
            if let Some(status) = self.child.try_wait()? {
                bail!("chromedriver ended with {status}");
            }
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return Ok(());
            }
            sleep(Duration::from_millis(100));
        }
        bail!("chromedriver does not answer")
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Nothing can be done about a driver that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Chromium without windows, where its package is or can be had. What it is started by would outlive a driver that is
/// killed, so the tests start it without that.
fn shell() -> Option<PathBuf> {
    let file = Path::new("/usr/lib/chromium/chromium-headless-shell");
    if !file.exists() {
        install(&["chromium-headless-shell"]);
    }
    file.exists().then(|| file.to_owned())
}

fn binary(name: &str, package: &str) -> Result<PathBuf> {
    if let Some(found) = find(name) {
        return Ok(found);
    }
    println!("{name} is missing: installing the package {package}");
    install(&[package]);
    find(name).with_context(|| {
        format!("{name} is needed for the browser tests. Install the package {package} (Debian: apt-get install {package}) or run `cargo xtask test --no-browser`.")
    })
}

/// The script of axe-core, fetched once into the build folder by npm.
fn axe() -> Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    let folder = std::path::absolute(target.join("browser-tools"))?;
    let script = folder.join("node_modules/axe-core/axe.min.js");
    if script.is_file() {
        return Ok(script);
    }
    if find("npm").is_none() {
        println!("npm is missing: installing it");
        install(&["npm"]);
    }
    fs::create_dir_all(&folder)?;
    let prefix = folder.to_string_lossy().into_owned();
    let fetched = run(&["npm"], &["install", "--silent", "--no-audit", "--no-fund", "--prefix", &prefix, AXE]);
    if !fetched || !script.is_file() {
        bail!("axe-core could not be fetched by npm; run `cargo xtask test --no-browser` without it");
    }
    Ok(script)
}
