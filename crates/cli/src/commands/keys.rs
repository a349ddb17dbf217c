//! `keys`: what encrypts the columns, and what signs access tokens.

use std::process::ExitCode;

use kernel::Actor;
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

/// Makes the next key for access tokens and prints its id.
pub async fn rotate_signing(global: &Global) -> anyhow::Result<ExitCode> {
    let app = global.app(&[]).await?;
    super::migrate::require_current(&app.config).await?;
    let kid = app.signing.rotate(&app, &Actor::system()).await?;
    println!("{kid} signs from in ten seconds on, when every process knows it.");
    println!("Tokens of the key before it are good until they end, 15 minutes at most.");
    Ok(ExitCode::SUCCESS)
}
