//! A Python with Authlib, for the test of the OAuth server with a client nobody here wrote.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::tools::{find, install, run};

/// The releases the test was written against.
const PACKAGES: [&str; 3] = ["Authlib>=1.6,<2", "joserfc>=1,<2", "requests>=2.31,<3"];

/// The Python of an environment outside of the project that has what the test needs; it is made when it is missing.
pub fn with_authlib() -> Result<PathBuf> {
    let folder = std::env::temp_dir().join("hairline-authlib");
    let python = folder.join("bin/python");
    let works = |python: &PathBuf| {
        let python = python.to_string_lossy();
        run(&[python.as_ref()], &["-c", "import authlib, joserfc, requests"])
    };
    if python.is_file() && works(&python) {
        return Ok(python);
    }
    let path = folder.to_string_lossy().into_owned();
    let make = || find("python3").is_some() && run(&["python3"], &["-m", "venv", "--clear", &path]);
    if !make() {
        install(&["python3", "python3-venv"]);
        if !make() {
            bail!("there is no python3 with venv");
        }
    }
    let binary = python.to_str().context("the folder for temporary files has a strange name")?;
    let mut args = vec!["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    args.extend(PACKAGES);
    if !run(&[binary], &args) || !works(&python) {
        bail!("pip could not install {}", PACKAGES.join(", "));
    }
    Ok(python)
}
