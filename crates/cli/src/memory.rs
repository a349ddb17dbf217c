//! How much memory a server keeps after a busy moment.

use crate::args::Command;

/// What the C library (glibc) reads before `main`, and what a process that serves wants there.
///
/// Every thread that allocates gets a pool of its own, up to eight for each core, and a pool keeps what one busy moment
/// needed: one for two cores is enough for our few threads. Of the rest, what is large or lies at the end goes back to the
/// system at once: left alone, the library raises both bounds to what it saw last, a picture of 40 MB.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn wishes() -> [(&'static str, usize); 4] {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    [
        ("MALLOC_ARENA_MAX", cores.div_ceil(2)),
        ("MALLOC_TRIM_THRESHOLD_", 64 * 1024),
        ("MALLOC_TOP_PAD_", 64 * 1024),
        ("MALLOC_MMAP_THRESHOLD_", 64 * 1024),
    ]
}

/// A process that serves starts itself again in its place with these wishes, once. Whoever sets the first of them decides
/// otherwise; other systems are left alone.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn settle(command: &Command) {
    use std::os::unix::process::CommandExt;

    let wishes = wishes();
    let lasting = matches!(command, Command::Demo { .. } | Command::Serve { .. } | Command::Worker);
    if !lasting || wishes.first().is_some_and(|(name, _)| std::env::var_os(name).is_some()) {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let mut args = std::env::args_os();
    let mut again = std::process::Command::new(program);
    if let Some(name) = args.next() {
        again.arg0(name);
    }
    again.args(args).envs(wishes.map(|(name, wish)| (name, wish.to_string())));
    // Comes back only when it failed; then the process goes on as it is.
    let _failed = again.exec();
}

/// Nothing to do where another library looks after memory.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn settle(_: &Command) {}
