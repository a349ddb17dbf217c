//! Documentation written from what the tests were built from.
//!
//! `cargo doc` checks every dependency first, which a run that has built them all for its tests would do for nothing.
//! `cargo test --doc` hands rustdoc the same crates as they were built. So the program it takes for rustdoc is this
//! one: it lets rustdoc read the documentation for errors instead of looking for tests in it. Nobody reads the pages of
//! such a run, so they are not written, which is a third of the work.

use std::ffi::OsString;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Set only for the processes that stand in for rustdoc.
const MARK: &str = "XTASK_DOCS";

/// Has `cargo` (a `test` command) check documentation and nothing else.
pub fn instead_of_tests(cargo: &mut Command) -> Result<()> {
    cargo.arg("--doc").env("RUSTDOC", std::env::current_exe()?).env(MARK, "1");
    Ok(())
}

/// Does what rustdoc was called for, if this process was called for it.
pub fn stand_in() -> Option<Result<()>> {
    std::env::var_os(MARK).map(|_| check())
}

fn check() -> Result<()> {
    let args = std::env::args_os().skip(1).collect::<Vec<_>>();
    let mut rustdoc = Command::new("rustdoc");
    if args.iter().any(|arg| arg == "--test") {
        rustdoc.args(without_tests(args)).args(["--document-private-items", "-D", "warnings"]);
        // Looking without writing is an option the stable rustdoc has but wants to be asked for.
        rustdoc.args(["-Z", "unstable-options", "--check"]).env("RUSTC_BOOTSTRAP", "1");
    } else {
        // Cargo asks for the version.
        rustdoc.args(args);
    }
    let status = rustdoc.env_remove(MARK).status().context("running rustdoc")?;
    if !status.success() {
        bail!("rustdoc ended with {status}");
    }
    Ok(())
}

/// The arguments without those that concern tests in documentation.
fn without_tests(args: Vec<OsString>) -> Vec<OsString> {
    let mut kept = Vec::with_capacity(args.len());
    let mut args = args.into_iter();
    while let Some(arg) = args.next() {
        match arg.to_str() {
            Some("--test" | "--nocapture" | "--no-run") => {}
            Some("--test-run-directory" | "--test-args" | "--test-runtool" | "--test-runtool-arg") => {
                args.next();
            }
            _ => kept.push(arg),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rustdoc_keeps_its_crates_and_loses_its_tests() {
        let args = ["--test", "src/lib.rs", "--test-run-directory", "/x", "--extern", "a=b", "--test-args", "c"];
        let kept = without_tests(args.into_iter().map(OsString::from).collect());
        assert_eq!(kept, ["src/lib.rs", "--extern", "a=b"]);
    }
}
