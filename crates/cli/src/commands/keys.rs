//! `keys`: what encrypts the columns.

use std::process::ExitCode;

use platform::crypto::Key;

use crate::args::Global;

/// Prints a new set of keys.
pub fn generate() -> anyhow::Result<ExitCode> {
    for name in ["HAIRLINE_KEYS_APP_KEY", "HAIRLINE_KEYS_INDEX_KEY", "HAIRLINE_KEYS_PEPPER"] {
        println!("{name}={}", Key::new(rand::random()).to_text());
    }
    eprintln!("Keep them outside of the database and its backups: without the app key encrypted columns are lost.");
    Ok(ExitCode::SUCCESS)
}

/// Tells which keys are there.
pub fn status(global: &Global) -> anyhow::Result<ExitCode> {
    let keys = global.load(&[])?.keys;
    println!("app key     present");
    println!("previous    {}", keys.previous.len());
    println!("index key   present");
    println!("pepper      present");
    Ok(ExitCode::SUCCESS)
}
