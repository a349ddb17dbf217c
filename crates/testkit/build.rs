//! Gives the crate a fingerprint of the migrations, so that prepared databases are made again when a step changes.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let steps = Path::new(&env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?).join("../migration/src");
    println!("cargo::rerun-if-changed={}", steps.display());
    let mut files = Vec::new();
    collect(&steps, &mut files)?;
    files.sort();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64; // FNV-1a
    for file in files {
        for byte in fs::read(file)? {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    println!("cargo::rustc-env=SCHEMA_FINGERPRINT={hash:016x}");
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
