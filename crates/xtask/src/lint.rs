//! Clippy for what is tested, the compiler alone for what tests are built on.
//!
//! A library is compiled twice: for its users, and with its tests. Clippy reads the second, which has all of the first.
//! It would find nothing new in the first, but it takes a fifth of the time there, and it keeps the compiler from
//! simplifying what every test runs afterwards. So the program cargo takes for the compiler is this one.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result};
use serde_json::Value;

/// What this program is called where it stands in for the compiler.
const NAME: &str = "hairline-rustc";

/// Names clippy; set only for what cargo starts.
const CLIPPY: &str = "XTASK_CLIPPY";

/// Names the libraries that have no tests, with commas between them.
const UNTESTED: &str = "XTASK_UNTESTED";

/// Has `cargo` call this program in place of the compiler of the workspace's crates. Warnings are errors.
///
/// # Errors
/// Where cargo cannot describe the workspace, or this program cannot be copied to where it stays.
pub fn while_building(cargo: &mut Command) -> Result<()> {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    // Beside cargo, where the toolchain keeps it.
    let clippy = Path::new(&program).with_file_name("clippy-driver");
    let described = Command::new(&program).args(["metadata", "--no-deps", "--format-version", "1"]).output()?;
    let described: Value = serde_json::from_slice(&described.stdout).context("what cargo says of the workspace")?;
    let target = described.pointer("/target_directory").and_then(Value::as_str).context("no target folder")?;
    cargo
        .env("RUSTC_WORKSPACE_WRAPPER", kept(&Path::new(target).join(NAME))?)
        .env(CLIPPY, clippy)
        .env(UNTESTED, untested(&described).into_iter().collect::<Vec<_>>().join(","))
        .env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__");
    Ok(())
}

/// A copy of this program that is there when cargo builds it anew. It is written only when it changes: cargo builds
/// everything again for a compiler that is newer.
fn kept(copy: &Path) -> Result<PathBuf> {
    let own = fs::read(env::current_exe()?).context("reading this program")?;
    if fs::read(copy).is_ok_and(|there| there == own) {
        return Ok(copy.to_owned());
    }
    let fresh = copy.with_extension("new");
    fs::copy(env::current_exe()?, &fresh)?;
    fs::rename(&fresh, copy)?;
    Ok(copy.to_owned())
}

/// The libraries clippy sees only as they are built for their users.
fn untested(described: &Value) -> BTreeSet<&str> {
    let members = described.pointer("/packages").and_then(Value::as_array).into_iter().flatten();
    let targets = members.filter_map(|member| member.get("targets")?.as_array()).flatten();
    let is = |target: &Value, kind: &str| {
        target.get("kind").and_then(Value::as_array).is_some_and(|kinds| kinds.iter().any(|it| it == kind))
    };
    let untested = targets.filter(|target| is(target, "lib") && target.get("test") == Some(&Value::Bool(false)));
    untested.filter_map(|target| target.get("name")?.as_str()).collect()
}

/// Becomes clippy or the compiler, if this process was called as that.
pub fn stand_in() -> Option<Result<Infallible>> {
    env::current_exe().ok().filter(|program| program.ends_with(NAME))?;
    let clippy = env::var_os(CLIPPY)?;
    let untested = env::var(UNTESTED).unwrap_or_default();
    let mut args = env::args_os().skip(1);
    // The first word is the compiler cargo would have called.
    let compiler = args.next()?;
    let args = args.collect::<Vec<_>>();
    let mut command = if is_linted(&args, &untested) {
        let mut command = Command::new(clippy);
        command.arg(compiler).args(args);
        command
    } else {
        let mut command = Command::new(compiler);
        command.args(args).arg("-Dwarnings");
        command
    };
    Some(Err(anyhow::Error::new(command.exec()).context("starting the compiler")))
}

/// Whether clippy reads this crate: everything but libraries that are read with their tests.
fn is_linted(args: &[OsString], untested: &str) -> bool {
    let after = |name: &str| {
        let place = args.iter().position(|arg| arg == name)?;
        args.get(place + 1).and_then(|value| value.to_str())
    };
    let has_tests = args.iter().any(|arg| arg == OsStr::new("--test"));
    let is_alone = after("--crate-name").is_some_and(|name| untested.split(',').any(|it| it == name));
    has_tests || is_alone || after("--crate-type") != Some("lib")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_linted_with_its_tests_and_once() {
        let linted =
            |args: &str| is_linted(&args.split(' ').map(OsString::from).collect::<Vec<_>>(), "travel,hairline");
        assert!(!linted("--crate-name payments src/lib.rs --crate-type lib"));
        assert!(linted("--crate-name payments src/lib.rs --test"));
        assert!(linted("--crate-name travel src/lib.rs --crate-type lib"), "nothing else reads it");
        assert!(linted("--crate-name hairline src/main.rs --crate-type bin"));
    }

    #[test]
    fn libraries_without_tests_are_known() {
        let described = serde_json::json!({ "packages": [{ "targets": [
            { "kind": ["lib"], "name": "travel", "test": false }, { "kind": ["lib"], "name": "payments", "test": true },
            { "kind": ["bin"], "name": "hairline", "test": false }
        ]}]});
        assert_eq!(untested(&described), BTreeSet::from(["travel"]));
    }
}
