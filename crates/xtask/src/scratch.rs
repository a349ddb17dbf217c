//! Folders for what lives as long as the tests.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, process};

use anyhow::Result;

/// Memory is used where this much of it may be.
const ENOUGH_KIB: u64 = 3 * 1024 * 1024;

/// A folder that goes when it is dropped.
pub struct Folder(PathBuf);

impl Folder {
    /// A new and empty one: in memory where there is enough, because databases wait for a disk after every step, and none
    /// of this has to outlive the machine.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn new(name: &str) -> Result<Self> {
        let memory = Path::new("/dev/shm");
        let base = if free_kib(memory) >= ENOUGH_KIB { memory.to_owned() } else { env::temp_dir() };
        sweep(&base, &format!("hairline-{name}-"));
        let folder = base.join(format!("hairline-{name}-{}", process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is in nobody's way.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Removes what processes left that were ended before they could.
fn sweep(base: &Path, prefix: &str) {
    let processes = Path::new("/proc");
    if !processes.join("self").exists() {
        return;
    }
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name.to_str().and_then(|name| name.strip_prefix(prefix)?.parse::<u32>().ok());
        if owner.is_some_and(|owner| owner == process::id() || !processes.join(owner.to_string()).exists()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn free_kib(folder: &Path) -> u64 {
    let said = Command::new("df").args(["--output=avail", "--block-size=1024"]).arg(folder).output();
    let text = said.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().nth(1).and_then(|line| line.trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_there_until_it_is_dropped() {
        let folder = Folder::new("scratch-test").unwrap();
        let path = folder.path().to_owned();
        fs::write(path.join("file"), "x").unwrap();
        drop(folder);
        assert!(!path.exists());
        // No process has this number.
        let left = path.with_file_name("hairline-scratch-test-4294967295");
        fs::create_dir_all(&left).unwrap();
        drop(Folder::new("scratch-test").unwrap());
        assert!(!left.exists());
        assert_eq!(free_kib(Path::new("/nowhere")), 0);
    }
}
