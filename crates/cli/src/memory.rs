//! How much memory a server keeps after a busy moment.

use crate::args::Command;

/// The C library (glibc) hands every thread that allocates a pool of its own, up to eight for each core, and a pool
/// keeps what one busy moment needed: after the demonstration made its data, half of what the process held was that.
/// Two pools are enough for our few threads. The library reads the number before `main`, so a process that serves
/// starts itself again in its place, once. Whoever sets the variable decides otherwise; other systems are left alone.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn settle(command: &Command) {
    use std::os::unix::process::CommandExt;

    const POOLS: &str = "MALLOC_ARENA_MAX";
    let lasting = matches!(command, Command::Demo { .. } | Command::Serve { .. } | Command::Worker);
    if !lasting || std::env::var_os(POOLS).is_some() {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let mut args = std::env::args_os();
    let mut again = std::process::Command::new(program);
    if let Some(name) = args.next() {
        again.arg0(name);
    }
    // Comes back only when it failed; then the process goes on as it is.
    let _failed = again.args(args).env(POOLS, "2").exec();
}

/// Nothing to do where another library looks after memory.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn settle(_: &Command) {}
