//! Finding and installing programs.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Result;

/// A program on the path or among the servers.
pub fn find(name: &str) -> Option<PathBuf> {
    let from_path = std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let folders = from_path.unwrap_or_default().into_iter().chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    folders.map(|folder| folder.join(name)).find(|binary| binary.is_file())
}

/// Installs packages with apt, directly or through a sudo that does not ask; whether it worked.
pub fn install(packages: &[&str]) -> bool {
    [&["apt-get"][..], &["sudo", "-n", "apt-get"]].into_iter().any(|apt| {
        run(apt, &["update", "-qq"]);
        let mut args = vec!["install", "-y", "-qq", "--no-install-recommends"];
        args.extend_from_slice(packages);
        run(apt, &args)
    })
}

/// Runs a program quietly; whether it succeeded.
pub fn run(program: &[&str], args: &[&str]) -> bool {
    let Some((name, first)) = program.split_first() else { return false };
    Command::new(name)
        .args(first)
        .args(args)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// A command for a program that must not outlive this one, however it ends: `setpriv` asks the system to see to it. The
/// system watches the thread that starts it, so that has to be one that stays.
pub fn bound(program: &Path) -> Command {
    let Some(setpriv) = find("setpriv") else { return Command::new(program) };
    let mut command = Command::new(setpriv);
    command.args(["--pdeathsig", "KILL", "--"]).arg(program);
    command
}

/// A port nobody listens on.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
